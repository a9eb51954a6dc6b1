package org.voco4j.measure.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FeatureSpreadTest {

    @Test
    void isotropicFeaturesHaveDeviationOneAndSmallCosines() {
        FeatureSpread spread = FeatureSpread.of(Features.random(20, 16, 16, 64, 1));
        assertThat(spread.deviation()).isCloseTo(1, within(0.02));
        // E|cos| of random directions is about √(2 / (πD)) = 0.0997.
        assertThat(spread.meanAbsCosine()).isCloseTo(Math.sqrt(2 / (Math.PI * 64)), within(0.005));
    }

    @Test
    void oneDirectionIsACollapseWhateverItsLength() {
        SplittableRandom random = new SplittableRandom(2);
        float[][] rows = new float[8][32];
        for (float[] row : rows) {
            Arrays.fill(row, 1 + random.nextInt(9));
        }
        FeatureSpread spread = FeatureSpread.of(List.of(new ScanFeatures("a", "a", rows, rows, new float[8][8])));
        assertThat(spread.meanAbsCosine()).isCloseTo(1, within(1e-6));
        assertThat(spread.deviation()).isCloseTo(0, within(1e-3));
    }

    @Test
    void opposedDirectionsCountAsAlikeInTheCosineOnly() {
        float[][] rows = {{1, 0}, {-1, 0}};
        FeatureSpread spread = FeatureSpread.of(List.of(new ScanFeatures("a", "a", rows, rows, new float[2][2])));
        assertThat(spread.meanAbsCosine()).isEqualTo(1);
        assertThat(spread.deviation()).isCloseTo(Math.sqrt(2) / 2, within(1e-12));
    }
}
