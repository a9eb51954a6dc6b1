package org.voco4j.pretext.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.AsItComes;
import org.voco4j.pretext.MethodVectors;

/** The head of a published study. */
class RotationTest {
    @Test
    void theHeadIsThatOfTheStudy() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("rotation");
            Rotation.Network network = new Rotation.Network(new AsItComes(), 1024, 10);
            Map<String, Tensor> named = new LinkedHashMap<>();
            network.state().forEach((name, weight) -> named.put(name.replace("rotation_head", "fc"), weight));
            Tensors.fillWithHashNumbers(named, "");
            SplittableRandom numbers = Tensors.numbersOf("rotation.deep");
            double[] values = numbers.doubles(3 * 512 * 4L).map(u -> 2 * u - 1).toArray();
            Tensor deep = Tensor.of(values, 3, 512, 2, 2, 1).to(DType.F32);
            Tensor logits = network.logits(deep.mean(2, 3, 4));
            float[] wanted = expected.tensor("head.logits").toFloats();
            float[] found = logits.toFloats();
            for (int i = 0; i < wanted.length; i++) {
                assertThat(found[i]).isCloseTo(wanted[i], within(1e-5f));
            }
            double[] labels = expected.tensor("head.labels").toDoubles();
            float[] rows = new float[30];
            for (int i = 0; i < 3; i++) {
                rows[10 * i + (int) labels[i]] = 1;
            }
            Tensor loss = CrossEntropy.of(logits, Tensor.of(rows, 3, 10));
            assertThat(loss.item()).isCloseTo(expected.tensor("head.loss").item(), within(1e-5));
            loss.backward();
            float[] bias = Objects.requireNonNull(
                            Objects.requireNonNull(named.get("fc.2.bias")).gradient())
                    .toFloats();
            float[] wantedBias = expected.tensor("head.grad_fc2_bias").toFloats();
            for (int i = 0; i < bias.length; i++) {
                assertThat(bias[i]).isCloseTo(wantedBias[i], within(1e-5f));
            }
        }
    }
}
