package org.voco4j.engine.vector;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Group norm, a sum and a leaky ReLU in one pass over maps whose channels lie side by side, there and back.
 *
 * <pre>
 *   y = relu(γ·x̂ + β + s)     x̂ = (x − μ)/√(σ² + ε) over all voxels of a sample and a group of channels (biased variance)
 *   ∂x = r·(γg − mean(γg) − x̂·mean(γg·x̂))     ∂s = g     with r = 1/√(σ² + ε), g = ∂y, times the slope unless y > 0
 * </pre>
 *
 * <p>Maps are given sample by sample, each as [V, C]. A sample is taken in slices and these in blocks that stay in
 * a core's cache, and moments of blocks are joined in 64 bits in their order: the threads that do it change no bit.
 */
public final class NormKernel {
    private static final int BLOCK = 1 << 13; // numbers or so: 32 KB
    private static final int BLOCKS = 64; // of a slice

    private final int channels;
    private final int groups;
    private final float[] gamma;
    private final float[] beta;
    private final double epsilon;
    private final float slope;
    private final int period;
    private final int block;

    /**
     * A kernel.
     *
     * @param channels C
     * @param groups of neighbouring channels, as many in each
     * @param gamma γ, [C]
     * @param beta β, [C]
     * @param slope of the ReLU below 0; 1 for none
     */
    public NormKernel(int channels, int groups, float[] gamma, float[] beta, double epsilon, float slope) {
        this.channels = channels;
        this.groups = groups;
        this.gamma = gamma;
        this.beta = beta;
        this.epsilon = epsilon;
        this.slope = slope;
        period = NormLanes.period(channels);
        block = Math.max(1, BLOCK / period) * period;
    }

    /** What is known of a sample's channels: μ of their groups and r. */
    public record Moments(double[] mean, double[] factor) {}

    /** Gradients of γ and β, [C]. */
    public record OfAffine(float[] gamma, float[] beta) {}

    /**
     * The way there.
     *
     * @param x each sample
     * @param shortcut s, or null for none
     * @param y written
     * @param threads that may work, this one among them
     * @return for each sample, what the way back needs
     */
    public Moments[] forward(List<Numbers> x, @Nullable List<Numbers> shortcut, List<Numbers> y, int threads) {
        double[][][] parts = new double[x.size()][slices(x)][];
        eachSlice(x, threads, (sample, slice, room) -> parts[sample][slice] = moments(x.get(sample), slice, room));
        Moments[] moments = new Moments[x.size()];
        float[][][] affine = new float[x.size()][][];
        for (int sample = 0; sample < x.size(); sample++) {
            moments[sample] = joined(parts[sample]);
            affine[sample] = forwardAffine(moments[sample]);
        }
        eachSlice(x, threads, (sample, slice, room) -> {
            Numbers other = shortcut == null ? null : shortcut.get(sample);
            apply(x.get(sample), other, y.get(sample), affine[sample], slice, room);
        });
        return moments;
    }

    /**
     * The way back.
     *
     * @param x as it was
     * @param y as it was written; null where no s was added, when x says the same
     * @param gradient ∂y
     * @param moments as they were returned
     * @param ofX ∂x, written
     * @param ofShortcut ∂s, written, or null where it is not wanted
     */
    public OfAffine backward(
            List<Numbers> x,
            @Nullable List<Numbers> y,
            List<Numbers> gradient,
            Moments[] moments,
            List<Numbers> ofX,
            @Nullable List<Numbers> ofShortcut,
            int threads) {
        Above[] above = new Above[x.size()];
        for (int sample = 0; sample < x.size(); sample++) {
            above[sample] =
                    new Above(gradient.get(sample), y == null ? null : y.get(sample), forwardAffine(moments[sample]));
        }
        double[][][] parts = new double[x.size()][slices(x)][];
        eachSlice(
                x,
                threads,
                (sample, slice, room) ->
                        parts[sample][slice] = gradientSums(x.get(sample), above[sample], slice, room));
        double[][] sums = new double[x.size()][];
        float[][][] affine = new float[x.size()][][];
        for (int sample = 0; sample < x.size(); sample++) {
            sums[sample] = gradientSum(parts[sample], moments[sample]);
            affine[sample] =
                    backwardAffine(moments[sample], sums[sample], x.get(sample).count() / channels);
        }
        eachSlice(x, threads, (sample, slice, room) -> {
            Numbers aside = ofShortcut == null ? null : ofShortcut.get(sample);
            gradient(x.get(sample), above[sample], affine[sample], ofX.get(sample), aside, slice, room);
        });
        return ofAffine(sums, moments);
    }

    // ---- threads ----

    private interface Slice {
        void of(int sample, int slice, Room room);
    }

    private void eachSlice(List<Numbers> samples, int threads, Slice work) {
        int slices = slices(samples);
        Shares.run(samples.size() * slices, threads, () -> {
            Room room = new Room(samples.get(0));
            return i -> work.of(i / slices, i % slices, room);
        });
    }

    /** Of a sample; all are of one size. */
    private int slices(List<Numbers> samples) {
        return (samples.get(0).count() + BLOCKS * block - 1) / (BLOCKS * block);
    }

    // ---- blocks ----

    /** Memory of one thread for a block of each map. */
    private final class Room {
        final float[] x;
        final float[] other;
        final float[] result;
        final float[] sums = new float[period];
        final float[] squares = new float[period];
        final float[] middle = new float[period];
        final short[] brain;

        Room(Numbers map) {
            int most = Math.min(block, map.count());
            x = new float[most];
            other = new float[most];
            result = new float[most];
            brain = map.room(most);
        }
    }

    private int end(Numbers map, int slice) {
        return Math.min(map.count(), (slice + 1) * BLOCKS * block);
    }

    /** Of each channel: how many numbers, their mean, and the sum of their squared distances from it. */
    private double[] moments(Numbers map, int slice, Room room) {
        double[] all = new double[3 * channels];
        int end = end(map, slice);
        for (int from = slice * BLOCKS * block; from < end; from += block) {
            int count = Math.min(block, end - from);
            map.get(from, room.x, count, room.brain);
            int each = count / channels;
            NormLanes.sums(room.x, count, period, room.sums);
            double[] about = perChannel(room.sums);
            for (int c = 0; c < channels; c++) {
                about[c] /= each;
            }
            repeat(about, room.middle);
            NormLanes.moments(room.x, count, period, room.middle, room.sums, room.squares);
            double[] sum = perChannel(room.sums); // of what little the first sum, in 32 bits, was off
            double[] square = perChannel(room.squares);
            for (int c = 0; c < channels; c++) {
                double off = sum[c] / each;
                join(all, c, each, room.middle[c] + off, square[c] - each * off * off);
            }
        }
        return all;
    }

    /** Joins moments of more numbers to a channel's (Chan, Golub and LeVeque 1979). */
    private static void join(double[] all, int c, double count, double mean, double squares) {
        double before = all[3 * c];
        double whole = before + count;
        double apart = mean - all[3 * c + 1];
        all[3 * c] = whole;
        all[3 * c + 1] += apart * count / whole;
        all[3 * c + 2] += squares + apart * apart * before * count / whole;
    }

    private Moments joined(double[][] parts) {
        double[] all = new double[3 * channels];
        for (double[] part : parts) {
            for (int c = 0; c < channels; c++) {
                join(all, c, part[3 * c], part[3 * c + 1], part[3 * c + 2]);
            }
        }
        double[] mean = new double[channels];
        double[] factor = new double[channels];
        int size = channels / groups;
        for (int first = 0; first < channels; first += size) {
            double[] group = new double[3];
            for (int c = first; c < first + size; c++) {
                join(group, 0, all[3 * c], all[3 * c + 1], all[3 * c + 2]);
            }
            Arrays.fill(mean, first, first + size, group[1]);
            Arrays.fill(factor, first, first + size, 1 / Math.sqrt(group[2] / group[0] + epsilon));
        }
        return new Moments(mean, factor);
    }

    private void apply(Numbers map, @Nullable Numbers shortcut, Numbers y, float[][] affine, int slice, Room room) {
        int end = end(map, slice);
        for (int from = slice * BLOCKS * block; from < end; from += block) {
            int count = Math.min(block, end - from);
            map.get(from, room.x, count, room.brain);
            if (shortcut != null) {
                shortcut.get(from, room.other, count, room.brain);
            }
            NormLanes.apply(room.x, shortcut != null, room.other, count, period, affine, slope);
            y.put(from, room.x, count, room.brain);
        }
    }

    /** Of each channel Σ g, then Σ g·(x − μ). */
    private double[] gradientSums(Numbers map, Above above, int slice, Room room) {
        double[] all = new double[2 * channels];
        int end = end(map, slice);
        for (int from = slice * BLOCKS * block; from < end; from += block) {
            int count = Math.min(block, end - from);
            map.get(from, room.x, count, room.brain);
            above.read(room, from, count);
            NormLanes.gradientSums(room.other, room.x, count, period, above.affine[0], room.sums, room.squares);
            double[] sum = perChannel(room.sums);
            double[] product = perChannel(room.squares);
            for (int c = 0; c < channels; c++) {
                all[c] += sum[c];
                all[channels + c] += product[c];
            }
        }
        return all;
    }

    /** The same of all slices of a sample. */
    private double[] gradientSum(double[][] parts, Moments moments) {
        double[] sum = new double[2 * channels];
        for (double[] part : parts) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += part[i];
            }
        }
        for (int c = 0; c < channels; c++) {
            sum[channels + c] += rounding(moments, c) * sum[c];
        }
        return sum;
    }

    private void gradient(
            Numbers map,
            Above above,
            float[][] affine,
            Numbers ofX,
            @Nullable Numbers ofShortcut,
            int slice,
            Room room) {
        int end = end(map, slice);
        for (int from = slice * BLOCKS * block; from < end; from += block) {
            int count = Math.min(block, end - from);
            map.get(from, room.x, count, room.brain);
            above.read(room, from, count);
            if (ofShortcut != null) {
                ofShortcut.put(from, room.other, count, room.brain);
            }
            NormLanes.gradient(room.other, room.x, count, period, affine);
            ofX.put(from, room.x, count, room.brain);
        }
    }

    /** The gradient of what lies before the ReLU, of one sample. */
    private final class Above {
        private final Numbers gradient;
        private final @Nullable Numbers y;
        final float[][] affine; // of the way there

        Above(Numbers gradient, @Nullable Numbers y, float[][] affine) {
            this.gradient = gradient;
            this.y = y;
            this.affine = affine;
        }

        /** Into {@code other}; {@code x} has been read. */
        void read(Room room, int from, int count) {
            gradient.get(from, room.other, count, room.brain);
            if (slope == 1) {
                return;
            }
            if (y == null) { // one map less to read
                System.arraycopy(room.x, 0, room.result, 0, count);
                NormLanes.apply(room.result, false, room.result, count, period, affine, 1);
            } else {
                y.get(from, room.result, count, room.brain);
            }
            NormLanes.backThroughRelu(room.other, room.result, count, slope);
        }
    }

    // ---- channels ----

    /** By how much μ changes where it has 32 bits: what is said of x − μ is made good for it. */
    private static double rounding(Moments moments, int c) {
        return (float) moments.mean[c] - moments.mean[c];
    }

    private float[][] forwardAffine(Moments moments) {
        double[] scale = new double[channels];
        for (int c = 0; c < channels; c++) {
            scale[c] = gamma[c] * moments.factor[c];
        }
        double[] shift = new double[channels];
        for (int c = 0; c < channels; c++) {
            shift[c] = beta[c] + rounding(moments, c) * scale[c];
        }
        return new float[][] {repeated(moments.mean), repeated(scale), repeated(shift)};
    }

    /** With N numbers in a group: ∂x = rγ·g − r³/N·Σγg(x − μ)·(x − μ) − r/N·Σγg. */
    private float[][] backwardAffine(Moments moments, double[] sums, int voxels) {
        double[] scale = new double[channels];
        double[] shift = new double[channels];
        double[] tilt = new double[channels];
        int size = channels / groups;
        double numbers = (double) size * voxels;
        for (int first = 0; first < channels; first += size) {
            double sum = 0;
            double product = 0;
            for (int c = first; c < first + size; c++) {
                sum += gamma[c] * sums[c];
                product += gamma[c] * sums[channels + c];
            }
            double r = moments.factor[first];
            for (int c = first; c < first + size; c++) {
                scale[c] = r * gamma[c];
                tilt[c] = -r * r * r * product / numbers;
                shift[c] = -r * sum / numbers + rounding(moments, c) * tilt[c];
            }
        }
        return new float[][] {repeated(moments.mean), repeated(scale), repeated(shift), repeated(tilt)};
    }

    private OfAffine ofAffine(double[][] sums, Moments[] moments) {
        float[] ofGamma = new float[channels];
        float[] ofBeta = new float[channels];
        for (int c = 0; c < channels; c++) {
            double byGamma = 0;
            double byBeta = 0;
            for (int sample = 0; sample < sums.length; sample++) {
                byGamma += sums[sample][channels + c] * moments[sample].factor[c];
                byBeta += sums[sample][c];
            }
            ofGamma[c] = (float) byGamma;
            ofBeta[c] = (float) byBeta;
        }
        return new OfAffine(ofGamma, ofBeta);
    }

    /** Sums of a period's places, channel by channel. */
    private double[] perChannel(float[] places) {
        double[] sums = new double[channels];
        for (int i = 0; i < period; i++) {
            sums[i % channels] += places[i];
        }
        return sums;
    }

    private float[] repeated(double[] perChannel) {
        float[] places = new float[period];
        repeat(perChannel, places);
        return places;
    }

    private void repeat(double[] perChannel, float[] places) {
        for (int i = 0; i < period; i++) {
            places[i] = (float) perChannel[i % channels];
        }
    }
}
