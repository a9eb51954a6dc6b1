package org.voco4j.augment;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.voco4j.volume.Shape3;

/**
 * What fine-tuning does to a patch and its labels: flips of both, and of the image v → v·(1 + s) + t.
 *
 * <p>A flip of x exchanges left and right: a task whose classes name a side must not use it.
 *
 * @param flip probability of a flip, per axis
 * @param scaleProbability probability that the values are scaled
 * @param scale largest |s|
 * @param shiftProbability probability that the values are shifted
 * @param shift largest |t|, for values in [0, 1]
 */
public record PatchAugmentation(
        double flip, double scaleProbability, double scale, double shiftProbability, double shift) {

    /** No augmentation. */
    public static final PatchAugmentation NONE = new PatchAugmentation(0, 0, 0, 0, 0);

    /**
     * Checks the probabilities.
     *
     * @throws IllegalArgumentException if one is outside [0, 1], or a largest change is negative
     */
    public PatchAugmentation {
        for (double probability : new double[] {flip, scaleProbability, shiftProbability}) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException("a probability must lie in [0, 1], not " + probability);
            }
        }
        for (double largest : new double[] {scale, shift}) {
            if (!(largest >= 0)) {
                throw new IllegalArgumentException("the largest change must not be negative, but is " + largest);
            }
        }
    }

    /**
     * One draw: what is done to one patch.
     *
     * @param flipX whether x is mirrored
     * @param flipY whether y is mirrored
     * @param flipZ whether z is mirrored
     * @param factor 1 + s
     * @param shift t
     */
    public record View(boolean flipX, boolean flipY, boolean flipZ, float factor, float shift) {

        /** Nothing is done. */
        public static final View IDENTITY = new View(false, false, false, 1, 0);

        /**
         * Writes the flipped patch with changed values.
         *
         * @param patch X·Y·Z values, row-major; not changed
         * @param at where in {@code out} its first value goes; the buffer's position stays
         */
        public void image(float[] patch, Shape3 shape, FloatBuffer out, int at) {
            write(patch, shape, factor, shift, out, at);
        }

        /**
         * Writes the flipped labels, their values as they are.
         *
         * @param patch X·Y·Z classes, row-major; not changed
         * @param at where in {@code out} its first value goes; the buffer's position stays
         */
        public void labels(float[] patch, Shape3 shape, FloatBuffer out, int at) {
            write(patch, shape, 1, 0, out, at);
        }

        private void write(float[] patch, Shape3 shape, float times, float plus, FloatBuffer out, int at) {
            float[] row = new float[shape.z()];
            for (int x = 0; x < shape.x(); x++) {
                for (int y = 0; y < shape.y(); y++) {
                    int from = shape.index(flipX ? shape.x() - 1 - x : x, flipY ? shape.y() - 1 - y : y, 0);
                    for (int z = 0; z < row.length; z++) {
                        row[z] = patch[from + (flipZ ? row.length - 1 - z : z)] * times + plus;
                    }
                    out.put(at + shape.index(x, y, 0), row);
                }
            }
        }
    }

    /** Draws what is done to one patch. */
    public View sample(SplittableRandom random) {
        boolean flipX = random.nextDouble() < flip;
        boolean flipY = random.nextDouble() < flip;
        boolean flipZ = random.nextDouble() < flip;
        double factor = random.nextDouble() < scaleProbability ? 1 + scale * (2 * random.nextDouble() - 1) : 1;
        double by = random.nextDouble() < shiftProbability ? shift * (2 * random.nextDouble() - 1) : 0;
        return new View(flipX, flipY, flipZ, (float) factor, (float) by);
    }
}
