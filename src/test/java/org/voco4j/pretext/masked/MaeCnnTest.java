package org.voco4j.pretext.masked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.part.TokenMask;

/** The error of hidden voxels against the published code. */
class MaeCnnTest {
    @Test
    void theErrorAndItsGradientAreThePublishedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("mae_losses");
            Tensor image = vectors.tensor("cnn.image"); // [2, 1, 16, 16, 8]
            Tensor hidden = vectors.tensor("cnn.seen_blocks")
                    .reshape(2, 4, 4, 2)
                    .times(-1)
                    .plus(1);
            Tensor output = vectors.tensor("cnn.output").copy().requireGradient(true);
            Tensor loss = MaskedL2.of(output, image, TokenMask.spread(hidden, image));
            assertThat(loss.item()).isCloseTo(vectors.doubles("cnn.mse")[0], within(1e-12));
            loss.backward();
            double[] gradient = Objects.requireNonNull(output.gradient()).toDoubles();
            List<Double> some = new ArrayList<>();
            for (int i = 0; i < gradient.length; i++) {
                if (i % 2 == 0 && i / 8 % 2 == 0 && i / 128 % 2 == 0) {
                    some.add(gradient[i]);
                }
            }
            double[] found = some.stream().mapToDouble(Double::doubleValue).toArray();
            assertThat(found).containsExactly(vectors.doubles("cnn.grad_output.stride2"), within(1e-12));
        }
    }
}
