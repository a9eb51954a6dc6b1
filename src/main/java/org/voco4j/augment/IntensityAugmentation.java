package org.voco4j.augment;

import java.util.SplittableRandom;

/**
 * What is done to the intensities of a view, each with a probability of its own and in this order: noise, a factor, contrast,
 * gamma (nnssl's SimCLR, without its blur and low resolution).
 *
 * <pre>
 *   noise      v + N(0, σ)                           σ uniform in [0, 0.1]
 *   multiply   v·f                                   f in [0.75, 1.25]
 *   contrast   (v − mean)·f + mean, cut to the old minimum and maximum
 *   gamma      ((v − min)/r)^g·r + min, r = max − min + 1e-7, mean and deviation restored; half of them on −v, and negated
 *                                                    g in [0.7, 1.5]
 * </pre>
 *
 * <p>Factors of contrast and gammas lie below 1 half of the time.
 */
public record IntensityAugmentation(double noise, double multiply, double contrast, double gamma) {
    private static final double MOST_NOISE = 0.1;
    private static final double LOW = 0.75;
    private static final double HIGH = 1.25;
    private static final double LOW_GAMMA = 0.7;
    private static final double HIGH_GAMMA = 1.5;
    private static final double SMALL = 1e-7;

    /** Checks the probabilities. */
    public IntensityAugmentation {
        for (double probability : new double[] {noise, multiply, contrast, gamma}) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException("augmentation probabilities lie in [0, 1], not " + probability);
            }
        }
    }

    /**
     * What is done to one view.
     *
     * @param sigma of the noise, 0 for none
     * @param seed of the noise
     * @param factor all values are multiplied by, 1 for none
     * @param spread factor of the contrast, 1 for none
     * @param gamma exponent, 1 for none
     * @param inverted whether the exponent acts on the negative
     */
    public record View(double sigma, long seed, double factor, double spread, double gamma, boolean inverted) {

        /** The view with it done. */
        public float[] apply(float[] values) {
            double[] v = new double[values.length];
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < v.length; i++) {
                v[i] = factor * (values[i] + (sigma > 0 ? sigma * gaussian(random) : 0));
            }
            if (spread != 1) {
                IntensityAugmentation.contrast(v, spread);
            }
            if (gamma != 1) {
                IntensityAugmentation.gamma(v, gamma, inverted);
            }
            float[] out = new float[v.length];
            for (int i = 0; i < v.length; i++) {
                out[i] = (float) v[i];
            }
            return out;
        }
    }

    /** A number of the standard normal distribution (Box and Muller 1958). */
    private static double gaussian(SplittableRandom random) {
        double u = 1 - random.nextDouble();
        return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    static void contrast(double[] v, double factor) {
        double mean = mean(v);
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : v) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        for (int i = 0; i < v.length; i++) {
            v[i] = Math.min(high, Math.max(low, (v[i] - mean) * factor + mean));
        }
    }

    static void gamma(double[] v, double gamma, boolean inverted) {
        double sign = inverted ? -1 : 1;
        double mean = sign * mean(v);
        double deviation = deviation(v);
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : v) {
            low = Math.min(low, sign * value);
            high = Math.max(high, sign * value);
        }
        double range = high - low + SMALL;
        for (int i = 0; i < v.length; i++) {
            v[i] = Math.pow((sign * v[i] - low) / range, gamma) * range + low;
        }
        double newMean = mean(v);
        double newDeviation = deviation(v) + 1e-8;
        for (int i = 0; i < v.length; i++) {
            v[i] = sign * ((v[i] - newMean) / newDeviation * deviation + mean);
        }
    }

    private static double mean(double[] v) {
        double sum = 0;
        for (double value : v) {
            sum += value;
        }
        return sum / v.length;
    }

    private static double deviation(double[] v) {
        double mean = mean(v);
        double sum = 0;
        for (double value : v) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / v.length);
    }

    /** Draws what is done to one view. */
    public View sample(SplittableRandom random) {
        double sigma = random.nextDouble() < noise ? MOST_NOISE * random.nextDouble() : 0;
        long seed = random.nextLong();
        double factor = random.nextDouble() < multiply ? random.nextDouble(LOW, HIGH) : 1;
        double spread = random.nextDouble() < contrast ? aroundOne(random, LOW, HIGH) : 1;
        boolean bends = random.nextDouble() < gamma;
        boolean inverted = bends && random.nextBoolean();
        return new View(sigma, seed, factor, spread, bends ? aroundOne(random, LOW_GAMMA, HIGH_GAMMA) : 1, inverted);
    }

    private static double aroundOne(SplittableRandom random, double low, double high) {
        return random.nextBoolean() ? random.nextDouble(low, 1) : random.nextDouble(1, high);
    }
}
