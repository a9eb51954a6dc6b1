package org.voco4j.network.resnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.engine.tensor.DType;

class DenseNetTest {

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void equalsMonaiInValuesAndGradients(DType type) {
        DenseNet network = new DenseNet(3, 1, new DenseNetForm(8, 4, List.of(2, 2)), 3);
        Classifiers.assertEqualsMonai(network, "densenet_small.weights", "densenet_small.io", type);
    }

    /** Three blocks, an odd number of channels, and sizes that halving leaves odd. */
    @Test
    void inTwoDimensionsEqualsMonaiInTraining() {
        DenseNet network = new DenseNet(2, 2, new DenseNetForm(6, 3, List.of(1, 2, 2)), 4);
        Classifiers.assertEqualsForm(network, "dense");
    }

    /** Counts of MONAI's networks in two dimensions: 3 channels and 1000 classes. */
    @ParameterizedTest
    @CsvSource({"121, 7978856", "169, 14149480", "201, 20013928", "264, 33337704"})
    void standardDepthsHaveAsManyWeightsAsMonais(int depth, long weights) {
        assertThat(Classifiers.count(new DenseNet(2, 3, DenseNetForm.ofDepth(depth), 1000)))
                .isEqualTo(weights);
    }

    @Test
    void initialWeightsFollowTheLawsOfTheOriginal() {
        DenseNet network = new DenseNet(3, 2, new DenseNetForm(16, 8, List.of(2, 2)), 40);
        network.initialise(3);
        Classifiers.assertNormal(network, "features.conv0.weight", Math.sqrt(2 / (2.0 * 343)));
        Classifiers.assertNormal(network, "features.denseblock1.denselayer2.layers.conv1.weight", Math.sqrt(2 / 24.0));
        Classifiers.assertNormal(
                network, "features.denseblock2.denselayer1.layers.conv2.weight", Math.sqrt(2 / (32.0 * 27)));
        Classifiers.assertNormal(network, "features.transition1.conv.weight", Math.sqrt(2 / 32.0));
        Classifiers.assertUniform(network, "class_layers.out.weight", 1 / Math.sqrt(32.0));
        assertThat(Classifiers.values(network, "class_layers.out.bias")).containsOnly(0);
        assertThat(Classifiers.values(network, "features.norm5.weight")).containsOnly(1);
        assertThat(Classifiers.values(network, "features.norm5.bias")).containsOnly(0);
        assertThat(Classifiers.values(network, "features.norm5.running_var")).containsOnly(1);
    }

    @Test
    void formsThatCannotBeBuiltAreRefused() {
        assertThatThrownBy(() -> DenseNetForm.ofDepth(120)).hasMessageContaining("201 or 264 layers, not 120");
        assertThatThrownBy(() -> new DenseNetForm(8, 4, List.of())).hasMessageContaining("at least one block");
        assertThatThrownBy(() -> new DenseNetForm(8, 0, List.of(2))).hasMessageContaining("growth 0");
    }
}
