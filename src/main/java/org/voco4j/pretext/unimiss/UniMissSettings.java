package org.voco4j.pretext.unimiss;

import org.voco4j.pretext.part.pair.ViewAugmentation;

/**
 * The keys of UniMiSS, as {@code recipes/pretrain/tasks/unimiss.yaml} explains them.
 *
 * @param pairs of a scan
 * @param slices of each view
 * @param overlap how far along an axis, as a share of a crop, the second crop may lie from the first
 * @param augment what is done to each view
 * @param temperature of teacher and student
 * @param centre how much of the teacher's centre is kept in each of four moves of a step
 * @param momentum of the teacher at first; it grows to 1 by a cosine
 * @param decayGrows how many times the run's weight decay there is at its end; it grows by a cosine
 * @param projector sizes of what is put on pooled levels
 */
public record UniMissSettings(
        int pairs,
        int slices,
        double overlap,
        ViewAugmentation augment,
        Temperature temperature,
        double centre,
        double momentum,
        double decayGrows,
        Projector projector) {

    /** τ_t and τ_s. */
    public record Temperature(double teacher, double student) {}

    /** The perceptron's hidden numbers, those it ends with, and K. */
    public record Projector(int hidden, int bottleneck, int out) {}

    /** Checks the numbers. */
    public UniMissSettings {
        require(
                pairs >= 1 && slices >= 1,
                "pretext.pairs and slices must be at least 1, not " + pairs + " and " + slices);
        require(overlap >= 0 && overlap <= 1, "pretext.overlap must lie in [0, 1], not " + overlap);
        require(
                temperature.teacher > 0 && temperature.student > 0,
                "pretext.temperature needs numbers above 0, not teacher " + temperature.teacher + ", student "
                        + temperature.student);
        require(centre >= 0 && centre < 1, "pretext.centre must lie in [0, 1), not " + centre);
        require(momentum >= 0 && momentum <= 1, "pretext.momentum must lie in [0, 1], not " + momentum);
        require(decayGrows > 0, "pretext.decayGrows must be above 0, not " + decayGrows);
        require(
                projector.hidden >= 1 && projector.bottleneck >= 1 && projector.out >= 2,
                "pretext.projector needs hidden and bottleneck >= 1 and out >= 2, not " + projector.hidden + ", "
                        + projector.bottleneck + ", " + projector.out);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The factor on weight decay: g − (g − 1)·½·(1 + cos πt). */
    double decay(double done) {
        return decayGrows - (decayGrows - 1) * (1 + Math.cos(Math.PI * done)) / 2;
    }
}
