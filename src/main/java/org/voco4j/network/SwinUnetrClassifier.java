package org.voco4j.network;

import java.util.List;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.tensor.Tensor;

/**
 * Swin-UNETR for classification, as VoCo's released code fine-tunes it on CC-CCII: encoder and decoder whole, then one
 * linear map of what the voxels have in the mean.
 *
 * <pre>  logits = W·mean(d₁([x ‖ x])) + b      ‖: joined along the first spatial axis, d₁ of {@link SwinUnetr} </pre>
 *
 * <p>The scan is set behind itself because those of CC-CCII are only 32 slices deep, less than the coarsest level
 * needs; the released code does so with every scan. Weights have the released keys: those of {@link SwinUnetr} without its
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

    /** [B, C, X, Y(, Z)] → logits [B, K]; X above 16, the others above 32. */
    @Override
    public Tensor forward(Tensor x) {
        Tensor twice = Tensor.concatenate(List.of(x, x), 2); // [B, C, 2X, Y(, Z)]
        return head.forward(pooled(trunk.decode(trunk.encode(twice)))); // [B, f, 2X, …] → [B, f] → [B, K]
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
