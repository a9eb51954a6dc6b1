package org.voco4j.augment;

import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.volume.Shape3;

/**
 * What is done to the intensities of a view, each with a probability and a range of its own and in this order.
 *
 * <pre>
 *   noise          v + N(0, σ)
 *   blur           by a normal distribution of σ voxels
 *   multiply       v·f
 *   contrast       (v − mean)·f + mean, cut to the old minimum and maximum
 *   lowResolution  nearest voxels of a grid of z times the resolution, brought back by cubic interpolation
 *   inverted       gamma of −v, negated again
 *   gamma          ((v − min)/r)^g·r + min, r = max − min + 1e-7, mean and deviation restored
 *   solarise       1 − v where v is above t
 * </pre>
 *
 * <p>Formulas are those of batchgenerators, as nnssl uses them; the last is torchvision's. Factors of contrast and gammas lie below 1 half of
 * the time, where their range has both sides.
 *
 * @param noise σ
 * @param blur σ, in voxels
 * @param multiply f
 * @param contrast f
 * @param lowResolution z
 * @param inverted g
 * @param gamma g
 * @param solarise t
 */
public record IntensityAugmentation(
        Change noise,
        Change blur,
        Change multiply,
        Change contrast,
        Change lowResolution,
        Change inverted,
        Change gamma,
        Change solarise) {
    private static final double SMALL = 1e-7;

    /**
     * One of them.
     *
     * @param probability that it is done
     * @param least of what is drawn
     * @param most of it
     */
    public record Change(double probability, double least, double most) {
        /** Never done. */
        public static final Change NEVER = new Change(0, 1, 1);

        /** Checks the numbers. */
        public Change {
            if (!(probability >= 0 && probability <= 1 && least >= 0 && least <= most)) {
                throw new IllegalArgumentException("a change of intensities needs a probability in [0, 1] and a range"
                        + " 0 <= least <= most, not " + List.of(probability, least, most));
            }
        }

        /** A number of the range, or {@code none} where nothing is done. */
        private double draw(SplittableRandom random, double none) {
            boolean done = random.nextDouble() < probability;
            double number = between(random, least, most);
            return done ? number : none;
        }

        /** The same, below 1 half of the time. */
        private double drawAroundOne(SplittableRandom random) {
            boolean done = random.nextDouble() < probability;
            boolean below = (random.nextBoolean() || most <= 1) && least < 1;
            double number =
                    below ? between(random, least, Math.min(1, most)) : between(random, Math.max(1, least), most);
            return done ? number : 1;
        }

        private static double between(SplittableRandom random, double low, double high) {
            return low + (high - low) * random.nextDouble();
        }
    }

    /** Checks the ranges that a formula bounds. */
    public IntensityAugmentation {
        if (lowResolution.probability > 0 && (lowResolution.least <= 0 || lowResolution.most > 1)) {
            throw new IllegalArgumentException("a lower resolution has a factor in (0, 1], not from "
                    + lowResolution.least + " to " + lowResolution.most);
        }
        if (blur.probability > 0 && blur.least <= 0) {
            throw new IllegalArgumentException("a blur has a deviation above 0 voxels, not from " + blur.least);
        }
    }

    /** With nnssl's ranges and without blur, low resolution and solarisation; half of the gammas are inverted. */
    public static IntensityAugmentation of(double noise, double multiply, double contrast, double gamma) {
        Change half = new Change(gamma / 2, 0.7, 1.5);
        return new IntensityAugmentation(
                new Change(noise, 0, 0.1),
                Change.NEVER,
                new Change(multiply, 0.75, 1.25),
                new Change(contrast, 0.75, 1.25),
                Change.NEVER,
                half,
                half,
                Change.NEVER);
    }

    /**
     * What is done to one view.
     *
     * @param noise σ, 0 for none
     * @param seed of the noise
     * @param blur σ in voxels, 0 for none
     * @param factor f of all values, 1 for none
     * @param contrast f of what differs from the mean, 1 for none
     * @param resolution z, 1 for none
     * @param inverted g of the negative, 1 for none
     * @param gamma g, 1 for none
     * @param solarised t, infinite for none
     */
    public record View(
            double noise,
            long seed,
            double blur,
            double factor,
            double contrast,
            double resolution,
            double inverted,
            double gamma,
            double solarised) {

        /** The view with it done, as a new array. */
        public float[] apply(float[] values, Shape3 shape) {
            double[] v = new double[values.length];
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < v.length; i++) {
                v[i] = values[i] + (noise > 0 ? noise * random.nextGaussian() : 0);
            }
            if (blur > 0) {
                GaussianBlur.apply(v, shape, blur);
            }
            multiply(v, factor);
            if (contrast != 1) {
                IntensityAugmentation.contrast(v, contrast);
            }
            if (resolution != 1) {
                LowResolution.apply(v, shape, resolution);
            }
            if (inverted != 1) {
                multiply(v, -1);
                IntensityAugmentation.gamma(v, inverted);
                multiply(v, -1);
            }
            if (gamma != 1) {
                IntensityAugmentation.gamma(v, gamma);
            }
            solarise(v, solarised);
            float[] out = new float[v.length];
            for (int i = 0; i < v.length; i++) {
                out[i] = (float) v[i];
            }
            return out;
        }
    }

    static void multiply(double[] v, double factor) {
        for (int i = 0; i < v.length; i++) {
            v[i] *= factor;
        }
    }

    static void solarise(double[] v, double threshold) {
        for (int i = 0; i < v.length; i++) {
            v[i] = v[i] > threshold ? 1 - v[i] : v[i];
        }
    }

    static void contrast(double[] v, double factor) {
        double mean = mean(v);
        double[] range = range(v);
        for (int i = 0; i < v.length; i++) {
            v[i] = Math.min(range[1], Math.max(range[0], (v[i] - mean) * factor + mean));
        }
    }

    /** The curve, then the mean and the deviation that were there before it. */
    static void gamma(double[] v, double gamma) {
        double mean = mean(v);
        double deviation = deviation(v);
        curve(v, gamma);
        double newMean = mean(v);
        double newDeviation = deviation(v) + 1e-8;
        for (int i = 0; i < v.length; i++) {
            v[i] = (v[i] - newMean) / newDeviation * deviation + mean;
        }
    }

    static void curve(double[] v, double gamma) {
        double[] range = range(v);
        double width = range[1] - range[0] + SMALL;
        for (int i = 0; i < v.length; i++) {
            v[i] = Math.pow((v[i] - range[0]) / width, gamma) * width + range[0];
        }
    }

    private static double[] range(double[] v) {
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (double value : v) {
            range[0] = Math.min(range[0], value);
            range[1] = Math.max(range[1], value);
        }
        return range;
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

    /** Draws what is done to one view; what is drawn for one change does not depend on the others' probabilities. */
    public View sample(SplittableRandom random) {
        return new View(
                noise.draw(random, 0),
                random.nextLong(),
                blur.draw(random, 0),
                multiply.draw(random, 1),
                contrast.drawAroundOne(random),
                lowResolution.draw(random, 1),
                inverted.drawAroundOne(random),
                gamma.drawAroundOne(random),
                solarise.draw(random, Double.POSITIVE_INFINITY));
    }
}
