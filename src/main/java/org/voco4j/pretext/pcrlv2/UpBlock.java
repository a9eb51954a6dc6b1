package org.voco4j.pretext.pcrlv2;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.BatchNorm;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.ConvTranspose;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.Norm;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.unet.NormUnits;
import org.voco4j.pretext.part.Head;

/**
 * One scale of the decoder: a map twice as fine, and what is asked of it.
 *
 * <pre>  map = units(deconv(coarser))    z = γ·N(mean of map) + β    p = linear(relu(norm(linear(z))))    m = σ(norm(conv(map))) </pre>
 *
 * <p>N has the statistics of the rows that go through together. Weights have the source's names: {@code up_conv}, {@code ops.0.conv1}, {@code
 * bn}, {@code predictor_head.0}, {@code deep_supervision_head.conv1}.
 */
final class UpBlock extends Module {
    private static final double EPSILON = 1e-5;

    private final int dims;
    private final ConvTranspose deconv;
    private final NormUnits units;
    private final Scale scale;
    private final Head predictor;
    private final Supervision supervision;

    private static final class Scale extends Module {
        private final Tensor weight;
        private final Tensor bias;

        Scale(int width) {
            weight = weight("weight", width);
            bias = weight("bias", width);
        }

        @Override
        protected void drawWeights(Initialiser initialiser) {
            initialiser.constant(weight, 1);
            initialiser.constant(bias, 0);
        }
    }

    private static final class Supervision extends Module {
        private final Conv conv;
        private final @Nullable Norm norm;

        Supervision(int dims, int in, FeatureNorm kind) {
            conv = part("conv1", new Conv(dims, in, 1, 3, 1, true));
            // over the one channel of a single crop a norm would take its brightness away
            norm = kind == FeatureNorm.BATCH ? part("bn1", new BatchNorm(1)) : null;
        }

        Tensor forward(Tensor map) {
            Tensor y = conv.forward(map);
            return Ops.sigmoid(norm == null ? y : norm.forward(y));
        }
    }

    /**
     * A block with untrained (zero) weights.
     *
     * @param dims 2 for maps of one slice, else 3
     * @param in channels of the coarser map
     * @param out channels of its own
     * @param norm of its convolutions
     */
    UpBlock(int dims, int in, int out, FeatureNorm norm) {
        this.dims = dims;
        deconv = part("up_conv", new ConvTranspose(dims, in, in, 2, 2, true));
        units = part("ops", new NormUnits(dims, in, out, out, norm));
        scale = part("bn", new Scale(out));
        predictor = part(
                "predictor_head",
                new Head(
                        out,
                        List.of(
                                new Head.Layer(2 * out, true, Head.Norm.BATCH, true, true),
                                Head.Layer.linear(out, true))));
        supervision = part("deep_supervision_head", new Supervision(dims, out, norm));
    }

    /** [B, in, X, Y, Z] → [B, out, 2X, 2Y, 2Z]; of one slice it stays one. */
    Tensor map(Tensor coarser) {
        return unsqueezed(units.forward(deconv.forward(squeezed(coarser))));
    }

    /** m of its map, [B, 1, …]. */
    Tensor mask(Tensor map) {
        return unsqueezed(supervision.forward(squeezed(map)));
    }

    /** z of the means of maps, [B, out], B ≥ 2. */
    Tensor projected(Tensor pooled) {
        return Ops.batchNorm(pooled, EPSILON).times(scale.weight).plus(scale.bias);
    }

    /** p of z. */
    Tensor predicted(Tensor projected) {
        return predictor.forward(projected);
    }

    private Tensor squeezed(Tensor x) {
        return dims == 3 ? x : x.reshape(x.size(0), x.size(1), x.size(2), x.size(3));
    }

    private Tensor unsqueezed(Tensor x) {
        return dims == 3 ? x : x.reshape(x.size(0), x.size(1), x.size(2), x.size(3), 1);
    }
}
