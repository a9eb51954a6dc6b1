package org.voco4j.engine.vector;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.voco4j.engine.vector.TokenGroups.Pattern;

/**
 * Attention within windows with a trainable bias, there and back, each in one sweep over tables that are never stored.
 *
 * <pre>
 *   s = q·kᵀ/√d + b        p = softmax(s) over the tokens of a group        a = p·v
 * </pre>
 *
 * <p>Tokens are taken from a map and put back to it. Tensors are row-major and given sample by sample, one buffer for each: q, k
 * and v as [N, 3, H, d], a as [N, H, d], and what is saved for the way back as [N, H, 2].
 *
 * <p>Windows of one pattern are cut into slices by their number alone, a slice's gradients are summed window by window, and
 * those of the slices one after the other: the threads that do it change no bit.
 */
public final class WindowKernel {
    private static final int SLICES = 16; // a gradient of the bias is held for each
    private static final int FEWEST = 4; // windows of a slice

    /** Some windows of one pattern, numbered sample by sample. */
    private record Slice(int pattern, int from, int to) {}

    /**
     * Gradients of what all windows have in common.
     *
     * @param bias ∂b, [H, n, n]
     * @param padding of q (which is 0), k and v of padding, [3·C]
     */
    public record Common(float[] bias, float[] padding) {}

    private final TokenGroups groups;
    private final int heads;
    private final int features;
    private final int channels;
    private final float[] padding;
    private final float[][][] tables; // [patterns][groups][H, tokens, columns]
    private final float largest; // of the tables

    /**
     * A kernel for one bias.
     *
     * @param groups who attends to whom
     * @param heads H
     * @param features d, of a head
     * @param padding q, k and v of all padding, [3·C]
     * @param bias b, [H, n, n]
     */
    public WindowKernel(TokenGroups groups, int heads, int features, float[] padding, float[] bias) {
        this.groups = groups;
        this.heads = heads;
        this.features = features;
        this.channels = heads * features;
        this.padding = padding;
        int n = groups.tokens();
        if (bias.length != heads * n * n || padding.length != 3 * channels) {
            throw new IllegalArgumentException("a bias of " + bias.length + " values and padding of " + padding.length
                    + " for " + heads + " heads of " + features + " and " + n + " tokens");
        }
        float most = 0;
        for (float value : bias) {
            most = Math.max(most, Math.abs(value));
        }
        largest = most * WindowRows.LOG2_E;
        tables = new float[groups.patterns().size()][][];
        for (int p = 0; p < tables.length; p++) {
            Pattern pattern = groups.patterns().get(p);
            tables[p] = empty(pattern);
            for (int g = 0; g < tables[p].length; g++) {
                fill(tables[p][g], pattern.groups()[g], bias);
            }
        }
    }

    private void fill(float[] table, int[] group, float[] bias) {
        int n = groups.tokens();
        int columns = WindowRows.columns(group.length);
        for (int row = 0; row < heads * group.length; row++) {
            int from = (row / group.length * n + group[row % group.length]) * n;
            int to = row * columns;
            for (int j = 0; j < group.length; j++) {
                table[to + j] = bias[from + group[j]] * WindowRows.LOG2_E;
            }
            Arrays.fill(table, to + group.length, to + columns, Powers.NOTHING);
        }
    }

    /** Numbers in what is saved for a token. */
    public static int saved(int heads) {
        return heads * WindowRows.SAVED;
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
        Shares.run(slices.size(), threads, () -> {
            WindowRows rows = new WindowRows(features, channels, groups.tokens());
            WindowBlock block = new WindowBlock(groups, 3 * channels);
            float[] in = block.memory(3 * channels);
            float[] out = block.memory(channels);
            float[] kept = block.memory(saved(heads));
            return i -> eachBlock(slices.get(i), block, pattern -> {
                block.read(qkv, in, 3 * channels);
                block.pad(in, padding);
                float[][] table = tables[slices.get(i).pattern];
                eachGroup(pattern, block, (window, head, g, wanted, many) -> {
                    int[] group = pattern.groups()[g];
                    rows.turnTo(in, window, head, group, largest);
                    rows.forward(in, wanted, many, table[g], at(head, group), out, kept);
                });
                block.write(attended, out, channels);
                block.write(saved, kept, saved(heads));
            });
        });
    }

    /**
     * The way back.
     *
     * @param qkv as it was
     * @param attended as it was written
     * @param saved as it was written
     * @param gradient ∂a, in the form of a
     * @param ofQkv ∂q, ∂k and ∂v in the form of q, k and v, written
     * @param threads that may work, this one among them
     */
    public Common backward(
            List<FloatBuffer> qkv,
            List<FloatBuffer> attended,
            List<FloatBuffer> saved,
            List<FloatBuffer> gradient,
            List<FloatBuffer> ofQkv,
            int threads) {
        List<Slice> slices = slices(qkv.size());
        float[][][] ofTables = new float[slices.size()][][]; // of each slice, in the form of its pattern's tables
        double[][] ofPadding = new double[slices.size()][3 * channels];
        Shares.run(slices.size(), threads, () -> {
            WindowRows rows = new WindowRows(features, channels, groups.tokens());
            WindowBlock block = new WindowBlock(groups, 3 * channels);
            float[] in = block.memory(3 * channels);
            float[] out = block.memory(channels);
            float[] kept = block.memory(saved(heads));
            float[] above = block.memory(channels);
            float[] below = block.memory(3 * channels);
            return i -> {
                float[][] sums = empty(groups.patterns().get(slices.get(i).pattern));
                ofTables[i] = sums;
                eachBlock(slices.get(i), block, pattern -> {
                    block.read(qkv, in, 3 * channels);
                    block.pad(in, padding);
                    block.read(attended, out, channels);
                    block.read(saved, kept, saved(heads));
                    block.read(gradient, above, channels);
                    Arrays.fill(below, 0); // of padding alone nothing is written
                    float[][] table = tables[slices.get(i).pattern];
                    eachGroup(pattern, block, (window, head, g, wanted, many) -> {
                        int[] group = pattern.groups()[g];
                        rows.turnTo(in, window, head, group, largest);
                        rows.backward(in, wanted, many, table[g], at(head, group), out, kept, above, sums[g], below);
                    });
                    block.write(ofQkv, below, 3 * channels);
                    block.addPadding(below, ofPadding[i]);
                });
            };
        });
        return new Common(ofBias(slices, ofTables), ofPadding(ofPadding));
    }

    private void eachBlock(Slice slice, WindowBlock block, Consumer<Pattern> visit) {
        Pattern pattern = groups.patterns().get(slice.pattern);
        for (int from = slice.from; from < slice.to; ) {
            from = block.turnTo(pattern, from, slice.to);
            visit.accept(pattern);
        }
    }

    /** A head of a group of a window of the block, with the places of those of its tokens that are no padding. */
    private interface Visit {
        void of(int window, int head, int group, int[] wanted, int many);
    }

    /** Head by head, so that a head's table is in the cache for all windows of the block; groups of padding alone are left out. */
    private void eachGroup(Pattern pattern, WindowBlock block, Visit visit) {
        int[] wanted = new int[groups.tokens()];
        for (int head = 0; head < heads; head++) {
            for (int w = 0; w < block.count(); w++) {
                for (int g = 0; g < pattern.groups().length; g++) {
                    int many = wanted(pattern.groups()[g], block.window(w), wanted);
                    if (many > 0) {
                        visit.of(w, head, g, wanted, many);
                    }
                }
            }
        }
    }

    /** Puts the places of a group's tokens that are no padding into {@code wanted}; how many these are. */
    private int wanted(int[] group, int window, int[] wanted) {
        int many = 0;
        for (int j = 0; j < group.length; j++) {
            if (groups.place(window, group[j]) >= 0) {
                wanted[many++] = j;
            }
        }
        return many;
    }

    /** The gradients of the tables: those of a pattern are summed in its form, then go to their places. */
    private float[] ofBias(List<Slice> slices, float[][][] sums) {
        int n = groups.tokens();
        float[] ofBias = new float[heads * n * n];
        for (int i = 0; i < slices.size(); i++) {
            boolean last = i + 1 == slices.size() || slices.get(i + 1).pattern != slices.get(i).pattern;
            int[][] members = groups.patterns().get(slices.get(i).pattern).groups();
            for (int g = 0; g < members.length; g++) {
                if (last) {
                    add(sums[i][g], members[g], ofBias);
                } else {
                    add(sums[i][g], sums[i + 1][g]);
                }
            }
        }
        return ofBias;
    }

    private static void add(float[] table, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += table[i];
        }
    }

    private void add(float[] table, int[] group, float[] ofBias) {
        int n = groups.tokens();
        int columns = WindowRows.columns(group.length);
        for (int row = 0; row < heads * group.length; row++) {
            int to = (row / group.length * n + group[row % group.length]) * n;
            for (int j = 0; j < group.length; j++) {
                ofBias[to + group[j]] += table[row * columns + j];
            }
        }
    }

    private static float[] ofPadding(double[][] sums) {
        float[] ofPadding = new float[sums[0].length];
        for (int e = 0; e < ofPadding.length; e++) {
            double sum = 0;
            for (double[] ofSlice : sums) {
                sum += ofSlice[e];
            }
            ofPadding[e] = (float) sum;
        }
        return ofPadding;
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
}
