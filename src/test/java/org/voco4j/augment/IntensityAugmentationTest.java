package org.voco4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** Contrast and gamma of batchgenerators, and draws that repeat. */
class IntensityAugmentationTest {
    private static double[] of(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name).toDoubles();
    }

    @ParameterizedTest
    @ValueSource(strings = {"low", "high"})
    void contrastAndGammaAreThoseOfBatchgenerators(String which) throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = Safetensors.read(
                            Path.of("src/test/resources/reference/methods/blocks-b.safetensors"))
                    .tensors();
            double value = of(expected, which + ".value")[0];
            double[] contrast = of(expected, "x");
            IntensityAugmentation.contrast(contrast, value);
            equal(contrast, of(expected, which + ".contrast"));
            for (int inverted = 0; inverted < 2; inverted++) {
                double[] gamma = of(expected, "x");
                IntensityAugmentation.gamma(gamma, value, inverted == 1);
                equal(gamma, of(expected, which + ".gamma_invert" + inverted + "_retain1"));
            }
        }
    }

    private static void equal(double[] found, double[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            assertThat(found[i]).isCloseTo(wanted[i], within(1e-6));
        }
    }

    @Test
    void aViewRepeatsAndNoneChangesNothing() {
        float[] values = {0, 0.25f, 0.5f, 1};
        IntensityAugmentation.View view = new IntensityAugmentation(1, 1, 1, 1).sample(new SplittableRandom(3));
        assertThat(view.apply(values)).containsExactly(view.apply(values)).isNotEqualTo(values);
        assertThat(new IntensityAugmentation(0, 0, 0, 0)
                        .sample(new SplittableRandom(3))
                        .apply(values))
                .containsExactly(values);
    }
}
