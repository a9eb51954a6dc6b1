package org.voco4j.network.transformer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.engine.vector.TokenGroups;

/**
 * How a map of tokens is cut into windows (Liu et al. 2021, §3.2): their sizes, their shift, and who may look at whom.
 *
 * <p>Along an axis the window has 7 tokens, or all where there are fewer, and is shifted by 3, or not where one window
 * spans the axis. Sizes are padded with zeros up to whole windows, then shifted: what leaves at one end enters at the
 * other, and the mask keeps tokens apart that are no neighbours.
 *
 * @param size of the map, 3 numbers
 * @param window tokens per window and axis
 * @param shift tokens by which windows are shifted, 0 where they are not
 */
record Windows(long[] size, long[] window, long[] shift) {
    /** The edge of a window. */
    static final int EDGE = 7;

    /**
     * MONAI adds −100, and e⁻¹⁰⁰ is nothing beside the other weights either; but in 32 bits it is a denormal number, with
     * which processors compute many times slower. This much is exactly 0.
     */
    private static final float APART = -10_000;

    /** Groups of the maps that were seen last: those of a network, and of another size of its input. */
    private static final Map<List<Long>, TokenGroups> KNOWN = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Long>, TokenGroups> eldest) {
            return size() > 16;
        }
    };

    /** The windows of a map. */
    static Windows of(long x, long y, long z, boolean shifted) {
        long[] size = {x, y, z};
        long[] window = new long[3];
        long[] shift = new long[3];
        for (int axis = 0; axis < 3; axis++) {
            window[axis] = Math.min(size[axis], EDGE);
            shift[axis] = shifted && size[axis] > EDGE ? EDGE / 2 : 0;
        }
        return new Windows(size, window, shift);
    }

    /** n, tokens of a window. */
    long tokens() {
        return window[0] * window[1] * window[2];
    }

    /** W, the number of windows. */
    long count() {
        return padded(0) / window[0] * (padded(1) / window[1]) * (padded(2) / window[2]);
    }

    boolean isShifted() {
        return shift[0] + shift[1] + shift[2] > 0;
    }

    private long padded(int axis) {
        return (size[axis] + window[axis] - 1) / window[axis] * window[axis];
    }

    /** [B, X, Y, Z, C] → [B·W, n, C]. */
    Tensor cut(Tensor x) {
        Tensor whole = Rearrange.padEnd(x, 0, padded(2) - size[2], padded(1) - size[1], padded(0) - size[0]);
        if (isShifted()) {
            whole = Rearrange.roll(whole, new long[] {-shift[0], -shift[1], -shift[2]}, 1, 2, 3);
        }
        long c = x.size(4);
        Tensor split = whole.reshape(
                x.size(0),
                padded(0) / window[0],
                window[0],
                padded(1) / window[1],
                window[1],
                padded(2) / window[2],
                window[2],
                c);
        return Rearrange.permute(split, 0, 1, 3, 5, 2, 4, 6, 7).reshape(-1, tokens(), c);
    }

    /** [B·W, n, C] → [B, X, Y, Z, C]. */
    Tensor join(Tensor windows) {
        long c = windows.size(2);
        Tensor split = windows.reshape(
                -1,
                padded(0) / window[0],
                padded(1) / window[1],
                padded(2) / window[2],
                window[0],
                window[1],
                window[2],
                c);
        Tensor whole = Rearrange.permute(split, 0, 1, 4, 2, 5, 3, 6, 7).reshape(-1, padded(0), padded(1), padded(2), c);
        if (isShifted()) {
            whole = Rearrange.roll(whole, shift, 1, 2, 3);
        }
        for (int axis = 0; axis < 3; axis++) {
            if (padded(axis) > size[axis]) {
                whole = whole.narrow(axis + 1, 0, size[axis]);
            }
        }
        return whole;
    }

    /** What is added to scores: 0 between tokens that were neighbours before the shift, −10⁴ between others; [W, n, n]. */
    Tensor mask(Device device) {
        int n = Math.toIntExact(tokens());
        int w = Math.toIntExact(count());
        int[] regions = regions(w, n);
        float[] mask = new float[Math.multiplyExact(w, n * n)];
        for (int window = 0; window < w; window++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    boolean apart = regions[window * n + i] != regions[window * n + j];
                    mask[(window * n + i) * n + j] = apart ? APART : 0;
                }
            }
        }
        return Tensor.of(mask, w, n, n).to(device);
    }

    /** Who attends to whom without a mask and without cutting, for a kernel that knows groups: tokens of one region. */
    TokenGroups groups() {
        List<Long> key = List.of(size[0], size[1], size[2], shift[0], shift[1], shift[2]);
        synchronized (KNOWN) {
            return KNOWN.computeIfAbsent(key, first -> made());
        }
    }

    private TokenGroups made() {
        int n = Math.toIntExact(tokens());
        int w = Math.toIntExact(count());
        int[] places = new int[Math.multiplyExact(w, n)];
        for (int i = 0; i < places.length; i++) {
            long place = 0;
            boolean inside = true;
            for (int axis = 0; axis < 3; axis++) {
                long along = (place(axis, i / n, i % n) + shift[axis]) % padded(axis);
                inside &= along < size[axis];
                place = place * size[axis] + along;
            }
            places[i] = inside ? Math.toIntExact(place) : -1;
        }
        return TokenGroups.of(regions(w, n), places, n);
    }

    /** The region of every token, window by window: tokens of one region were neighbours before the shift. */
    private int[] regions(int windows, int tokens) {
        int[] regions = new int[windows * tokens];
        for (int i = 0; i < regions.length; i++) {
            for (int axis = 0; axis < 3; axis++) {
                regions[i] = 3 * regions[i] + region(axis, place(axis, i / tokens, i % tokens));
            }
        }
        return regions;
    }

    /** Where a token of a window lies along an axis of the shifted map. */
    private long place(int axis, long number, long token) {
        long windows = 1; // along the axes that follow
        long tokens = 1;
        for (int next = axis + 1; next < 3; next++) {
            windows *= padded(next) / window[next];
            tokens *= window[next];
        }
        return number / windows % (padded(axis) / window[axis]) * window[axis] + token / tokens % window[axis];
    }

    private int region(int axis, long place) {
        if (shift[axis] == 0 || place < padded(axis) - window[axis]) {
            return 0;
        }
        return place < padded(axis) - shift[axis] ? 1 : 2;
    }
}
