package org.voco4j.network.resnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.tensor.DType;
import org.voco4j.network.resnet.ResNetForm.Block;
import org.voco4j.network.resnet.ResNetForm.Shortcut;

class ResNetTest {
    private static final List<Integer> ONES = List.of(1, 1, 1, 1);

    private static ResNetForm basic(Shortcut shortcut) {
        return new ResNetForm(Block.BASIC, ONES, List.of(4, 8, 16, 32), 1, shortcut);
    }

    @ParameterizedTest
    @CsvSource({
        "resnet10_small.io, F32",
        "resnet10_small.io, F64",
        "resnet10_small_train.io, F32",
        "resnet10_small_train.io, F64"
    })
    void equalsMonaiInValuesAndGradientsInUseAndInTraining(String file, DType type) {
        ResNet network = new ResNet(3, 1, basic(Shortcut.PROJECTED), 3);
        Classifiers.assertEqualsMonai(network, "resnet10_small.weights", file, type);
    }

    /** Shortcuts of type A, stride 2 at the beginning, and sizes that halving leaves odd. */
    @Test
    void paddedShortcutsEqualMonaiAndHaveNoGradient() {
        ResNetForm form = new ResNetForm(Block.BASIC, List.of(2, 1, 1, 2), List.of(4, 8, 8, 16), 2, Shortcut.PADDED);
        Classifiers.assertEqualsForm(new ResNet(3, 1, form, 3), "padded");
    }

    @Test
    void bottlenecksInTwoDimensionsEqualMonaiInTraining() {
        ResNetForm form = new ResNetForm(
                Block.BOTTLENECK, List.of(1, 2, 1, 1), List.of(4, 4, 8, 8), 1, Shortcut.PROJECTED_WITH_BIAS);
        Classifiers.assertEqualsForm(new ResNet(2, 2, form, 4), "bottleneck");
    }

    /** Counts of MONAI's networks in two dimensions: 3 channels and 1000 classes; MedicalNet's with 1 channel, no classifier. */
    @ParameterizedTest
    @CsvSource({
        "10, 5419688, 4899520",
        "18, 11690408, 10996416",
        "34, 21798568, 21104576",
        "50, 25560872, 23501760",
        "101, 44553000, 42493888",
        "152, 60196648, 58137536",
        "200, 64677672, 62618560"
    })
    void standardDepthsHaveAsManyWeightsAsMonais(int depth, long monai, long medicalNet) {
        assertThat(Classifiers.count(new ResNet(2, 3, ResNetForm.monai(depth), 1000)))
                .isEqualTo(monai);
        assertThat(Classifiers.count(new ResNetEncoder(2, 1, ResNetForm.medicalNet(depth))))
                .isEqualTo(medicalNet);
    }

    @Test
    void initialWeightsFollowTheLawsOfTheOriginal() {
        ResNetForm form = new ResNetForm(Block.BASIC, ONES, List.of(16, 32, 64, 64), 1, Shortcut.PROJECTED_WITH_BIAS);
        ResNet network = new ResNet(3, 2, form, 40);
        network.initialise(3);
        Classifiers.assertNormal(network, "conv1.weight", Math.sqrt(2 / (16.0 * 343)));
        Classifiers.assertNormal(network, "layer3.0.conv1.weight", Math.sqrt(2 / (64.0 * 27)));
        Classifiers.assertNormal(network, "layer3.0.downsample.0.weight", Math.sqrt(2 / 64.0));
        Classifiers.assertUniform(network, "layer3.0.downsample.0.bias", 1 / Math.sqrt(32.0));
        Classifiers.assertUniform(network, "fc.weight", 1 / Math.sqrt(64.0));
        assertThat(Classifiers.values(network, "fc.bias")).containsOnly(0);
        assertThat(Classifiers.values(network, "layer2.0.bn2.weight")).containsOnly(1);
        assertThat(Classifiers.values(network, "layer2.0.bn2.bias")).containsOnly(0);
        assertThat(Classifiers.values(network, "layer2.0.bn2.running_var")).containsOnly(1);
    }

    @Test
    void formsThatCannotBeBuiltAreRefused() {
        assertThatThrownBy(() -> ResNetForm.monai(20)).hasMessageContaining("152 or 200 layers, not 20");
        assertThatThrownBy(() -> ResNetForm.medicalNet(20)).hasMessageContaining("not 20");
        assertThatThrownBy(() -> new ResNetForm(Block.BASIC, ONES, List.of(4, 8), 1, Shortcut.PROJECTED))
                .hasMessageContaining("not [4, 8] for blocks [1, 1, 1, 1]");
        assertThatThrownBy(() -> new ResNetForm(Block.BASIC, List.of(1, 0), List.of(4, 8), 1, Shortcut.PROJECTED))
                .hasMessageContaining("at least 1, not blocks [1, 0]");
        assertThatThrownBy(() -> new ResNetForm(Block.BASIC, List.of(1, 1), List.of(4, 8), 0, Shortcut.PROJECTED))
                .hasMessageContaining("stride 0");
        assertThatThrownBy(() -> new ResNetForm(Block.BASIC, List.of(1, 1), List.of(8, 4), 1, Shortcut.PADDED))
                .hasMessageContaining("[8, 4]");
        assertThat(new ResNetForm(Block.BASIC, List.of(1, 1), List.of(8, 4), 1, Shortcut.PROJECTED).planes())
                .containsExactly(8, 4);
    }
}
