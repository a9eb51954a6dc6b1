package org.voco4j.network.resnet;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.BatchNorm;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.ConvLaw;
import org.voco4j.engine.nn.Layer;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * Two or three convolutions and a shortcut (He et al. 2016).
 *
 * <pre>
 *   basic:       y = relu(N₂(W₂ * relu(N₁(W₁ * x))) + s)                        W₁, W₂: 3 voxels
 *   bottleneck:  y = relu(N₃(W₃ * relu(N₂(W₂ * relu(N₁(W₁ * x))))) + s)         W₁, W₃: 1 voxel, W₂: 3
 * </pre>
 *
 * <p>N is batch norm, s = x where the shape stays, else a {@link ResNetForm.Shortcut}. The first convolution of 3 voxels has
 * the stride. Weights are named {@code conv1.weight}, {@code bn1.weight}, …, {@code downsample.0.weight}.
 */
final class ResNetBlock extends Layer {
    private final int dims;
    private final int in;
    private final int out;
    private final int stride;
    private final boolean sameShape;
    private final List<Conv> convs = new ArrayList<>();
    private final List<BatchNorm> norms = new ArrayList<>();
    private final @Nullable Projection projection;
    private final long finePerVoxel;
    private final long coarsePerVoxel;

    /** A block of C to {@code planes}·expansion channels; {@code stride} is 1 or 2. */
    ResNetBlock(int dims, int in, int planes, int stride, ResNetForm form) {
        this.dims = dims;
        this.in = in;
        this.out = planes * form.block().expansion();
        this.stride = stride;
        this.sameShape = stride == 1 && in == out;
        long taps = dims == 2 ? 9 : 27;
        if (form.block() == ResNetForm.Block.BASIC) {
            add(3, in, planes, stride);
            add(3, planes, planes, 1);
            finePerVoxel = 0;
            coarsePerVoxel = taps * planes * ((long) in + planes) + projected(form);
        } else {
            add(1, in, planes, 1);
            add(3, planes, planes, stride);
            add(1, planes, out, 1);
            finePerVoxel = (long) in * planes;
            coarsePerVoxel = (taps * planes + out) * planes + projected(form);
        }
        projection = sameShape || form.shortcut() == ResNetForm.Shortcut.PADDED
                ? null
                : part(
                        "downsample",
                        new Projection(
                                dims, in, out, stride, form.shortcut() == ResNetForm.Shortcut.PROJECTED_WITH_BIAS));
    }

    private void add(int kernel, int in, int out, int stride) {
        int number = convs.size() + 1;
        convs.add(part("conv" + number, new Conv(dims, in, out, kernel, stride, false, ConvLaw.HE_FAN_OUT)));
        norms.add(part("bn" + number, new BatchNorm(out)));
    }

    private long projected(ResNetForm form) {
        return sameShape || form.shortcut() == ResNetForm.Shortcut.PADDED ? 0 : (long) in * out;
    }

    /** [B, C, X, Y(, Z)] → [B, D, ⌈X/stride⌉, …]. */
    @Override
    public Tensor forward(Tensor x) {
        try (Scope scope = Scope.nested()) {
            Tensor y = norms.get(0).forward(convs.get(0).forward(x));
            for (int i = 1; i < convs.size(); i++) {
                y = norms.get(i).forward(convs.get(i).forward(Ops.reluInPlace(y)));
            }
            return scope.keep(Ops.reluInPlace(y.plus(shortcut(x))));
        }
    }

    private Tensor shortcut(Tensor x) {
        if (sameShape) {
            return x;
        }
        if (projection != null) {
            return projection.norm.forward(projection.conv.forward(x));
        }
        Tensor thin = x.detach();
        for (int axis = 2; stride == 2 && axis < 2 + dims; axis++) {
            thin = Rearrange.everySecond(thin, axis, 0);
        }
        long[] more = new long[dims + 1]; // counted from the last axis, so that the channels come last
        more[dims] = (long) out - in;
        return Rearrange.padEnd(thin, more);
    }

    /** The edge of the map that a cubic map of this edge becomes. */
    long edge(long edge) {
        return (edge + stride - 1) / stride;
    }

    /** Multiply–adds for a cubic map. */
    long multiplyAdds(long edge) {
        return ResNetEncoder.voxels(dims, edge) * finePerVoxel
                + ResNetEncoder.voxels(dims, edge(edge)) * coarsePerVoxel;
    }

    private static final class Projection extends Module {
        private final Conv conv;
        private final BatchNorm norm;

        Projection(int dims, int in, int out, int stride, boolean withBias) {
            conv = part("0", new Conv(dims, in, out, 1, stride, withBias, ConvLaw.HE_FAN_OUT));
            norm = part("1", new BatchNorm(out));
        }
    }
}
