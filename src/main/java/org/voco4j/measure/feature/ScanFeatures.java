package org.voco4j.measure.feature;

/**
 * The features of one scan's crops and bases, with the labels that say where the crops lie: all that the measures of
 * this package need, so that network features, projector outputs and controls are measured by the same code.
 *
 * <p>The arrays are not copied and nobody changes them afterwards.
 *
 * @param scan the scan's name, for messages and tables
 * @param patient whose scan it is: scans of one patient are not compared with each other
 * @param crops [K][D], the features of the K random crops
 * @param bases [n][D], the features of the n base crops
 * @param labels [K][n], the share of each crop that lies in each base, in the scan's own grid
 */
@SuppressWarnings("ArrayRecordComponent") // tables of numbers; never compared as values
public record ScanFeatures(String scan, String patient, float[][] crops, float[][] bases, float[][] labels) {

    /**
     * Checks shapes and values.
     *
     * @throws IllegalArgumentException if there is no crop, fewer than two bases, a row of another length than its
     *     neighbours or a value that is not finite
     */
    public ScanFeatures {
        if (crops.length == 0 || bases.length < 2) {
            throw new IllegalArgumentException("scan " + scan + ": at least 1 crop and 2 bases are needed, not "
                    + crops.length + " and " + bases.length);
        }
        if (labels.length != crops.length) {
            throw new IllegalArgumentException(
                    "scan " + scan + ": " + crops.length + " crops, but " + labels.length + " rows of labels");
        }
        int dimensions = bases[0].length;
        check(scan, "crop feature", crops, dimensions);
        check(scan, "base feature", bases, dimensions);
        check(scan, "label", labels, bases.length);
    }

    /** D, the length of a feature. */
    public int dimensions() {
        return bases[0].length;
    }

    private static void check(String scan, String what, float[][] rows, int length) {
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != length || length == 0) {
                throw new IllegalArgumentException("scan " + scan + ": " + what + " " + i + " has " + rows[i].length
                        + " numbers, expected " + Math.max(length, 1));
            }
            for (float value : rows[i]) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "scan " + scan + ": " + what + " " + i + " holds " + value + ", expected finite numbers");
                }
            }
        }
    }
}
