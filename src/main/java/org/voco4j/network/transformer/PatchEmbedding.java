package org.voco4j.network.transformer;

import java.util.List;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/**
 * One linear map of every patch of an image to a token, t = W·patch + b: the convolution whose stride is its kernel, and named
 * and shaped like one, {@code weight} [h, C, p_x, p_y(, p_z)] and {@code bias} [h].
 *
 * <p>Initial law, as PyTorch's: both ~ U(−1/√fan, 1/√fan) with fan = C·p_x·p_y(·p_z).
 */
final class PatchEmbedding extends Module {
    private final List<Integer> patch;
    private final Tensor weight;
    private final Tensor bias;

    /** A map of patches of C channels to h numbers. */
    PatchEmbedding(int in, int hidden, List<Integer> patch) {
        this.patch = patch;
        long[] shape = new long[2 + patch.size()];
        shape[0] = hidden;
        shape[1] = in;
        for (int axis = 0; axis < patch.size(); axis++) {
            shape[2 + axis] = patch.get(axis);
        }
        weight = weight("weight", shape);
        bias = weight("bias", hidden);
    }

    /** [B, C, X, Y(, Z)] → [B, n, h]. */
    Tensor forward(Tensor x) {
        int dims = patch.size();
        long[] channelLast = new long[2 + dims];
        for (int axis = 0; axis < dims; axis++) {
            channelLast[1 + axis] = 2L + axis;
        }
        channelLast[1 + dims] = 1;
        Tensor matrix = Rearrange.permute(weight, channelLast).reshape(weight.size(0), -1);
        return Ops.linear(Patches.cut(x, patch), matrix, bias);
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        double bound = 1 / Math.sqrt(weight.count() / (double) weight.size(0));
        initialiser.uniform("weight", weight, bound);
        initialiser.uniform("bias", bias, bound);
    }
}
