package org.voco4j.pretext.jssl;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.SupervisedContrast;

/**
 * Clusters of features of length 1: each goes to the centre with the largest product, each centre becomes the mean of its own, of length 1; ten
 * times. A centre that no feature goes to stays.
 */
final class SphericalKMeans {
    private static final int ROUNDS = 10;

    private SphericalKMeans() {}

    /**
     * The centres.
     *
     * @param features [N, D] of length 1, without a graph
     * @param start the centres to begin with, [K, D]
     * @return [K, D]
     */
    static Tensor centres(Tensor features, Tensor start) {
        Tensor centres = start;
        for (int i = 0; i < ROUNDS; i++) {
            Tensor own = SwappedPrediction.nearest(scores(features, centres)); // [N, K]
            Tensor isUsed = Ops.isAbove(own.sumKeeping(0).transpose(0, 1), 0); // [K, 1]
            Tensor means = SupervisedContrast.unit(own.transpose(0, 1).matmul(features));
            centres = means.times(isUsed).plus(centres.times(isUsed.times(-1).plus(1)));
        }
        return centres;
    }

    /** Products of all features with all centres: [N, K]. */
    static Tensor scores(Tensor features, Tensor centres) {
        return features.matmul(centres.transpose(0, 1));
    }
}
