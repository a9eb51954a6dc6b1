package org.voco4j.pretext.gvsl;

import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.GroupNorm;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Elementary;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Sampling;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.EncoderWithDecoder;

/**
 * A whole network for segmentation, of whose maps three heads make an affine map, a flow, and the voxels that were there.
 *
 * <pre>
 *   g, l            the deepest map of a crop, and what the decoder makes of it for every voxel
 *   [M | t]         from the mean of units of [g_B ‖ g_A]
 *   u               from units of [l_B moved by M ‖ l_A]
 *   restored        from l_A
 * </pre>
 *
 * <p>A unit is a convolution of 3, group norm and leaky ReLU. Weights have the released code's names: {@code f_conv.double_conv.0}, {@code
 * sp_conv}, {@code res_conv}, {@code out_flow}, {@code fc_rot}, …
 */
final class GvslNetwork extends EncoderWithDecoder {
    /** Channels of l. */
    static final int FINEST = 32;

    private static final int AFFINE = 256;
    private static final int LOCAL = 16;
    private static final double SLOPE = 0.2;
    private static final double RESTORING_SLOPE = 0.01;
    private static final double MOST_TURN = Math.PI / 9; // 20 degrees
    private static final double MOST_SHEAR = Math.PI / 18; // 10 degrees
    private static final double MOST_SCALE = 0.25; // beside 1

    private final Variant variant;
    private final DoubleConv affine;
    private final Linear rotation;
    private final Linear scale;
    private final Linear shift;
    private final Linear shear;
    private final DoubleConv local;
    private final Conv flow;
    private final Conv restoring;
    private final GroupNorm restoringNorm;
    private final Conv voxels;

    /** What it makes of pairs: B as it is moved onto A, [B, 1, X, Y, Z], the flow, [B, 3, X, Y, Z], and A restored, [B, 1, X, Y, Z]. */
    record Registered(Tensor moved, Tensor flow, Tensor restored) {}

    private static final class DoubleConv extends Module {
        private static final int GROUP = 8; // channels

        private final Conv first;
        private final GroupNorm firstNorm;
        private final Conv second;
        private final GroupNorm secondNorm;

        DoubleConv(int in, int out) {
            first = part("double_conv.0", new Conv(3, in, out, 3, 1, true));
            firstNorm = part("double_conv.1", new GroupNorm(out, out / GROUP));
            second = part("double_conv.3", new Conv(3, out, out, 3, 1, true));
            secondNorm = part("double_conv.4", new GroupNorm(out, out / GROUP));
        }

        Tensor forward(Tensor x) {
            Tensor y = firstNorm.activated(first.forward(x), SLOPE);
            return secondNorm.activated(second.forward(y), SLOPE);
        }
    }

    /**
     * Around a network that nobody else owns.
     *
     * @param network with {@link #FINEST} channels at its end
     */
    GvslNetwork(SegmentationNetwork network, Variant variant) {
        super(network);
        this.variant = variant;
        affine = part("f_conv", new DoubleConv(2 * deepestChannels(), AFFINE));
        rotation = part("fc_rot", new Linear(AFFINE, 3));
        scale = part("fc_scl", new Linear(AFFINE, 3));
        shift = part("fc_trans", new Linear(AFFINE, 3));
        shear = part("fc_shear", new Linear(AFFINE, 6));
        local = part("sp_conv", new DoubleConv(2 * FINEST, LOCAL));
        flow = part("out_flow", new Conv(3, LOCAL, 3, 3, 1, true));
        restoring = part("res_conv.0", new Conv(3, FINEST, LOCAL, 3, 1, true));
        restoringNorm = part("res_conv.1", new GroupNorm(LOCAL, 4));
        voxels = part("res_conv.3", new Conv(3, LOCAL, 1, 1, 1, true));
    }

    /**
     * Registers pairs, and restores one of each.
     *
     * @param moving B, [B, 1, X, Y, Z]
     * @param distorted A, distorted, as large
     */
    Registered forward(Tensor moving, Tensor distorted) {
        List<Tensor> mapsB = network().encode(moving);
        List<Tensor> mapsA = network().encode(distorted);
        Tensor localB = network().decode(mapsB).to(DType.F32);
        Tensor localA = network().decode(mapsA).to(DType.F32);
        Tensor matrix = matrix(mapsB.get(mapsB.size() - 1), mapsA.get(mapsA.size() - 1));
        Tensor places;
        try (Autocast exact = Autocast.paused(moving.device())) {
            places = AffineMove.places(matrix, moving, variant);
        }
        Tensor both = Tensor.concatenate(List.of(Sampling.at(localB, places), localA), 1);
        Tensor flow = this.flow.forward(local.forward(both)).to(DType.F32);
        Tensor moved = Sampling.at(Sampling.at(moving, places), Flow.places(flow, variant));
        return new Registered(moved, flow, restored(localA));
    }

    private Tensor matrix(Tensor deepestB, Tensor deepestA) {
        Tensor mean = affine.forward(Tensor.concatenate(List.of(deepestB, deepestA), 1))
                .mean(2, 3, 4)
                .to(DType.F32);
        try (Autocast exact = Autocast.paused(mean.device())) {
            Tensor matrix = AffineMove.matrix(
                    within(rotation.forward(mean)).times(MOST_TURN),
                    within(scale.forward(mean)).times(MOST_SCALE).plus(1),
                    shift.forward(mean),
                    within(shear.forward(mean)).times(MOST_SHEAR));
            return variant == Variant.RELEASED ? matrix.detach() : matrix;
        }
    }

    private static Tensor within(Tensor x) {
        return Elementary.clamp(x, -1, 1);
    }

    private Tensor restored(Tensor local) {
        Tensor y = Ops.leakyRelu(restoringNorm.forward(restoring.forward(local)), RESTORING_SLOPE);
        return voxels.forward(y).to(DType.F32);
    }

    @Override
    protected boolean isHandedOn(String weight) {
        return super.isHandedOn(weight) && network().stateDict().containsKey(weight);
    }

    /** The released code's affine head, which no gradient reaches. */
    @Override
    protected boolean isFixed(String weight) {
        return variant == Variant.RELEASED && (weight.startsWith("f_conv.") || weight.startsWith("fc_"));
    }
}
