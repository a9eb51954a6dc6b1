package org.voco4j.pretext.jigclu;

import java.util.stream.IntStream;
import org.voco4j.volume.Shape3;

/**
 * The keys of the task, as {@code recipes/pretrain/tasks/jigclu.yaml} explains them.
 *
 * @param region how often an image goes into the scan along each axis
 * @param images of a scan
 * @param grid pieces along each axis of an image, and places of a montage
 * @param overlap how far a piece reaches beyond the middle of its image, as a share of the edge
 * @param least the smallest share of a piece that is shown
 * @param temperature T
 * @param weight of the loss of clusters
 * @param features numbers by which pieces are compared
 */
public record JigCluSettings(
        Shape3 region,
        int images,
        Shape3 grid,
        double overlap,
        double least,
        double temperature,
        Weight weight,
        int features,
        Augment augment) {

    /** How often the loss of clusters counts. */
    public enum Weight {
        /** T/0.07 times, as the released code has it. */
        RELEASED,
        /** Once. */
        PLAIN
    }

    /** What is done to the intensities of each piece: probabilities. */
    public record Augment(double noise, double multiply, double contrast, double gamma) {}

    /** Checks the numbers. */
    public JigCluSettings {
        require(images >= 1, "pretext.images must be at least 1, not " + images);
        Shape3 each = grid;
        require(
                grid.voxels() > 1 && IntStream.range(0, 3).allMatch(axis -> each.along(axis) <= 2),
                "pretext.grid must be 1 or 2 along each axis, 2 at least once, not " + grid);
        require(overlap >= 0 && overlap < 0.5, "pretext.overlap must lie in [0, 0.5), not " + overlap);
        require(least > 0 && least <= 1, "pretext.least must lie in (0, 1], not " + least);
        require(temperature > 0, "pretext.temperature must be above 0, not " + temperature);
        require(features >= 2, "pretext.features must be at least 2, not " + features);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Pieces of an image. */
    int pieces() {
        return (int) grid.voxels();
    }

    /** By how much the loss of clusters is multiplied. */
    double factor() {
        return weight == Weight.RELEASED ? temperature / 0.07 : 1;
    }
}
