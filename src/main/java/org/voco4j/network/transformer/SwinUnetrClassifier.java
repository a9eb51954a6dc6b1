package org.voco4j.network.transformer;

import java.util.Arrays;
import java.util.List;
import org.voco4j.engine.nn.ClassificationNetwork;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.tensor.Tensor;

/**
 * Swin-UNETR for classification, as VoCo's released code fine-tunes it on CC-CCII: encoder and decoder whole, then one
 * linear map of what the voxels have in the mean.
 *
 * <pre>  logits = W·mean(d₁([x ‖ x])) + b      ‖: joined along the shortest axis, d₁ of {@link SwinUnetr} </pre>
 *
 * <p>The scan is set behind itself because those of CC-CCII are only 32 slices deep, less than the coarsest level
 * needs; the released code does so with every scan. Its slices are the first axis, here they are the last: what is the same
 * for both is that they are the shortest (the first of those). Weights have the released keys: those of {@link SwinUnetr} without its
 * {@code out}, and {@code head.weight}, {@code head.bias}. Initial law: that of every layer, W and b ~ U(−1/√f, 1/√f).
 */
public final class SwinUnetrClassifier extends ClassificationNetwork {
    private final SwinUnetrTrunk trunk;
    private final Linear head;
    private final int classes;

    /**
     * A network with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in C, channels of the scan
     * @param features f (released: 48)
     * @param classes K (released: 3)
     * @param version released: v2
     * @throws IllegalArgumentException if f is not a multiple of 3, which the heads share out
     */
    public SwinUnetrClassifier(
            int dims, int in, int features, int classes, SwinVersion version, PatchMerging.Order merging) {
        this.classes = classes;
        trunk = part("", new SwinUnetrTrunk(dims, in, features, version, merging));
        head = part("head", new Linear(features, classes));
    }

    /** The shortest axis must be above 16 voxels, the others above 32. */
    @Override
    public List<Tensor> encode(Tensor x) {
        long[] shape = x.shape();
        int axis = 2 + shortest(Arrays.copyOfRange(shape, 2, shape.length));
        return trunk.encode(Tensor.concatenate(List.of(x, x), axis)); // of [B, C, 2X, Y(, Z)] where X is the shortest
    }

    @Override
    public Tensor decode(List<Tensor> maps) {
        return head.forward(pooled(trunk.decode(maps))); // [B, f, 2X, …] → [B, f] → [B, K]
    }

    @Override
    public boolean takes(long... size) {
        long[] twice = size.clone();
        twice[shortest(size)] *= 2;
        return encoder().takes(twice);
    }

    private static int shortest(long... size) {
        int shortest = 0;
        for (int axis = 1; axis < size.length; axis++) {
            shortest = size[axis] < size[shortest] ? axis : shortest;
        }
        return shortest;
    }

    @Override
    public SwinUnetrEncoder encoder() {
        return trunk.encoder();
    }

    @Override
    public int classes() {
        return classes;
    }
}
