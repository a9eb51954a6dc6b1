package org.voco4j.augment;

import java.util.SplittableRandom;

/**
 * What the released pre-training does to a crop after it was resized to a cube: flips, quarter turns, a shift.
 *
 * <p>The labels stay as they are: a flipped crop still comes from its place.
 *
 * @param flip probability of a flip, per axis (released: 0.2)
 * @param rot90 probability of 1 to 3 quarter turns in the x–y plane (released: 0.2)
 * @param shiftProbability probability of a shift of all values (released: 0.1)
 * @param shift largest shift of a value in [0, 1] (released: 0.1)
 */
public record CropAugmentation(double flip, double rot90, double shiftProbability, double shift) {

    /** No augmentation. */
    public static final CropAugmentation NONE = new CropAugmentation(0, 0, 0, 0);

    /**
     * Checks the probabilities.
     *
     * @throws IllegalArgumentException if one is outside [0, 1], or the shift is negative
     */
    public CropAugmentation {
        for (double probability : new double[] {flip, rot90, shiftProbability}) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException("a probability must lie in [0, 1], not " + probability);
            }
        }
        if (!(shift >= 0)) {
            throw new IllegalArgumentException("the largest shift must not be negative, but is " + shift);
        }
    }

    /**
     * One draw: what is done to one crop.
     *
     * @param flipX whether x is mirrored
     * @param flipY whether y is mirrored
     * @param flipZ whether z is mirrored
     * @param quarterTurns 0 to 3 turns that take x to y
     * @param shift what is added to every value
     */
    public record View(boolean flipX, boolean flipY, boolean flipZ, int quarterTurns, float shift) {

        /** Nothing is done. */
        public static final View IDENTITY = new View(false, false, false, 0, 0);

        /**
         * Applies the draw: flips, then turns (out[i, j] = in[j, e − 1 − i] each), then the shift.
         *
         * @param crop edge·edge·Z values, row-major; Z is the edge, or 1
         * @return a new array, or the same one where there is nothing to do
         */
        public float[] apply(float[] crop, int edge) {
            if (equals(IDENTITY)) {
                return crop;
            }
            int depth = crop.length / (edge * edge);
            float[] out = new float[crop.length];
            for (int x = 0; x < edge; x++) {
                for (int y = 0; y < edge; y++) {
                    int sx = x;
                    int sy = y;
                    for (int turn = 0; turn < quarterTurns; turn++) {
                        int before = sx;
                        sx = sy;
                        sy = edge - 1 - before;
                    }
                    sx = flipX ? edge - 1 - sx : sx;
                    sy = flipY ? edge - 1 - sy : sy;
                    int from = (sx * edge + sy) * depth;
                    int to = (x * edge + y) * depth;
                    for (int z = 0; z < depth; z++) {
                        out[to + z] = crop[from + (flipZ ? depth - 1 - z : z)] + shift;
                    }
                }
            }
            return out;
        }
    }

    /** Draws what is done to one crop. */
    public View sample(SplittableRandom random) {
        boolean flipX = random.nextDouble() < flip;
        boolean flipY = random.nextDouble() < flip;
        boolean flipZ = random.nextDouble() < flip;
        int turns = random.nextDouble() < rot90 ? 1 + random.nextInt(3) : 0;
        double by = random.nextDouble() < shiftProbability ? shift * (2 * random.nextDouble() - 1) : 0;
        return new View(flipX, flipY, flipZ, turns, (float) by);
    }
}
