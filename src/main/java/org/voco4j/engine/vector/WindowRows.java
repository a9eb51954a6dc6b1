package org.voco4j.engine.vector;

import java.util.Arrays;

/**
 * One head of one group of tokens of a window, row by row, there and back; with the memory for it, so of one thread only.
 *
 * <p>Four rows of the table of scores are made at a time and never leave the cache. Keys and values lie feature by feature,
 * features padded with zeros to a multiple of four, tokens to whole vectors. Weights are powers of 2: the logarithm that this
 * takes is in the bias and in the factor of q.
 *
 * <p>The softmax of a row needs no shift where |q|·|k| and the bias say that its scores are small, which they are but in odd
 * cases; so the search for the largest is left to these. There and back the same numbers decide.
 */
final class WindowRows {
    /** Numbers that are saved for each row: its shift, and 1 / Σ 2^(score − shift). */
    static final int SAVED = 2;

    /** What scores are multiplied with, their bias included. */
    static final float LOG2_E = 1.44269504f;

    private static final float LN_2 = 0.693147181f;
    private static final int SUMS = Lanes.ROWS * Lanes.FEATURES;

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
    private final float[] none; // the bias of rows that have theirs
    private final float[] lanes = new float[(SUMS + 1) * Lanes.COUNT];
    private final float[] totals = new float[SUMS];
    private final int[] places = new int[Lanes.ROWS];
    private final boolean[] small = new boolean[Lanes.ROWS]; // scores

    private int window;
    private int head;
    private int[] group = {};
    private int columns;
    private float limit; // for the square of a query whose scores are small

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
        weights = new float[Lanes.ROWS * most];
        slopes = new float[Lanes.ROWS * most];
        queries = new float[Lanes.ROWS * width];
        above = new float[Lanes.ROWS * width];
        sums = new float[Lanes.ROWS * width];
        none = new float[most];
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
     * @param bias no bias of the group is larger
     */
    void turnTo(float[] qkv, int window, int head, int[] group, float bias) {
        this.window = window;
        this.head = head;
        this.group = group;
        columns = columns(group.length);
        for (int e = 0; e < features; e++) {
            Arrays.fill(keys, e * columns + group.length, (e + 1) * columns, 0);
            Arrays.fill(values, e * columns + group.length, (e + 1) * columns, 0);
        }
        Arrays.fill(keys, features * columns, width * columns, 0);
        Arrays.fill(values, features * columns, width * columns, 0);
        float longest = 0; // the square of a key
        for (int j = 0; j < group.length; j++) {
            int from = query(j) + channels;
            float square = 0;
            for (int e = 0; e < features; e++) {
                float k = qkv[from + e];
                square += k * k;
                keys[e * columns + j] = k;
                values[e * columns + j] = qkv[from + channels + e];
            }
            longest = Math.max(longest, square);
        }
        limit = bias <= Powers.MOST ? (Powers.MOST - bias) * (Powers.MOST - bias) / longest : -1;
    }

    /**
     * Attends.
     *
     * @param rows places in the group whose rows are wanted
     * @param count how many
     * @param table the bias of this head and group, rows of whole vectors, from {@code at} on
     * @param attended [windows, n, C], written
     * @param saved [windows, n, H, 2], written
     */
    void forward(float[] qkv, int[] rows, int count, float[] table, int at, float[] attended, float[] saved) {
        for (int first = 0; first < count; first += Lanes.ROWS) {
            scores(qkv, rows, first, count);
            for (int r = 0; r < Lanes.ROWS; r++) {
                int row = at + places[r] * columns;
                float shift = 0;
                if (small[r]) {
                    Powers.weights(weights, r, table, row, columns, lanes);
                } else {
                    complete(r, table, row);
                    shift = Powers.max(weights, r, columns);
                    Powers.shift(weights, r, shift, columns);
                    Powers.weights(weights, r, none, 0, columns, lanes);
                }
                saved[saved(r)] = shift;
            }
            Lanes.totals(lanes, Lanes.ROWS, totals);
            for (int r = 0; r < Lanes.ROWS; r++) {
                saved[saved(r) + 1] = 1 / totals[r];
            }
            sums(weights, values);
            for (int r = 0; r < Lanes.ROWS; r++) {
                int to = result(r);
                float factor = saved[saved(r) + 1];
                for (int e = 0; e < features; e++) {
                    attended[to + e] = sums[r * width + e] * factor;
                }
            }
        }
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
        for (int first = 0; first < count; first += Lanes.ROWS) {
            scores(qkv, rows, first, count);
            for (int r = 0; r < Lanes.ROWS; r++) {
                // p is 2^(s − shift) times a factor, which its gradients have in its place; 0 for a row that is there
                // again
                float factor = first + r < count ? saved[saved(r) + 1] : 0;
                totals[r] = delta(gradient, attended, r, factor);
            }
            Lanes.products(slopes, values, above, 0, width, columns);
            for (int e = Lanes.FEATURES; e < width; e += Lanes.FEATURES) {
                Lanes.addProducts(slopes, values, above, e, width, columns);
            }
            for (int r = 0; r < Lanes.ROWS; r++) {
                int row = at + places[r] * columns;
                if (small[r]) {
                    Powers.slopes(weights, slopes, r, totals[r], table, row, ofTable, row, columns);
                } else {
                    complete(r, table, row);
                    Powers.shift(weights, r, saved[saved(r)], columns);
                    Powers.slopes(weights, slopes, r, totals[r], none, 0, ofTable, row, columns);
                }
            }
            for (int e = 0; e < width; e += Lanes.FEATURES) {
                Lanes.spread(ofValues, weights, above, e, width, columns);
                Lanes.spread(ofKeys, slopes, queries, e, width, columns);
            }
            sums(slopes, keys);
            for (int r = 0; r < Lanes.ROWS && first + r < count; r++) {
                int to = query(places[r]);
                for (int e = 0; e < features; e++) {
                    ofQkv[to + e] = sums[r * width + e] * scale;
                }
            }
        }
        for (int j = 0; j < group.length; j++) {
            int to = query(j);
            for (int e = 0; e < features; e++) {
                ofQkv[to + channels + e] = ofKeys[e * columns + j] * LN_2; // queries had log₂e
                ofQkv[to + 2 * channels + e] = ofValues[e * columns + j];
            }
        }
    }

    /** Puts q·kᵀ/√d·log₂e of the rows from the first on into {@link #weights}; the last one again where there are fewer. */
    private void scores(float[] qkv, int[] rows, int first, int count) {
        for (int r = 0; r < Lanes.ROWS; r++) {
            places[r] = rows[Math.min(first + r, count - 1)];
            int from = query(places[r]);
            float square = 0;
            for (int e = 0; e < features; e++) {
                float q = qkv[from + e] * (scale * LOG2_E);
                square += q * q;
                queries[r * width + e] = q;
            }
            small[r] = square <= limit; // false for what is no number
        }
        Lanes.products(weights, keys, queries, 0, width, columns);
        for (int e = Lanes.FEATURES; e < width; e += Lanes.FEATURES) {
            Lanes.addProducts(weights, keys, queries, e, width, columns);
        }
    }

    /** Adds the bias to a row that is to be shifted; columns that only fill are far below all others. */
    private void complete(int r, float[] table, int row) {
        Powers.add(weights, r, table, row, columns);
        Arrays.fill(weights, r * columns + group.length, (r + 1) * columns, -Float.MAX_VALUE);
    }

    /** Puts the products of rows and keys into {@link #sums}. */
    private void sums(float[] rows, float[] keys) {
        for (int e = 0; e < width; e += Lanes.FEATURES) {
            Lanes.sums(rows, keys, e, columns, lanes);
            Lanes.totals(lanes, SUMS, totals);
            for (int i = 0; i < SUMS; i++) {
                sums[i / Lanes.FEATURES * width + e + i % Lanes.FEATURES] = totals[i];
            }
        }
    }

    /** δ of a row, whose gradient times {@code factor} goes to {@link #above}. */
    private float delta(float[] gradient, float[] attended, int r, float factor) {
        int from = result(r);
        float delta = 0;
        for (int e = 0; e < features; e++) {
            float g = factor * gradient[from + e];
            above[r * width + e] = g;
            delta += g * attended[from + e];
        }
        return delta;
    }

    /** Where the query of a token of the group lies among q, k and v; its key C further, its value 2·C. */
    private int query(int place) {
        return (window * tokens + group[place]) * 3 * channels + head * features;
    }

    private int result(int r) {
        return (window * tokens + group[places[r]]) * channels + head * features;
    }

    private int saved(int r) {
        return ((window * tokens + group[places[r]]) * (channels / features) + head) * SAVED;
    }
}
