package org.voco4j.pretext.part.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** What is found of pairs, and how far features spread. */
class PartnersTest {
    @Test
    void partnersAreFoundWhateverAllViewsShare() {
        try (Scope scope = Scope.open()) {
            Tensor views = Tensor.of(new float[] {101, 50, 99, 50, 100, 51, 102, 50, 98, 50, 100, 53}, 6, 2);
            assertThat(Partners.found(views).item()).isEqualTo(1);
            Tensor swapped = Tensor.of(new float[] {101, 50, 99, 50, 100, 51, 98, 50, 102, 50, 100, 53}, 6, 2);
            assertThat(Partners.found(swapped).item()).isCloseTo(1.0 / 3, within(1e-6));
        }
    }

    @Test
    void nothingIsFoundOfFeaturesThatAreAllTheSame() {
        try (Scope scope = Scope.open()) {
            float[] same = new float[8 * 4];
            Arrays.fill(same, 3);
            assertThat(Partners.found(Tensor.of(same, 8, 4)).item()).isZero();
            assertThat(Partners.spread(Tensor.of(same, 8, 4)).item()).isLessThan(1e-5);
        }
    }

    @Test
    void noiseIsFoundByChanceAndSpreadsEverywhere() {
        try (Scope scope = Scope.open()) {
            SplittableRandom random = new SplittableRandom(1);
            double[] noise = new double[200 * 32];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = random.nextGaussian();
            }
            Tensor views = Tensor.of(noise, 200, 32);
            assertThat(Partners.found(views).item()).isLessThan(0.06);
            assertThat(Partners.spread(views).item()).isCloseTo(1, within(0.05));
        }
    }
}
