package org.voco4j.network.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.resnet.Classifiers;
import tools.jackson.databind.json.JsonMapper;

class SwinUnetrClassifierTest {

    private static SwinUnetrClassifier network(int dims) {
        return new SwinUnetrClassifier(dims, 1, 6, 3, SwinVersion.V2, PatchMerging.Order.MERGING);
    }

    /** The released classifier of CC-CCII with the hash numbers of its names for weights; it ran in float32. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void equalsTheReleasedClassifierInLogitsLossAndTheGradientsOfItsHead(DType type) {
        Reference reference = Reference.of("ccii_classifier_fs6");
        double deviation = JsonMapper.shared()
                .readTree(reference.meta("fp32_vs_fp64"))
                .at("/output/max_abs")
                .asDouble();
        SwinUnetrClassifier network = network(3);
        Tensors.fillWithHashNumbers(network.weights(), "");
        network.to(Device.CPU, type);
        network.weights() // of the others the reference has no gradient
                .forEach((name, weight) -> weight.requireGradient(name.startsWith("head.")));
        try (Scope scope = Scope.open()) {
            Tensor x = Tensors.smoothInput("ccii", 2, 1, 32, 64, 32).to(type);
            Tensor logits = network.forward(x);
            assertThat(logits.shape()).containsExactly(2, network.classes());
            assertClose(logits.detach(), reference.doubles("output"), 20 * deviation, "output");
            Tensor chosen = Tensor.zeros(type, 2, 3);
            long[] target = reference.longs("target");
            for (int i = 0; i < target.length; i++) {
                InPlace.add(chosen.narrow(0, i, 1).narrow(1, target[i], 1), -0.5); // −1/B
            }
            Tensor loss = Ops.logSoftmax(logits, 1).times(chosen).sum();
            double expected = reference.doubles("cross_entropy")[0];
            assertThat(loss.item()).isCloseTo(expected, within(1e-6 * expected));
            loss.backward();
            for (String name : List.of("head.weight", "head.bias")) {
                Tensor gradient =
                        Objects.requireNonNull(network.weights().get(name)).gradient();
                double[] values = reference.doubles("grad." + name);
                assertClose(Objects.requireNonNull(gradient), values, 20 * deviation, name);
            }
        }
    }

    @Test
    void namesAreTheReleasedKeys() throws IOException {
        List<String> keys;
        try (InputStream in = getClass().getResourceAsStream("/reference/ccii_classifier_keys.txt")) {
            keys = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1) // says where they are from
                    .toList();
        }
        assertThat(network(3).stateDict().keySet()).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void theTrunkIsThatOfTheSegmentationNetworkAndSoAreItsKeys() {
        SwinUnetr segmentation = new SwinUnetr(2, 1, 6, 4, SwinVersion.V2, PatchMerging.Order.MERGING);
        SwinUnetrClassifier network = network(2);
        Tensors.fillWithHashNumbers(network.weights(), "");
        Tensors.fillWithHashNumbers(segmentation.weights(), "");
        assertThat(segmentation.stateDict().keySet())
                .containsAll(network.stateDict().keySet().stream()
                        .filter(key -> !key.startsWith("head."))
                        .toList());
        Tensor outWeight = Objects.requireNonNull(segmentation.weights().get("out.conv.conv.weight"));
        Tensor outBias = Objects.requireNonNull(segmentation.weights().get("out.conv.conv.bias"));
        SwinUnetrTrunk trunk = new SwinUnetrTrunk(2, 1, 6, SwinVersion.V2, PatchMerging.Order.MERGING);
        trunk.load(segmentation.weights());
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor x = Classifiers.ramp(1, 1, 48, 40);
            Tensor logits = Ops.conv(trunk.decode(trunk.encode(x)), outWeight, outBias, 1);
            assertThat(logits.toFloats()).isEqualTo(segmentation.forward(x).toFloats());
            assertThat(network.forward(x).shape()).containsExactly(1, 3);
        }
    }

    @Test
    void everyWeightIsReachedByTheGradient() {
        SwinUnetrClassifier network = network(2);
        network.initialise(3);
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.concatenate(
                    List.of(
                            Classifiers.ramp(1, 1, 33, 40),
                            Classifiers.ramp(1, 1, 33, 40).square()),
                    0);
            network.forward(x).square().mean().backward();
            network.weights()
                    .forEach((name, weight) ->
                            assertThat(weight.gradient()).as(name).isNotNull());
        }
    }

    @Test
    void theHeadFollowsTheLawOfALinearLayer() {
        SwinUnetrClassifier network = new SwinUnetrClassifier(2, 1, 12, 40, SwinVersion.V2, PatchMerging.Order.MERGING);
        network.initialise(3);
        Classifiers.assertUniform(network, "head.weight", 1 / Math.sqrt(12.0));
        Classifiers.assertUniform(network, "head.bias", 1 / Math.sqrt(12.0));
    }
}
