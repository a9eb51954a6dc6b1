package org.voco4j.measure.segmentation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.measure.statistics.Overlap;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Spacing;

/**
 * How well one case was segmented, class by class, background left out.
 *
 * <p>Where only Dice is wanted, {@link Confusion#meanDice} gives the same without measuring surfaces.
 *
 * @param classes the scores of the classes, or regions, 1, 2, …
 */
public record SegmentationScore(List<ClassScore> classes) {

    /** Copies the list. */
    public SegmentationScore {
        classes = List.copyOf(classes);
    }

    /**
     * Measures a case.
     *
     * @param classes how many classes there are, background included
     * @param spacing of the grid that both maps lie on
     * @param toleranceMm how far a surface may lie from the true one and still count as right
     * @throws IllegalArgumentException if the shapes differ, a voxel has a class of {@code classes} or more, or the
     *     tolerance is negative or not finite
     */
    public static SegmentationScore of(
            LabelMap prediction, LabelMap truth, int classes, Spacing spacing, double toleranceMm) {
        Confusion confusion = Confusion.of(prediction, truth, classes);
        List<ClassScore> scores = new ArrayList<>();
        for (int label = 1; label < classes; label++) {
            SurfaceDistances surfaces = SurfaceDistances.of(prediction, truth, label, spacing);
            scores.add(score(label, confusion.overlap(label), surfaces, spacing, toleranceMm));
        }
        return new SegmentationScore(scores);
    }

    /**
     * Measures a case whose classes are regions that may overlap: whole tumour, tumour core, enhancing tumour.
     *
     * @param predictions a mask of 0 and 1 for each region
     * @param truths the same, in the same order
     * @throws IllegalArgumentException if their numbers or shapes differ, a mask holds another value, or the tolerance is
     *     negative or not finite
     */
    public static SegmentationScore ofRegions(
            List<LabelMap> predictions, List<LabelMap> truths, Spacing spacing, double toleranceMm) {
        if (predictions.size() != truths.size()) {
            throw new IllegalArgumentException("a prediction of " + predictions.size()
                    + " regions cannot be compared with a truth of " + truths.size());
        }
        List<ClassScore> scores = new ArrayList<>();
        for (int k = 0; k < truths.size(); k++) {
            Overlap overlap = Confusion.of(predictions.get(k), truths.get(k), 2).overlap(1);
            SurfaceDistances surfaces = SurfaceDistances.of(predictions.get(k), truths.get(k), 1, spacing);
            scores.add(score(k + 1, overlap, surfaces, spacing, toleranceMm));
        }
        return new SegmentationScore(scores);
    }

    private static ClassScore score(
            int label, Overlap overlap, SurfaceDistances surfaces, Spacing spacing, double toleranceMm) {
        double voxelMl = spacing.x() * spacing.y() * spacing.z() / 1000;
        return new ClassScore(label, overlap, voxelMl, surfaces.surfaceDice(toleranceMm), surfaces.hausdorff95());
    }

    /** The mean of a measure, such as {@code ClassScore::dice}, over the classes where it is defined. */
    public CountedMean mean(ToDoubleFunction<ClassScore> measure) {
        return CountedMean.of(classes.stream().mapToDouble(measure).toArray());
    }

    /** How many classes truth has and the prediction not. */
    public int missed() {
        return (int)
                classes.stream().filter(score -> score.overlap().isMissed()).count();
    }

    /** How many classes the prediction has and truth not. */
    public int invented() {
        return (int)
                classes.stream().filter(score -> score.overlap().isInvented()).count();
    }
}
