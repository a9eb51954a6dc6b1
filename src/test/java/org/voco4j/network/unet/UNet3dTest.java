package org.voco4j.network.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Likeness;
import org.voco4j.network.block.FeatureNorm;
import tools.jackson.databind.json.JsonMapper;

/**
 * Against {@code unet3d_small}: the original's network ({@code pytorch/unet3d.py} of Models Genesis, its commit is in the
 * file) with 4 instead of 32 channels, 3 classes and no sigmoid at the end, weights and buffers by the hash numbers of
 * their names, run in float64 by torch 2.13: what comes out of one pass in training, the gradients, the running averages
 * after it; and what torch's own batch norms give in evaluation before it, by running averages, which the original's never
 * use.
 */
class UNet3dTest {
    private final Scope scope = Scope.open(); // as training has it: kernels of our own compute, where there are any

    @AfterEach
    void closeScope() {
        scope.close();
    }

    private static final Tensor INPUT = Tensors.smoothInput("unet3d", 2, 1, 16, 24, 16);

    private static UNet3d network() {
        return new UNet3d(3, 1, 4, 3, FeatureNorm.BATCH);
    }

    /** Every bias that a batch norm follows, which takes every shift out again. */
    private static boolean vanishing(String name) {
        return name.endsWith("conv1.bias");
    }

    @Test
    void equalsTheOriginalInValuesGradientsAndRunningAverages() {
        Reference reference = Reference.of("unet3d_small");
        Likeness like = new Likeness(reference, network(), UNet3dTest::vanishing);
        like.assertFloat64(INPUT, "", like.names("grad_l2_names"));
        Map<String, Tensor> state = like.network().state();
        int averages = 0;
        for (String name : reference.names()) {
            if (name.startsWith("after.")) {
                Tensor average = Objects.requireNonNull(state.get(name.substring(6)));
                assertClose(average, reference.doubles(name), 1e-12, name);
                averages++;
            }
        }
        assertThat(averages).isEqualTo(2 * 14);
    }

    @Test
    void everyVoxelAndItsGradientAreTheOriginals() {
        Reference reference = Reference.of("unet3d_small");
        UNet3d network = network();
        Tensors.fillWithHashNumbers(network.state(), "");
        network.to(Device.CPU, DType.F64);
        Tensor x = INPUT.to(DType.F64).requireGradient(true);
        Tensor y = network.forward(x);
        y.square().mean().backward();
        assertClose(Likeness.everyNth(y, 2), reference.doubles("output.stride2"), 1e-12, "output");
        assertClose(
                Likeness.everyNth(Likeness.gradient(x), 2),
                reference.doubles("grad.input.stride2"),
                1e-14,
                "gradient of the input");
    }

    @Test
    void inEvaluationTheRunningAveragesAreTaken() {
        Reference reference = Reference.of("unet3d_small");
        UNet3d network = network();
        Tensors.fillWithHashNumbers(network.state(), "");
        network.to(Device.CPU, DType.F64);
        try (NoGrad none = NoGrad.open();
                Evaluation evaluation = Evaluation.of(network)) {
            Tensor y = network.forward(INPUT.to(DType.F64));
            assertClose(Likeness.mean(y), reference.doubles("eval.output.mean"), 1e-12, "mean");
            assertClose(Likeness.rms(y), reference.doubles("eval.output.rms"), 1e-12, "rms");
        }
    }

    @Test
    void keysAndShapesAreThoseOfTheOriginal() {
        Map<String, List<Long>> expected = new LinkedHashMap<>();
        JsonMapper.shared()
                .readTree(Reference.of("unet3d_small").meta("keys"))
                .properties()
                .forEach(key -> expected.put(
                        key.getKey(),
                        key.getValue().valueStream().map(n -> n.asLong()).toList()));
        Map<String, List<Long>> actual = new LinkedHashMap<>();
        network()
                .stateDict()
                .forEach((name, tensor) -> actual.put(
                        name,
                        name.endsWith("num_batches_tracked") // one number, in PyTorch without an axis
                                ? List.of()
                                : Arrays.stream(tensor.shape()).boxed().toList()));
        assertThat(actual).containsExactlyEntriesOf(expected);
        assertThat(network().weights().keySet())
                .containsAll(
                        new UNet3dEncoder(3, 1, 4, FeatureNorm.BATCH).weights().keySet());
    }

    @ParameterizedTest
    @EnumSource(
            value = FeatureNorm.class,
            names = {"INSTANCE", "GROUP"})
    void withAnotherNormTheKeysStayAndSamplesDoNotMix(FeatureNorm norm) {
        UNet3d network = new UNet3d(3, 1, 4, 3, norm);
        assertThat(network.stateDict().keySet())
                .containsExactlyElementsOf(network().weights().keySet());
        UNet3dEncoder encoder = network.encoder();
        assertThat(encoder.mixesSamples()).isFalse();
        assertThat(network().encoder().mixesSamples()).isTrue();
        network.initialise(3);
        network.to(Device.CPU, DType.F64);
        Tensor batch = INPUT.to(DType.F64);
        List<Tensor> together = encoder.levels(batch);
        List<Tensor> alone = encoder.levels(batch.narrow(0, 1, 1).copy());
        for (int i = 0; i < alone.size(); i++) {
            assertClose(together.get(i).narrow(0, 1, 1), alone.get(i).toDoubles(), 1e-12, "level " + i);
        }
    }

    @Test
    void anySizeGivesLogitsOfThatSizeInTwoAndThreeDimensions() {
        UNet3d network = new UNet3d(3, 2, 2, 3, FeatureNorm.GROUP);
        network.initialise(3);
        Tensor x = Tensors.smoothInput("any", 1, 2, 20, 20, 24).narrow(2, 0, 19).narrow(3, 0, 17);
        assertThat(network.forward(x).shape()).containsExactly(1, 3, 19, 17, 24);
        List<Tensor> levels = network.encoder().levels(x);
        assertThat(network.encoder().channels()).containsExactly(4, 8, 16, 32);
        for (int i = 0; i < 4; i++) {
            assertThat(levels.get(i).shape()).containsExactly(1, 4 << i, 19 >> i, 17 >> i, 24 >> i);
        }
        UNet3d flat = new UNet3d(2, 1, 2, 3, FeatureNorm.INSTANCE);
        flat.initialise(3);
        assertThat(flat.forward(x.narrow(1, 0, 1).narrow(4, 0, 1).reshape(1, 1, 19, 17))
                        .shape())
                .containsExactly(1, 3, 19, 17);
        assertThat(network.encoder().smallestCrop()).isEqualTo(16);
        assertThat(network.classes()).isEqualTo(3);
    }

    @Test
    void initialWeightsFollowTheLawsOfTheOriginal() {
        UNet3d network = new UNet3d(3, 1, 8, 3, FeatureNorm.BATCH);
        network.initialise(5);
        assertUniform(network, "down_tr256.ops.1.conv1.weight", 1 / Math.sqrt(32 * 27));
        assertUniform(network, "up_tr256.up_conv.weight", 1 / Math.sqrt(128 * 8));
        Map<String, Tensor> state = network.state();
        for (String one : List.of("down_tr64.ops.0.bn1.weight", "up_tr64.ops.1.bn1.running_var")) {
            assertThat(Objects.requireNonNull(state.get(one)).toFloats()).containsOnly(1);
        }
    }

    private static void assertUniform(UNet3d network, String name, double bound) {
        Tensor weight = Objects.requireNonNull(network.weights().get(name)).detach();
        assertThat(weight.abs().mean().item()).as(name).isCloseTo(bound / 2, within(0.01 * bound));
        assertThat(weight.square().mean().sqrt().item()).as(name).isCloseTo(bound / Math.sqrt(3), within(0.01 * bound));
    }

    @Test
    void multiplyAddsCountEveryTap() {
        UNet3dEncoder encoder = new UNet3dEncoder(3, 2, 3, FeatureNorm.GROUP);
        long channels = 17 * 17 * 17 * (2 * 3 + 3 * 6)
                + 8 * 8 * 8 * (6 * 6 + 6 * 12)
                + 4 * 4 * 4 * (12 * 12 + 12 * 24)
                + 2 * 2 * 2 * (24 * 24 + 24 * 48);
        assertThat(encoder.multiplyAdds(17)).isEqualTo(27 * channels);
    }

    @Test
    void aNetworkWithoutChannelsIsRefused() {
        assertThatThrownBy(() -> new UNet3d(3, 1, 0, 2, FeatureNorm.BATCH)).hasMessageContaining("not 0");
    }
}
