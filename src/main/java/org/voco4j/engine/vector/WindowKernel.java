package org.voco4j.engine.vector;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.voco4j.engine.vector.TokenGroups.Pattern;

/**
 * Attention within windows with a trainable bias, there and back, each in one sweep over tables that are never stored.
 *
 * <pre>
 *   s = q·kᵀ/√d + b        p = softmax(s) over the tokens of a group        a = p·v
 * </pre>
 *
 * <p>Tensors are row-major and given sample by sample, one buffer for each: q, k and v as [W, n, 3, H, d], a as [W, n, H, d]
 * (0 for padding), and what is saved for the way back as [W, H, n, 2].
 *
 * <p>Windows of one pattern are cut into slices by their number alone, a slice's gradient of the bias is summed window by
 * window, and those of the slices one after the other: the threads that do it change no bit.
 */
public final class WindowKernel {
    private static final int SLICES = 16; // a gradient of the bias is held for each
    private static final int FEWEST = 4; // windows of a slice
    private static final int BLOCK = 1 << 18; // values of q, k and v held at once by a thread: 1 MB, a core's cache
    private static final float NOTHING = -1e30f; // the bias of columns that only fill a vector

    /** Some windows of one pattern, numbered sample by sample. */
    private record Slice(int pattern, int from, int to) {}

    private final TokenGroups groups;
    private final int heads;
    private final int features;
    private final int channels;
    private final float[][][] tables; // [patterns][groups][H, tokens, columns]

    /**
     * A kernel for one bias.
     *
     * @param groups who attends to whom
     * @param heads H
     * @param features d, of a head
     * @param bias b, [H, n, n]
     */
    public WindowKernel(TokenGroups groups, int heads, int features, float[] bias) {
        this.groups = groups;
        this.heads = heads;
        this.features = features;
        this.channels = heads * features;
        int n = groups.tokens();
        if (bias.length != heads * n * n) {
            throw new IllegalArgumentException(
                    "a bias of " + bias.length + " values for " + heads + " heads and " + n + " tokens");
        }
        tables = new float[groups.patterns().size()][][];
        for (int p = 0; p < tables.length; p++) {
            tables[p] = empty(groups.patterns().get(p));
            int[][] members = groups.patterns().get(p).groups();
            for (int g = 0; g < members.length; g++) {
                float[] table = tables[p][g];
                Arrays.fill(table, NOTHING);
                eachPair(members[g], (inTable, inBias) -> table[inTable] = bias[inBias]);
            }
        }
    }

    /** Numbers in what is saved for a window. */
    public static int saved(int heads, int tokens) {
        return heads * tokens * WindowRows.SAVED;
    }

    /**
     * Attends.
     *
     * @param qkv a buffer for each sample
     * @param attended written
     * @param saved written
     * @param threads that may work, this one among them
     */
    public void forward(List<FloatBuffer> qkv, List<FloatBuffer> attended, List<FloatBuffer> saved, int threads) {
        List<Slice> slices = slices(qkv.size());
        int n = groups.tokens();
        Shares.run(slices.size(), threads, i -> {
            Slice slice = slices.get(i);
            Pattern pattern = groups.patterns().get(slice.pattern);
            int block = block(slice);
            WindowRows rows = new WindowRows(features, channels, n);
            float[] in = new float[block * n * 3 * channels];
            float[] out = new float[block * n * channels];
            float[] kept = new float[block * saved(heads, n)];
            for (int from = slice.from; from < slice.to; from += block) {
                int count = Math.min(block, slice.to - from);
                read(qkv, in, pattern, from, count, n * 3 * channels);
                Arrays.fill(out, 0);
                eachGroup(pattern, from, count, (window, head, g, wanted, many) -> {
                    int[] group = pattern.groups()[g];
                    rows.turnTo(in, window, head, group);
                    rows.forward(in, wanted, many, tables[slice.pattern][g], at(head, group), out, kept);
                });
                write(attended, out, pattern, from, count, n * channels);
                write(saved, kept, pattern, from, count, saved(heads, n));
            }
        });
    }

    /**
     * The way back.
     *
     * @param qkv as it was
     * @param attended as it was written
     * @param saved as it was written
     * @param gradient ∂a, in the form of a; that of padding is not read
     * @param ofQkv ∂q, ∂k and ∂v in the form of q, k and v, written
     * @param threads that may work, this one among them
     * @return ∂b, [H, n, n]
     */
    public float[] backward(
            List<FloatBuffer> qkv,
            List<FloatBuffer> attended,
            List<FloatBuffer> saved,
            List<FloatBuffer> gradient,
            List<FloatBuffer> ofQkv,
            int threads) {
        List<Slice> slices = slices(qkv.size());
        int n = groups.tokens();
        float[][][] sums = new float[slices.size()][][]; // of each slice, in the form of its pattern's tables
        Shares.run(slices.size(), threads, i -> {
            Slice slice = slices.get(i);
            Pattern pattern = groups.patterns().get(slice.pattern);
            int block = block(slice);
            WindowRows rows = new WindowRows(features, channels, n);
            float[] in = new float[block * n * 3 * channels];
            float[] out = new float[block * n * channels];
            float[] kept = new float[block * saved(heads, n)];
            float[] above = new float[block * n * channels];
            float[] below = new float[block * n * 3 * channels];
            float[][] ofTables = empty(pattern);
            for (int from = slice.from; from < slice.to; from += block) {
                int count = Math.min(block, slice.to - from);
                read(qkv, in, pattern, from, count, n * 3 * channels);
                read(attended, out, pattern, from, count, n * channels);
                read(saved, kept, pattern, from, count, saved(heads, n));
                read(gradient, above, pattern, from, count, n * channels);
                Arrays.fill(below, 0);
                eachGroup(pattern, from, count, (window, head, g, wanted, many) -> {
                    int[] group = pattern.groups()[g];
                    float[] table = tables[slice.pattern][g];
                    rows.turnTo(in, window, head, group);
                    rows.backward(in, wanted, many, table, at(head, group), out, kept, above, ofTables[g], below);
                });
                write(ofQkv, below, pattern, from, count, n * 3 * channels);
            }
            sums[i] = ofTables;
        });
        return gathered(slices, sums);
    }

    /** A head of a group of a window of the block, with the places of those of its tokens that are no padding. */
    private interface Visit {
        void of(int window, int head, int group, int[] wanted, int many);
    }

    /** Head by head, so that a head's table is in the cache for all windows of the block; groups of padding alone are left out. */
    private void eachGroup(Pattern pattern, int from, int count, Visit visit) {
        int[] wanted = new int[groups.tokens()];
        for (int head = 0; head < heads; head++) {
            for (int w = 0; w < count; w++) {
                for (int g = 0; g < pattern.groups().length; g++) {
                    int many = wanted(pattern.groups()[g], window(pattern, from + w), wanted);
                    if (many > 0) {
                        visit.of(w, head, g, wanted, many);
                    }
                }
            }
        }
    }

    private float[] gathered(List<Slice> slices, float[][][] sums) {
        int n = groups.tokens();
        float[] ofBias = new float[heads * n * n];
        for (int i = 0; i < slices.size(); i++) {
            int[][] members = groups.patterns().get(slices.get(i).pattern).groups();
            for (int g = 0; g < members.length; g++) {
                float[] sum = sums[i][g];
                eachPair(members[g], (inTable, inBias) -> ofBias[inBias] += sum[inTable]);
            }
        }
        return ofBias;
    }

    /** Places of a pair of tokens of a group. */
    private interface Pair {
        void at(int inTable, int inBias);
    }

    private void eachPair(int[] group, Pair pair) {
        int n = groups.tokens();
        int columns = WindowRows.columns(group.length);
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < group.length; i++) {
                for (int j = 0; j < group.length; j++) {
                    pair.at(at(head, group) + i * columns + j, (head * n + group[i]) * n + group[j]);
                }
            }
        }
    }

    /** Zeros in the form of a pattern's tables. */
    private float[][] empty(Pattern pattern) {
        return Arrays.stream(pattern.groups())
                .map(group -> new float[at(heads, group)])
                .toArray(float[][]::new);
    }

    /** Where a head's part of a group's table begins. */
    private static int at(int head, int[] group) {
        return head * group.length * WindowRows.columns(group.length);
    }

    private List<Slice> slices(int samples) {
        int all = samples * groups.windows();
        int length = Math.max(FEWEST, (all + SLICES - 1) / SLICES);
        List<Slice> slices = new ArrayList<>();
        for (int p = 0; p < groups.patterns().size(); p++) {
            int windows = samples * groups.patterns().get(p).windows().length;
            for (int from = 0; from < windows; from += length) {
                slices.add(new Slice(p, from, Math.min(windows, from + length)));
            }
        }
        return slices;
    }

    private int block(Slice slice) {
        return Math.min(slice.to - slice.from, Math.max(1, BLOCK / (groups.tokens() * 3 * channels)));
    }

    /** Puts the places of a group's tokens that are no padding into {@code wanted}; how many these are. */
    private int wanted(int[] group, int window, int[] wanted) {
        int many = 0;
        for (int j = 0; j < group.length; j++) {
            if (!groups.isPadding(window, group[j])) {
                wanted[many++] = j;
            }
        }
        return many;
    }

    private static int window(Pattern pattern, int number) {
        return pattern.windows()[number % pattern.windows().length];
    }

    private static FloatBuffer sample(List<FloatBuffer> samples, Pattern pattern, int number) {
        return samples.get(number / pattern.windows().length);
    }

    private static void read(List<FloatBuffer> from, float[] block, Pattern pattern, int first, int count, int size) {
        for (int w = 0; w < count; w++) {
            sample(from, pattern, first + w).get(window(pattern, first + w) * size, block, w * size, size);
        }
    }

    private static void write(List<FloatBuffer> to, float[] block, Pattern pattern, int first, int count, int size) {
        for (int w = 0; w < count; w++) {
            sample(to, pattern, first + w).put(window(pattern, first + w) * size, block, w * size, size);
        }
    }
}
