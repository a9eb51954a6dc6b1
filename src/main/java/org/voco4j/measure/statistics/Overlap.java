package org.voco4j.measure.statistics;

/**
 * How two masks A (prediction) and B (truth) of one grid overlap, in voxels.
 *
 * <pre>  Dice = 2·|A∩B| / (|A| + |B|)        IoU = |A∩B| / |A∪B| </pre>
 *
 * <p>Both are NaN where both masks are empty: such a class is left out of a mean. A class that is predicted but absent in
 * truth, like one that is missed, has 0.
 *
 * @param both |A∩B|
 * @param prediction |A|
 * @param truth |B|
 */
public record Overlap(long both, long prediction, long truth) {

    /**
     * Checks the counts.
     *
     * @throws IllegalArgumentException unless 0 ≤ |A∩B| ≤ |A|, |B|
     */
    public Overlap {
        if (both < 0 || both > prediction || both > truth) {
            throw new IllegalArgumentException(
                    both + " voxels cannot lie in both of two masks of " + prediction + " and " + truth + " voxels");
        }
    }

    /** 2·|A∩B| / (|A| + |B|), NaN if both are empty. */
    public double dice() {
        return 2.0 * both / (prediction + truth);
    }

    /** |A∩B| / |A∪B|, NaN if both are empty. */
    public double iou() {
        return (double) both / (prediction + truth - both);
    }

    /** Whether truth has the class and the prediction nothing of it. */
    public boolean isMissed() {
        return truth > 0 && prediction == 0;
    }

    /** Whether the prediction has the class and truth nothing of it. */
    public boolean isInvented() {
        return truth == 0 && prediction > 0;
    }
}
