package org.voco4j.augment;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.voco4j.volume.Shape3;

/**
 * What fine-tuning does to a patch and its labels: flips and quarter turns of both, and of the image v → v·(1 + s) + t
 * (paper, Table 9: random rotate and flip; the rest is of the released scripts).
 *
 * <p>A flip of x exchanges left and right: a task whose classes name a side must not use it. Quarter turns need patches as
 * wide along x as along y.
 *
 * @param flip probability of a flip, per axis
 * @param rot90 probability of 1 to 3 quarter turns in the x–y plane
 * @param scaleProbability probability that the values are scaled
 * @param scale largest |s|
 * @param shiftProbability probability that the values are shifted
 * @param shift largest |t|, for values in [0, 1]
 */
public record PatchAugmentation(
        double flip, double rot90, double scaleProbability, double scale, double shiftProbability, double shift) {

    /** No augmentation. */
    public static final PatchAugmentation NONE = new PatchAugmentation(0, 0, 0, 0, 0, 0);

    /**
     * Checks the probabilities.
     *
     * @throws IllegalArgumentException if one is outside [0, 1], or a largest change is negative
     */
    public PatchAugmentation {
        for (double probability : new double[] {flip, rot90, scaleProbability, shiftProbability}) {
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
     * @param quarterTurns 0 to 3 turns that take x to y, after the flips
     * @param factor 1 + s
     * @param shift t
     */
    public record View(boolean flipX, boolean flipY, boolean flipZ, int quarterTurns, float factor, float shift) {

        /** Nothing is done. */
        public static final View IDENTITY = new View(false, false, false, 0, 1, 0);

        /**
         * Writes the patch flipped and turned, with changed values.
         *
         * @param patch X·Y·Z values, row-major; not changed
         * @param at where in {@code out} its first value goes; the buffer's position stays
         */
        public void image(float[] patch, Shape3 shape, FloatBuffer out, int at) {
            write(patch, shape, factor, shift, out, at);
        }

        /**
         * The patch flipped and turned, with changed values.
         *
         * @param patch X·Y·Z values, row-major; not changed
         */
        public float[] of(float[] patch, Shape3 shape) {
            float[] out = new float[patch.length];
            image(patch, shape, FloatBuffer.wrap(out), 0);
            return out;
        }

        /**
         * Writes the labels flipped and turned, their values as they are.
         *
         * @param patch X·Y·Z classes, row-major; not changed
         * @param at where in {@code out} its first value goes; the buffer's position stays
         */
        public void labels(float[] patch, Shape3 shape, FloatBuffer out, int at) {
            write(patch, shape, 1, 0, out, at);
        }

        private void write(float[] patch, Shape3 shape, float times, float plus, FloatBuffer out, int at) {
            if (quarterTurns > 0 && shape.x() != shape.y()) {
                throw new IllegalArgumentException(
                        "a patch of " + shape + " voxels cannot be turned by 90° in the x–y plane");
            }
            float[] row = new float[shape.z()];
            for (int x = 0; x < shape.x(); x++) {
                for (int y = 0; y < shape.y(); y++) {
                    int sx = x;
                    int sy = y;
                    for (int turn = 0; turn < quarterTurns; turn++) { // out[x, y] = in[y, edge − 1 − x]
                        int before = sx;
                        sx = sy;
                        sy = shape.y() - 1 - before;
                    }
                    int from = shape.index(flipX ? shape.x() - 1 - sx : sx, flipY ? shape.y() - 1 - sy : sy, 0);
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
        int turns = random.nextDouble() < rot90 ? 1 + random.nextInt(3) : 0;
        return new View(flipX, flipY, flipZ, turns, (float) factor, (float) by);
    }
}
