package org.voco4j.measure.segmentation;

import java.util.stream.IntStream;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.measure.statistics.Overlap;
import org.voco4j.volume.LabelMap;

/**
 * How often each class was predicted where truth has each class, over the voxels of one case: all that overlap measures
 * need, counted in one pass.
 */
public final class Confusion {
    private final int classes;
    private final int[] counts; // [truth][prediction]

    private Confusion(int classes, int[] counts) {
        this.classes = classes;
        this.counts = counts;
    }

    /**
     * Counts two label maps of one grid.
     *
     * @param classes how many classes there are, background included
     * @throws IllegalArgumentException if the shapes differ or a voxel has a class of {@code classes} or more
     */
    public static Confusion of(LabelMap prediction, LabelMap truth, int classes) {
        requireSameShape(prediction, truth);
        int[] counts = new int[classes * classes];
        int voxels = truth.classes().length;
        for (int i = 0; i < voxels; i++) {
            int p = prediction.at(i);
            int t = truth.at(i);
            if (p >= classes || t >= classes) {
                throw new IllegalArgumentException("voxel " + i + " has class " + p + " in the prediction and " + t
                        + " in truth, expected 0 to " + (classes - 1));
            }
            counts[t * classes + p]++;
        }
        return new Confusion(classes, counts);
    }

    static void requireSameShape(LabelMap prediction, LabelMap truth) {
        if (!prediction.shape().equals(truth.shape())) {
            throw new IllegalArgumentException("a prediction of " + prediction.shape()
                    + " voxels cannot be compared with a truth of " + truth.shape());
        }
    }

    /** The overlap of one class, 0 being background. */
    public Overlap overlap(int label) {
        int prediction = 0;
        int truth = 0;
        for (int other = 0; other < classes; other++) {
            prediction += counts[other * classes + label];
            truth += counts[label * classes + other];
        }
        return new Overlap(counts[label * classes + label], prediction, truth);
    }

    /** The mean Dice of the classes without background, over those that truth or prediction has. */
    public CountedMean meanDice() {
        return CountedMean.of(IntStream.range(1, classes)
                .mapToDouble(label -> overlap(label).dice())
                .toArray());
    }
}
