package org.voco4j.network;

import java.util.Arrays;
import java.util.List;
import org.voco4j.engine.nn.ClassificationNetwork;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Tensor;

/**
 * A classification network of 2 axes for images that have one slice, [B, C, X, Y, 1] → [B, K], as {@link FlatEncoder} is an
 * encoder for them.
 */
public final class FlatClassification extends ClassificationNetwork {
    private final ClassificationNetwork within;
    private final Encoder encoder;

    /** Around a network that nobody else owns. */
    public FlatClassification(ClassificationNetwork within) {
        this.within = part("", within);
        this.encoder = new FlatEncoder(within.encoder());
    }

    @Override
    public List<Tensor> encode(Tensor x) {
        return within.encode(FlatEncoder.squeezed(x));
    }

    @Override
    public Tensor decode(List<Tensor> maps) {
        return within.decode(maps);
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
    public boolean takes(long... size) {
        return size[2] == 1 && within.takes(Arrays.copyOf(size, 2));
    }
}
