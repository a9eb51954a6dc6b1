package org.voco4j.network.resnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.resnet.ResNetForm.Block;
import org.voco4j.network.resnet.ResNetForm.Shortcut;

class ResNetEncoderTest {

    private static ResNetForm form(Block block, int stride) {
        return new ResNetForm(block, List.of(1, 2, 1, 1), List.of(2, 3, 4, 5), stride, Shortcut.PROJECTED);
    }

    @Test
    void levelsAreWhatTheFourLayersMakeFinestFirst() {
        ResNetEncoder encoder = new ResNetEncoder(3, 2, form(Block.BOTTLENECK, 1));
        encoder.initialise(3);
        assertThat(encoder.channels()).containsExactly(8, 12, 16, 20);
        assertThat(encoder.mixesSamples()).isTrue();
        List<Tensor> levels = encoder.levels(Tensor.zeros(DType.F32, 2, 2, 20, 33, 17));
        assertThat(levels).hasSize(4);
        assertThat(levels.get(0).shape()).containsExactly(2, 8, 10, 17, 9);
        assertThat(levels.get(1).shape()).containsExactly(2, 12, 5, 9, 5);
        assertThat(levels.get(2).shape()).containsExactly(2, 16, 3, 5, 3);
        assertThat(levels.get(3).shape()).containsExactly(2, 20, 2, 3, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theSmallestCropLeavesTwoVoxelsAndOneLessDoesNot(int stride) {
        ResNetEncoder encoder = new ResNetEncoder(2, 1, form(Block.BASIC, stride));
        encoder.initialise(1);
        int smallest = encoder.smallestCrop();
        assertThat(coarsest(encoder, smallest)).containsExactly(1, 5, 2, 2);
        assertThat(coarsest(encoder, smallest - 1)).containsExactly(1, 5, 1, 1);
    }

    private static long[] coarsest(ResNetEncoder encoder, int edge) {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            return encoder.levels(Tensor.zeros(DType.F32, 1, 1, edge, edge))
                    .get(3)
                    .shape();
        }
    }

    @ParameterizedTest
    @EnumSource(Shortcut.class)
    void sixteenBitsAreEnoughForItsConvolutions(Shortcut shortcut) {
        ResNetForm form = new ResNetForm(Block.BASIC, List.of(1, 1), List.of(4, 8), 1, shortcut);
        Classifiers.assertRunsInSixteenBits(new ResNetEncoder(3, 1, form));
    }

    @Test
    void aNetworkHasTheKeysOfItsEncoder() {
        ResNetForm form = form(Block.BASIC, 1);
        ResNetEncoder encoder = new ResNetEncoder(3, 1, form);
        ResNet network = new ResNet(3, 1, form, 2);
        assertThat(network.stateDict().keySet())
                .startsWith(encoder.stateDict().keySet().toArray(String[]::new))
                .hasSize(encoder.stateDict().size() + 2);
    }

    @Test
    void multiplyAddsCountEveryTap() {
        long first = 13 * 13 * 49 * 3 * 2; // 25 → 13, then 7 by pooling
        long level1 = 7 * 7 * (9 * (2 * 2 + 2 * 2));
        long level2 = 4 * 4 * (9 * (2 * 3 + 3 * 3) + 2 * 3 + 9 * (3 * 3 + 3 * 3));
        long level3 = 2 * 2 * (9 * (3 * 4 + 4 * 4) + 3 * 4);
        long level4 = 9 * (4 * 5 + 5 * 5) + 4 * 5;
        assertThat(new ResNetEncoder(2, 3, form(Block.BASIC, 2)).multiplyAdds(25))
                .isEqualTo(first + level1 + level2 + level3 + level4);
    }

    /** MONAI's networks in use, the taps of every convolution times the voxels that it made. */
    @Test
    void multiplyAddsOfStandardNetworksAreMonais() {
        assertThat(new ResNetEncoder(3, 1, ResNetForm.monai(50)).multiplyAdds(33))
                .isEqualTo(7488576960L);
        assertThat(new ResNetEncoder(2, 1, ResNetForm.medicalNet(34)).multiplyAdds(40))
                .isEqualTo(163972096L);
        assertThat(new ResNetEncoder(2, 1, ResNetForm.medicalNet(101)).multiplyAdds(40))
                .isEqualTo(353969152L);
    }
}
