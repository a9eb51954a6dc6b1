package org.voco4j.engine.vector;

import java.util.Arrays;

/**
 * One head of one group of tokens of a window, row by row, there and back; with the memory for it, so of one thread only.
 *
 * <p>Two rows of the table of scores are made at a time and never leave the cache. Keys and values lie feature by feature,
 * features padded with zeros to a multiple of four, tokens to whole vectors.
 */
final class WindowRows {
    /** Numbers that are saved for each row: its largest score, and 1 / Σ e^(score − largest). */
    static final int SAVED = 2;

    private static final int TOGETHER = 2; // rows
    private static final int SUMS = TOGETHER * Lanes.FEATURES;

    private final int features;
    private final int channels;
    private final int tokens;
    private final int width; // features, padded
    private final float scale;
    private final float[] keys;
    private final float[] values;
    private final float[] ofKeys;
    private final float[] ofValues;
    private final float[] weights;
    private final float[] slopes;
    private final float[] queries;
    private final float[] above;
    private final float[] sums;
    private final float[] lanes = new float[SUMS * Lanes.COUNT];

    private int window;
    private int head;
    private int[] group = {};
    private int columns;

    /**
     * Memory for heads of some features.
     *
     * @param features d
     * @param channels C, features of all heads
     * @param tokens n
     */
    WindowRows(int features, int channels, int tokens) {
        this.features = features;
        this.channels = channels;
        this.tokens = tokens;
        width = (features + Lanes.FEATURES - 1) / Lanes.FEATURES * Lanes.FEATURES;
        scale = (float) (1 / Math.sqrt((double) features));
        int most = columns(tokens);
        keys = new float[width * most];
        values = new float[width * most];
        ofKeys = new float[width * most];
        ofValues = new float[width * most];
        weights = new float[TOGETHER * most];
        slopes = new float[TOGETHER * most];
        queries = new float[TOGETHER * width];
        above = new float[TOGETHER * width];
        sums = new float[TOGETHER * width];
    }

    /** Columns of a table of so many tokens: whole vectors. */
    static int columns(int tokens) {
        return (tokens + Lanes.COUNT - 1) / Lanes.COUNT * Lanes.COUNT;
    }

    /**
     * Turns to a group: packs its keys and values.
     *
     * @param qkv [windows, n, 3·C]
     * @param window whose
     * @param head whose
     * @param group its tokens
     */
    void turnTo(float[] qkv, int window, int head, int[] group) {
        this.window = window;
        this.head = head;
        this.group = group;
        columns = columns(group.length);
        Arrays.fill(keys, 0, width * columns, 0);
        Arrays.fill(values, 0, width * columns, 0);
        for (int j = 0; j < group.length; j++) {
            int from = query(j);
            for (int e = 0; e < features; e++) {
                keys[e * columns + j] = qkv[from + channels + e];
                values[e * columns + j] = qkv[from + 2 * channels + e];
            }
        }
    }

    /**
     * Attends.
     *
     * @param rows places in the group whose rows are wanted
     * @param count how many
     * @param table the bias of this head and group, rows of whole vectors, from {@code at} on
     * @param attended [windows, n, C], written
     * @param saved [windows, H, n, 2], written
     */
    void forward(float[] qkv, int[] rows, int count, float[] table, int at, float[] attended, float[] saved) {
        for (int r = 0; r < count; r += TOGETHER) {
            int first = rows[r];
            int second = rows[Math.min(r + 1, count - 1)]; // the last one twice where it is alone
            scores(qkv, first, second, table, at);
            float max0 = Lanes.max(weights, 0, columns);
            float max1 = Lanes.max(weights, columns, columns);
            float sum0 = Lanes.exponentials(weights, 0, columns, max0, lanes);
            float sum1 = Lanes.exponentials(weights, columns, columns, max1, lanes);
            for (int e = 0; e < width; e += Lanes.FEATURES) {
                Lanes.sums(sums, weights, values, e, width, columns, lanes);
            }
            finish(first, 0, max0, 1 / sum0, attended, saved);
            finish(second, width, max1, 1 / sum1, attended, saved);
        }
    }

    private void finish(int place, int from, float max, float factor, float[] attended, float[] saved) {
        int to = result(place);
        for (int e = 0; e < features; e++) {
            attended[to + e] = sums[from + e] * factor;
        }
        int row = saved(place);
        saved[row] = max;
        saved[row + 1] = factor;
    }

    /**
     * The way back of {@link #forward}.
     *
     * <pre>  ∂v = pᵀ·∂a    ∂s = p ∘ (∂a·vᵀ − δ)    ∂b += ∂s    ∂q = ∂s·k/√d    ∂k = ∂sᵀ·q/√d </pre>
     *
     * @param gradient ∂a, [windows, n, C]
     * @param ofTable ∂b as the table, added to
     * @param ofQkv [windows, n, 3·C], written: keys and values of the group, and the queries of the rows
     */
    void backward(
            float[] qkv,
            int[] rows,
            int count,
            float[] table,
            int at,
            float[] attended,
            float[] saved,
            float[] gradient,
            float[] ofTable,
            float[] ofQkv) {
        Arrays.fill(ofKeys, 0, width * columns, 0);
        Arrays.fill(ofValues, 0, width * columns, 0);
        for (int r = 0; r < count; r += TOGETHER) {
            int first = rows[r];
            boolean alone = r + 1 == count;
            int second =
                    alone ? first : rows[r + 1]; // alone: twice, the second time without a gradient, so without effect
            scores(qkv, first, second, table, at);
            Lanes.weights(weights, 0, columns, saved[saved(first)], saved[saved(first) + 1]);
            Lanes.weights(weights, columns, columns, saved[saved(second)], saved[saved(second) + 1]);
            Arrays.fill(slopes, 0, columns, -delta(gradient, attended, first, 0, 1));
            Arrays.fill(slopes, columns, 2 * columns, -delta(gradient, attended, second, width, alone ? 0 : 1));
            for (int e = 0; e < width; e += Lanes.FEATURES) {
                Lanes.products(slopes, slopes, 0, columns, values, above, e, width, columns);
                Lanes.spread(ofValues, weights, above, e, width, columns);
            }
            Lanes.multiply(slopes, weights, 0, ofTable, at + first * columns, columns);
            Lanes.multiply(slopes, weights, columns, ofTable, at + second * columns, columns);
            for (int e = 0; e < width; e += Lanes.FEATURES) {
                Lanes.sums(sums, slopes, keys, e, width, columns, lanes);
                Lanes.spread(ofKeys, slopes, queries, e, width, columns);
            }
            for (int e = 0; e < features; e++) {
                ofQkv[query(first) + e] = sums[e] * scale;
            }
            for (int e = 0; e < features && !alone; e++) {
                ofQkv[query(second) + e] = sums[width + e] * scale;
            }
        }
        for (int j = 0; j < group.length; j++) {
            int to = query(j);
            for (int e = 0; e < features; e++) {
                ofQkv[to + channels + e] = ofKeys[e * columns + j];
                ofQkv[to + 2 * channels + e] = ofValues[e * columns + j];
            }
        }
    }

    /** Puts s = q·kᵀ/√d + b of two rows into {@link #weights}. */
    private void scores(float[] qkv, int first, int second, float[] table, int at) {
        for (int e = 0; e < features; e++) {
            queries[e] = qkv[query(first) + e] * scale;
            queries[width + e] = qkv[query(second) + e] * scale;
        }
        Lanes.products(weights, table, at + first * columns, at + second * columns, keys, queries, 0, width, columns);
        for (int e = Lanes.FEATURES; e < width; e += Lanes.FEATURES) {
            Lanes.products(weights, weights, 0, columns, keys, queries, e, width, columns);
        }
    }

    /** δ of a row, whose gradient times {@code factor} goes to {@link #above}. */
    private float delta(float[] gradient, float[] attended, int place, int to, float factor) {
        int from = result(place);
        float delta = 0;
        for (int e = 0; e < features; e++) {
            above[to + e] = factor * gradient[from + e];
            delta += above[to + e] * attended[from + e];
        }
        return delta;
    }

    /** Where the query of a token of the group lies among q, k and v; its key C further, its value 2·C. */
    private int query(int place) {
        return (window * tokens + group[place]) * 3 * channels + head * features;
    }

    private int result(int place) {
        return (window * tokens + group[place]) * channels + head * features;
    }

    private int saved(int place) {
        return ((window * (channels / features) + head) * tokens + group[place]) * SAVED;
    }
}
