package org.voco4j.network;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Tensor;

/**
 * A segmentation network of 2 axes for images that have one slice, [B, C, X, Y, 1] → [B, K, X, Y, 1], as {@link FlatEncoder}
 * is an encoder for them.
 */
public final class FlatSegmentation extends SegmentationNetwork {
    private final SegmentationNetwork within;
    private final Encoder encoder;

    /** Around a network that nobody else owns. */
    public FlatSegmentation(SegmentationNetwork within) {
        this.within = part("", within);
        this.encoder = new FlatEncoder(within.encoder());
    }

    @Override
    public List<Tensor> encode(Tensor x) {
        return within.encode(FlatEncoder.squeezed(x));
    }

    @Override
    public Tensor features(List<Tensor> maps) {
        return FlatEncoder.unsqueezed(within.decode(maps)); // [B, K, X, Y, 1]
    }

    /** None: its last convolution has 2 axes, and maps of one slice are small enough to be blended as logits. */
    @Override
    public @Nullable Conv classifier() {
        return null;
    }

    @Override
    public Encoder encoder() {
        return encoder;
    }

    @Override
    public int classes() {
        return within.classes();
    }

    @Override
    public boolean isOfClasses(String weight) {
        return within.isOfClasses(weight);
    }
}
