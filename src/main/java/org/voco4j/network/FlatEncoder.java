package org.voco4j.network;

import java.util.Arrays;
import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Tensor;

/**
 * An encoder of 2 axes for images that have one slice: it takes [B, C, X, Y, 1] and gives [B, C_l, X_l, Y_l, 1].
 *
 * <p>Everything around it knows 3 axes only; here alone the slice is taken off and put back. Its weights have the names of
 * the encoder within.
 */
public final class FlatEncoder extends Encoder {
    private final Encoder within;

    /** Around an encoder that nobody else owns. */
    public FlatEncoder(Encoder within) {
        this.within = part("", within);
    }

    /** The encoder of 2 axes, or an encoder that is none of these as it is. */
    public static Encoder within(Encoder encoder) {
        return encoder instanceof FlatEncoder flat ? flat.within : encoder;
    }

    /** [B, C, X, Y, 1] → [B, C, X, Y]. */
    static Tensor squeezed(Tensor x) {
        return x.reshape(x.size(0), x.size(1), x.size(2), x.size(3));
    }

    /** [B, C, X, Y] → [B, C, X, Y, 1]. */
    static Tensor unsqueezed(Tensor x) {
        return x.reshape(x.size(0), x.size(1), x.size(2), x.size(3), 1);
    }

    @Override
    public List<Tensor> levels(Tensor x) {
        return within.levels(squeezed(x)).stream().map(FlatEncoder::unsqueezed).toList();
    }

    @Override
    public List<Integer> channels() {
        return within.channels();
    }

    @Override
    public boolean mixesSamples() {
        return within.mixesSamples();
    }

    @Override
    public boolean takes(long... size) {
        return size[2] == 1 && within.takes(Arrays.copyOf(size, 2));
    }

    @Override
    protected boolean takesEdge(int edge) {
        return takes(edge, edge, 1);
    }

    @Override
    public List<Integer> positionGrid() {
        return within.positionGrid();
    }

    /** As those of a cube, shared by its slices: a little too few, since coarse levels of a cube have fewer slices. */
    @Override
    public long multiplyAdds(int crop) {
        return within.multiplyAdds(crop) / crop;
    }
}
