package org.voco4j.pretext.jigsaw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.AsItComes;
import org.voco4j.pretext.MethodVectors;

/** The head of a published study. */
class JigsawTest {
    @Test
    void theHeadIsThatOfTheStudy() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("jigsaw");
            Jigsaw.Network network = new Jigsaw.Network(new AsItComes(), 8, 64, 1024, 100);
            network.to(Device.CPU, DType.F64);
            Map<String, Tensor> named = new LinkedHashMap<>();
            network.state()
                    .forEach((name, weight) ->
                            named.put(name.replace("jigsaw_piece", "fc6").replace("jigsaw_order", "order_fc"), weight));
            Tensors.fillWithHashNumbers(named, "");
            double[] numbers = Tensors.numbersOf("jigsaw.pooled")
                    .doubles(4 * 8 * 512L)
                    .map(u -> 2 * u - 1)
                    .toArray();
            network.training(true);
            Tensor logits = network.logits(Tensor.of(numbers, 32, 512));
            assertClose(logits.toDoubles(), expected.doubles("head.order_logits"), 1e-9);
            double[] labels = expected.doubles("head.labels");
            double[] rows = new double[400];
            for (int i = 0; i < 4; i++) {
                rows[100 * i + (int) labels[i]] = 1;
            }
            Tensor loss = CrossEntropy.of(logits, Tensor.of(rows, 4, 100));
            assertThat(loss.item()).isCloseTo(expected.doubles("head.loss")[0], within(1e-9));
            assertClose(weight(named, "fc6.2.running_mean").toDoubles(), expected.doubles("head.running_mean"), 1e-9);
            assertClose(weight(named, "fc6.2.running_var").toDoubles(), expected.doubles("head.running_var"), 1e-9);
        }
    }

    private static Tensor weight(Map<String, Tensor> named, String name) {
        return Objects.requireNonNull(named.get(name), name);
    }

    private static void assertClose(double[] found, double[] expected, double bound) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(bound * Math.max(1, Math.abs(expected[i]))));
        }
    }
}
