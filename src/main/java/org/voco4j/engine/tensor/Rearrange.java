package org.voco4j.engine.tensor;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/** Where values lie, not what they are: axes exchanged, shifted, padded, thinned, gathered. */
public final class Rearrange {
    private Rearrange() {}

    /** The axes in another order: axis i of the result is axis {@code order[i]} of x. A view. */
    public static Tensor permute(Tensor x, long... order) {
        return new Tensor(x.handle.permute(order));
    }

    /** The order along axes reversed. */
    public static Tensor flip(Tensor x, long... axes) {
        return new Tensor(x.handle.flip(axes));
    }

    /** Every value moved by {@code shifts[i]} places along {@code axes[i]}; what leaves at one end enters at the other. */
    public static Tensor roll(Tensor x, long[] shifts, long... axes) {
        return LayerTimes.of(LayerTimes.Kind.COPYING, x, map -> new Tensor(torch.roll(map.handle, shifts, axes)));
    }

    /**
     * Zeros appended at the end of axes; x itself if there is nothing to append.
     *
     * @param amounts how many along the last axis, the one before it, and so on
     */
    public static Tensor padEnd(Tensor x, long... amounts) {
        if (Arrays.stream(amounts).allMatch(amount -> amount == 0)) {
            return x;
        }
        long[] pairs = new long[2 * amounts.length];
        for (int i = 0; i < amounts.length; i++) {
            pairs[2 * i + 1] = amounts[i];
        }
        return LayerTimes.of(LayerTimes.Kind.COPYING, x, map -> new Tensor(torch.pad(map.handle, pairs)));
    }

    /** The upper triangle of the last two axes from the given diagonal, zeros elsewhere. */
    public static Tensor upperTriangle(Tensor x, int diagonal) {
        return new Tensor(x.handle.triu(diagonal));
    }

    /** Tensors of one shape stacked along a new first axis. */
    public static Tensor stack(List<Tensor> tensors) {
        return new Tensor(torch.stack(Tensor.vector(tensors), 0));
    }

    /** Every second entry along an axis, from {@code start}. A view. */
    public static Tensor everySecond(Tensor x, int axis, long start) {
        return new Tensor(x.handle.slice(axis, new LongOptional(start), new LongOptional(), 2));
    }

    /**
     * Rows of a table.
     *
     * @param table [R, D]
     * @param rows whole numbers [N], each below R
     * @return [N, D]
     */
    public static Tensor rows(Tensor table, Tensor rows) {
        return new Tensor(table.handle.index_select(0, rows.handle));
    }
}
