package org.voco4j.network.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.EncoderLaws;
import org.voco4j.network.Likeness;

class MonaiUNetTest {
    private final Scope scope = Scope.open(); // as training has it: kernels of our own compute, where there are any

    @AfterEach
    void closeScope() {
        scope.close();
    }

    private static MonaiUNet network() {
        return new MonaiUNet(3, 1, List.of(4, 8, 16), 5);
    }

    /** Every bias that an instance norm follows, which takes every shift out again: of all units but the last. */
    private static boolean vanishing(String name) {
        return name.endsWith(".conv.bias") && !name.equals("model.2.1.conv.unit0.conv.bias");
    }

    @Test
    void equalsMonaiInValuesAndGradients() {
        Likeness like = new Likeness(Reference.of("unet_small.io"), network(), MonaiUNetTest::vanishing);
        like.assertFloat32();
        assertThat(like.network().stateDict().keySet()) // MONAI's has no buffers
                .containsExactlyElementsOf(like.names("grad_l2_names"));
    }

    /** {@code monai_networks_float64}: the same network and input, run in float64 by MONAI 1.5.0 on torch 2.13. */
    @Test
    void equalsMonaiTightlyInFloat64() {
        Likeness like = new Likeness(Reference.of("monai_networks_float64"), network(), MonaiUNetTest::vanishing);
        Tensor x = Tensors.of(Reference.of("unet_small.io"), "input");
        like.assertFloat64(x, "unet.", like.names("grad_l2_names.unet"));
    }

    /** Of four levels, the last with as many channels as the one before, so that its shortcut is the identity. */
    @Test
    void equalsMonaiInTwoDimensions() {
        MonaiUNet flat = new MonaiUNet(2, 2, List.of(4, 6, 8, 8), 3);
        Likeness like = new Likeness(Reference.of("monai_networks_float64"), flat, MonaiUNetTest::vanishing);
        Tensor x =
                Tensors.smoothInput("unet2d", 2, 2, 48, 32, 4).narrow(4, 0, 1).reshape(2, 2, 48, 32);
        like.assertFloat64(x, "unet2d.", like.names("grad_l2_names.unet2d"));
        assertThat(flat.weights().keySet())
                .noneMatch(name -> name.startsWith("model.1.submodule.1.submodule.1.submodule.residual"));
    }

    @Test
    void levelsAreHalfAsFineAsTheScanAndLess() {
        MonaiUNetEncoder encoder = new MonaiUNetEncoder(3, 2, List.of(4, 8, 16));
        encoder.initialise(3);
        List<Tensor> levels = encoder.levels(Tensors.smoothInput("levels", 2, 2, 24, 20, 12));
        assertThat(levels.get(0).shape()).containsExactly(2, 4, 12, 10, 6);
        assertThat(levels.get(1).shape()).containsExactly(2, 8, 6, 5, 3);
        assertThat(levels.get(2).shape()).containsExactly(2, 16, 6, 5, 3);
        assertThat(levels).hasSize(3);
        assertThat(encoder.channels()).containsExactly(4, 8, 16);
        assertThat(encoder.smallestCrop()).isEqualTo(5);
        assertThat(encoder.levels(Tensors.smoothInput("least", 1, 2, 8, 8, 8)
                                .narrow(2, 0, 5)
                                .narrow(3, 0, 5)
                                .narrow(4, 0, 5))
                        .get(2)
                        .shape())
                .containsExactly(1, 16, 2, 2, 2);
        assertThat(network().weights().keySet())
                .containsAll(
                        new MonaiUNetEncoder(3, 1, List.of(4, 8, 16)).weights().keySet());
    }

    @Test
    void anySizeGivesLogitsOfThatSize() {
        MonaiUNet network = network();
        network.initialise(3);
        Tensor x = Tensors.smoothInput("any", 2, 1, 12, 16, 12).narrow(2, 0, 11).narrow(3, 0, 13);
        assertThat(network.forward(x).shape()).containsExactly(2, 5, 11, 13, 12);
        assertThat(network.classes()).isEqualTo(5);
    }

    @Test
    void samplesDoNotMix() {
        MonaiUNetEncoder encoder = new MonaiUNetEncoder(3, 1, List.of(4, 8, 16));
        encoder.initialise(3);
        EncoderLaws.assertSamplesDoNotMix(encoder, Tensors.smoothInput("two", 2, 1, 16, 12, 20));
    }

    @Test
    void sixteenBitsComeClose() {
        MonaiUNet network = network();
        network.initialise(3);
        EncoderLaws.assertSixteenBitsComeClose(network, Tensors.smoothInput("bits", 1, 1, 32, 24, 32));
    }

    @Test
    void initialWeightsFollowTheLawsOfTheOriginal() {
        MonaiUNet network = new MonaiUNet(3, 1, List.of(16, 32, 64), 5);
        network.initialise(5);
        Map<String, Tensor> w = network.weights();
        assertUniform(w, "model.1.submodule.0.conv.unit1.conv.weight", 1 / Math.sqrt(32 * 27));
        assertUniform(w, "model.1.submodule.0.residual.weight", 1 / Math.sqrt(16 * 27));
        assertUniform(w, "model.1.submodule.2.0.conv.weight", 1 / Math.sqrt(16 * 27)); // of what goes out
        assertThat(Objects.requireNonNull(w.get("model.2.0.adn.A.weight")).toFloats())
                .containsExactly(0.25f);
    }

    private static void assertUniform(Map<String, Tensor> weights, String name, double bound) {
        Tensor weight = Objects.requireNonNull(weights.get(name)).detach();
        assertThat(weight.abs().mean().item()).as(name).isCloseTo(bound / 2, within(0.02 * bound));
        assertThat(weight.square().mean().sqrt().item()).as(name).isCloseTo(bound / Math.sqrt(3), within(0.02 * bound));
    }

    @Test
    void multiplyAddsCountEveryTap() {
        MonaiUNetEncoder encoder = new MonaiUNetEncoder(3, 2, List.of(3, 5, 7));
        long first = 6 * 6 * 6 * 27 * (2 * 3 + 3 * 3 + 2 * 3);
        long second = 3 * 3 * 3 * 27 * (3 * 5 + 5 * 5 + 3 * 5);
        long last = 3 * 3 * 3 * (27 * (5 * 7 + 7 * 7) + 5 * 7);
        assertThat(encoder.multiplyAdds(11)).isEqualTo(first + second + last);
        assertThat(new MonaiUNetEncoder(3, 2, List.of(3, 3)).multiplyAdds(4))
                .isEqualTo(8 * 27 * (2 * 3 + 3 * 3 + 2 * 3) + 8 * 27 * (3 * 3 + 3 * 3));
    }

    @Test
    void aNetworkThatCannotGoDownIsRefused() {
        assertThatThrownBy(() -> new MonaiUNet(3, 1, List.of(4), 2)).hasMessageContaining("[4]");
        assertThatThrownBy(() -> new MonaiUNet(3, 1, List.of(4, 0), 2)).hasMessageContaining("[4, 0]");
    }
}
