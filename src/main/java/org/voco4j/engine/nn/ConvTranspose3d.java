package org.voco4j.engine.nn;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * Transposed 3-D convolution that makes a block of k x k x k voxels of every voxel (stride k), with bias.
 *
 * <p>Initial law, as PyTorch's: weight and bias ~ U(−1/√fan, 1/√fan) with fan = D·k³, the channels that go out.
 */
public final class ConvTranspose3d extends Module {
    private final Tensor weight;
    private final Tensor bias;

    /** A transposed convolution of C to D channels. */
    public ConvTranspose3d(int in, int out, int kernel) {
        weight = weight("weight", in, out, kernel, kernel, kernel);
        bias = weight("bias", out);
    }

    /** [B, C, X, Y, Z] → [B, D, k·X, k·Y, k·Z]. */
    public Tensor forward(Tensor x) {
        return Ops.convTranspose3d(x, weight, bias);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        double bound = 1 / Math.sqrt(weight.count() / (double) weight.size(0));
        initialiser.uniform("weight", weight, bound);
        initialiser.uniform("bias", bias, bound);
    }
}
