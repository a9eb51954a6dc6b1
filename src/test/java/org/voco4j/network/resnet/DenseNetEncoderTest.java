package org.voco4j.network.resnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

class DenseNetEncoderTest {
    private static final DenseNetForm FORM = new DenseNetForm(4, 2, List.of(2, 1, 3));

    @Test
    void levelsAreWhatTheBlocksMakeFinestFirst() {
        DenseNetEncoder encoder = new DenseNetEncoder(3, 1, FORM);
        encoder.initialise(3);
        assertThat(encoder.channels()).containsExactly(4 + 4, 4 + 2, 3 + 6);
        assertThat(encoder.mixesSamples()).isTrue();
        List<Tensor> levels = encoder.levels(Tensor.zeros(DType.F32, 2, 1, 32, 44, 29));
        assertThat(levels).hasSize(3);
        assertThat(levels.get(0).shape()).containsExactly(2, 8, 8, 11, 8);
        assertThat(levels.get(1).shape()).containsExactly(2, 6, 4, 5, 4);
        assertThat(levels.get(2).shape()).containsExactly(2, 9, 2, 2, 2);
    }

    @Test
    void theCoarsestLevelIsNormalisedAndTheOthersAreNot() {
        DenseNetEncoder encoder = new DenseNetEncoder(2, 1, FORM);
        encoder.initialise(5);
        List<Tensor> levels = encoder.levels(Classifiers.ramp(2, 1, 48, 48));
        Tensor coarsest = levels.get(2);
        assertThat(coarsest.mean(0, 2, 3).abs().sum().item()).isLessThan(1e-4);
        assertThat(coarsest.square().mean().item()).isBetween(0.9, 1.001);
        assertThat(levels.get(1).mean(0, 2, 3).abs().sum().item()).isGreaterThan(1e-2);
    }

    @Test
    void theSmallestCropLeavesTwoVoxelsAndOneLessDoesNot() {
        DenseNetEncoder encoder = new DenseNetEncoder(2, 1, FORM);
        encoder.initialise(1);
        int smallest = encoder.smallestCrop();
        assertThat(coarsest(encoder, smallest)).containsExactly(1, 9, 2, 2);
        assertThat(coarsest(encoder, smallest - 1)).containsExactly(1, 9, 1, 1);
    }

    private static long[] coarsest(DenseNetEncoder encoder, int edge) {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            return encoder.levels(Tensor.zeros(DType.F32, 1, 1, edge, edge))
                    .get(2)
                    .shape();
        }
    }

    @Test
    void sixteenBitsAreEnoughForItsConvolutions() {
        Classifiers.assertRunsInSixteenBits(new DenseNetEncoder(3, 1, FORM));
    }

    @Test
    void aNetworkHasTheKeysOfItsEncoder() {
        DenseNetEncoder encoder = new DenseNetEncoder(3, 1, FORM);
        DenseNet network = new DenseNet(3, 1, FORM, 2);
        assertThat(network.stateDict().keySet())
                .startsWith(encoder.stateDict().keySet().toArray(String[]::new))
                .hasSize(encoder.stateDict().size() + 2);
    }

    @Test
    void multiplyAddsCountEveryTap() {
        long first = 23 * 23 * 49 * 3 * 4; // 45 → 23, then 12 by pooling
        long block1 = 12 * 12 * (4 * 8 + 9 * 8 * 2 + 6 * 8 + 9 * 8 * 2);
        long transition1 = 12 * 12 * 8 * 4;
        long block2 = 6 * 6 * (4 * 8 + 9 * 8 * 2);
        long transition2 = 6 * 6 * 6 * 3;
        long block3 = 3 * 3 * ((3 + 5 + 7) * 8 + 3 * 9 * 8 * 2);
        assertThat(new DenseNetEncoder(2, 3, FORM).multiplyAdds(45))
                .isEqualTo(first + block1 + transition1 + block2 + transition2 + block3);
    }

    /** MONAI's networks in use, the taps of every convolution times the voxels that it made. */
    @Test
    void multiplyAddsOfStandardNetworksAreMonais() {
        assertThat(new DenseNetEncoder(3, 1, DenseNetForm.ofDepth(121)).multiplyAdds(61))
                .isEqualTo(5297328704L);
        assertThat(new DenseNetEncoder(2, 3, DenseNetForm.ofDepth(264)).multiplyAdds(72))
                .isEqualTo(514337792L);
    }
}
