package org.voco4j.pretext.voco;

import java.util.SplittableRandom;
import org.voco4j.augment.Draws;
import org.voco4j.engine.tensor.Tensor;

/**
 * What of the encoder's features is kept from the student's projector in a step: with p = 0.2 set to 0, else times 1/(1 − p).
 *
 * <p>Shapes: features [R, C], one row per crop or base.
 */
public enum FeatureDropout {
    /** Nothing. */
    NONE,
    /**
     * Whole rows, as released: "Dropout1d" takes rows of a matrix for channels, so a dropped crop or base becomes the projector's
     * constant g(0).
     */
    ROWS,
    /** Single numbers, which may have been meant. */
    FEATURES;

    private static final double SHARE = 0.2;

    /** The features as the projector sees them. */
    Tensor of(Tensor features, Draws draws) {
        if (this == NONE) {
            return features;
        }
        int rows = Math.toIntExact(features.size(0));
        int columns = this == ROWS ? 1 : Math.toIntExact(features.size(1));
        SplittableRandom random = draws.random();
        float[] factors = new float[rows * columns];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = random.nextDouble() < SHARE ? 0 : (float) (1 / (1 - SHARE));
        }
        return features.times(
                Tensor.of(factors, rows, columns).to(features.type()).to(features.device()));
    }
}
