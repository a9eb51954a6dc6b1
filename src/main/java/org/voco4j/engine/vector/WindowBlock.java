package org.voco4j.engine.vector;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.IntConsumer;
import org.voco4j.engine.vector.TokenGroups.Pattern;

/**
 * Some windows of one pattern, their tokens gathered from the maps and put back; with the memory for it, so of one thread only.
 *
 * <p>Windows of a pattern are numbered sample by sample.
 */
final class WindowBlock {
    /** Values of q, k and v in a block: 1 MB, a core's cache. */
    private static final int VALUES = 1 << 18;

    private final TokenGroups groups;
    private final int windows; // at most
    private Pattern pattern;
    private int from;
    private int count;

    /**
     * A block for maps of some channels.
     *
     * @param values of q, k and v for a token
     */
    WindowBlock(TokenGroups groups, int values) {
        this.groups = groups;
        windows = Math.max(1, VALUES / (groups.tokens() * values));
        pattern = groups.patterns().get(0);
    }

    /** Memory for so many values of each token. */
    float[] memory(int values) {
        return new float[windows * groups.tokens() * values];
    }

    /** Turns to the windows of a pattern from one number on, before another; the number that follows the block. */
    int turnTo(Pattern pattern, int from, int to) {
        this.pattern = pattern;
        this.from = from;
        count = Math.min(windows, to - from);
        return from + count;
    }

    /** Windows in the block. */
    int count() {
        return count;
    }

    /** The number among all windows of a map that a window of the block has. */
    int window(int w) {
        return pattern.windows()[(from + w) % pattern.windows().length];
    }

    /**
     * Gathers the values of tokens.
     *
     * @param maps a buffer [N, size] for each sample
     * @param block [windows, n, size], written but for padding
     */
    void read(List<FloatBuffer> maps, float[] block, int size) {
        eachRun((map, place, at, length) -> maps.get(map).get(place * size, block, at * size, length * size));
    }

    /** Puts the values of tokens into the maps, which {@link #read} would read. */
    void write(List<FloatBuffer> maps, float[] block, int size) {
        eachRun((map, place, at, length) -> maps.get(map).put(place * size, block, at * size, length * size));
    }

    /** Tokens one after the other in a map and in the block. */
    private interface Run {
        void of(int map, int place, int at, int length);
    }

    private void eachRun(Run run) {
        int n = groups.tokens();
        for (int w = 0; w < count; w++) {
            int map = (from + w) / pattern.windows().length;
            int window = window(w);
            for (int i = 0; i < n; ) {
                int place = groups.place(window, i);
                int next = i + 1;
                while (next < n && place >= 0 && groups.place(window, next) == place + next - i) {
                    next++;
                }
                if (place >= 0) {
                    run.of(map, place, w * n + i, next - i);
                }
                i = next;
            }
        }
    }

    /** Puts the same values into all padding of a block. */
    void pad(float[] block, float[] padding) {
        eachPadding(at -> System.arraycopy(padding, 0, block, at * padding.length, padding.length));
    }

    /** Adds the values of all padding of a block. */
    void addPadding(float[] block, double[] sum) {
        eachPadding(at -> {
            for (int e = 0; e < sum.length; e++) {
                sum[e] += block[at * sum.length + e];
            }
        });
    }

    private void eachPadding(IntConsumer visit) {
        int n = groups.tokens();
        for (int w = 0; w < count; w++) {
            for (int i = 0; i < n; i++) {
                if (groups.place(window(w), i) < 0) {
                    visit.accept(w * n + i);
                }
            }
        }
    }
}
