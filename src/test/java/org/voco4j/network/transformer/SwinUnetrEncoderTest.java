package org.voco4j.network.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.EncoderLaws;

class SwinUnetrEncoderTest {
    private static SwinUnetrEncoder encoder(int in, int features, String version, String order) {
        SwinUnetrEncoder encoder =
                new SwinUnetrEncoder(3, in, features, SwinVersion.valueOf(version), PatchMerging.Order.valueOf(order));
        Tensors.fillWithHashNumbers(encoder.weights(), "");
        return encoder;
    }

    @Test
    void namesAreThePublishedKeys() {
        assertThat(new SwinUnetrEncoder(3, 1, 6, SwinVersion.V2, PatchMerging.Order.MERGING)
                        .weights()
                        .keySet())
                .contains(
                        "swinViT.patch_embed.proj.weight",
                        "swinViT.layers1.0.blocks.0.attn.qkv.weight",
                        "swinViT.layers4.0.downsample.reduction.weight",
                        "swinViT.layers3c.0.layer.conv2.conv.weight",
                        "encoder1.layer.conv3.conv.weight",
                        "encoder10.layer.conv1.conv.weight")
                .hasSize(143 - 6); // the released network's, without its projector
    }

    @Test
    void theHistoricMergingTakesTwoTokensTwiceAndLosesTwo() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 2, 2, 1);
        assertThat(PatchMerging.neighbours(x, PatchMerging.Order.MERGING_BEFORE_1_5)
                        .toFloats())
                .containsExactly(1, 5, 3, 2, 6, 3, 2, 8);
        assertThat(PatchMerging.neighbours(x, PatchMerging.Order.MERGING).toFloats())
                .containsExactly(1, 5, 3, 2, 7, 6, 4, 8);
        assertThat(PatchMerging.neighbours(x, PatchMerging.Order.MERGINGV2).toFloats())
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void samplesDoNotMix() {
        EncoderLaws.assertSamplesDoNotMix(encoder(1, 6, "V2", "MERGING"), Tensors.smoothInput("two", 2, 1, 36, 40, 36));
    }

    @Test
    void initialWeightsFollowTheLawsOfTheOriginal() {
        SwinUnetrEncoder encoder = new SwinUnetrEncoder(3, 1, 24, SwinVersion.V2, PatchMerging.Order.MERGING);
        encoder.initialise(5);
        Map<String, Tensor> w = encoder.weights();
        float[] table = Objects.requireNonNull(w.get("swinViT.layers4.0.blocks.1.attn.relative_position_bias_table"))
                .toFloats();
        double mean = 0;
        double square = 0;
        double fourth = 0;
        for (float value : table) {
            mean += value / (double) table.length;
            square += value * (double) value / table.length;
            fourth += Math.pow(value, 4) / table.length;
        }
        assertThat(mean).isCloseTo(0, within(4 * 0.02 / Math.sqrt(table.length)));
        assertThat(Math.sqrt(square)).isCloseTo(0.02, within(0.01 * 0.02));
        assertThat(fourth / (square * square)).as("kurtosis of a normal law").isCloseTo(3, within(0.1));
        Tensor qkv = Objects.requireNonNull(w.get("swinViT.layers4.0.blocks.1.attn.qkv.weight"));
        double bound = 1 / Math.sqrt(192.0);
        assertThat(qkv.abs().mean().item()).isCloseTo(bound / 2, within(0.01 * bound));
        assertThat(Objects.requireNonNull(w.get("swinViT.layers2.0.blocks.0.norm1.weight"))
                        .toFloats())
                .containsOnly(1);
    }

    @Test
    void multiplyAddsAreTheReferencesCount() {
        SwinUnetrEncoder paper = new SwinUnetrEncoder(3, 1, 48, SwinVersion.V2, PatchMerging.Order.MERGING);
        assertThat(2e-9 * paper.multiplyAdds(64)).as("GFLOP of a crop of 64³").isCloseTo(83, within(2.0));
    }

    @Test
    void aFeatureSizeThatHeadsCannotShareIsRefused() {
        assertThatThrownBy(() -> new SwinUnetrEncoder(3, 1, 16, SwinVersion.V2, PatchMerging.Order.MERGING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.featureSize must be a multiple of 3");
    }
}
