package org.voco4j.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.resnet.DenseNetEncoder;
import org.voco4j.network.resnet.DenseNetForm;
import org.voco4j.network.resnet.ResNetEncoder;
import org.voco4j.network.resnet.ResNetForm;
import org.voco4j.network.transformer.PatchMerging;
import org.voco4j.network.transformer.SwinUnetrEncoder;
import org.voco4j.network.transformer.SwinVersion;
import org.voco4j.network.transformer.UnetrEncoder;
import org.voco4j.network.transformer.UnetrForm;
import org.voco4j.network.unet.MonaiUNetEncoder;
import org.voco4j.network.unet.UNet3dEncoder;
import org.voco4j.network.unet.UNetEncoder;
import org.voco4j.network.unet.UNetForm;

/** In which stage of an encoder its weights are, told by the first parts of their names. */
class StagesTest {
    private static final int DIMS = 3;

    /** Stage → what the names of its weights begin with, cut before a part that says nothing of the stage. */
    private static Map<Integer, String> stages(Encoder encoder, String cut) {
        return encoder.weights().keySet().stream()
                .collect(Collectors.groupingBy(
                        encoder::stage,
                        TreeMap::new,
                        Collectors.mapping(
                                name -> name.replaceFirst(cut, "$1"),
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        names -> String.join(
                                                " ", names.stream().distinct().toList())))));
    }

    @Test
    void thoseOfUNetsAreTheirLevels() {
        Encoder unet = new UNetEncoder(DIMS, 1, List.of(8, 8, 8), UNetForm.BASIC, FeatureNorm.INSTANCE);
        assertThat(stages(unet, "^([a-z]+_[0-9])\\..*"))
                .containsExactlyEntriesOf(new TreeMap<>(Map.of(0, "conv_0", 1, "down_1", 2, "down_2")));
        assertThat(stages(new UNet3dEncoder(DIMS, 1, 8, FeatureNorm.GROUP), "^([a-z]+_tr[0-9]+)\\..*"))
                .isEqualTo(Map.of(0, "down_tr64", 1, "down_tr128", 2, "down_tr256", 3, "down_tr512"));
        assertThat(stages(new MonaiUNetEncoder(DIMS, 1, List.of(4, 8, 8)), "^(.*?)(\\.0)?\\.(conv\\.unit|residual).*"))
                .isEqualTo(Map.of(0, "model", 1, "model.1.submodule", 2, "model.1.submodule.1.submodule"));
    }

    @Test
    void thoseOfTransformersAreTheirBlocksWithTheConvolutionsBesideThem() {
        Encoder swin = new SwinUnetrEncoder(DIMS, 1, 6, SwinVersion.V2, PatchMerging.Order.MERGING);
        assertThat(stages(swin, "^(encoder[0-9]+|swinViT\\.[a-z_]+[0-9]?c?)\\..*"))
                .isEqualTo(Map.of(
                        0, "swinViT.patch_embed encoder1 encoder2",
                        1, "swinViT.layers1 swinViT.layers1c encoder3",
                        2, "swinViT.layers2 swinViT.layers2c encoder4",
                        3, "swinViT.layers3 swinViT.layers3c",
                        4, "swinViT.layers4 swinViT.layers4c encoder10"));
        Encoder vit = new UnetrEncoder(DIMS, 1, List.of(32, 32, 32), new UnetrForm(4, 12, 24, 2));
        Map<Integer, String> stages = stages(vit, "^(encoder[0-9]|vit\\.(blocks\\.)?[a-z0-9_]+)\\..*");
        assertThat(stages).hasSize(13).containsEntry(0, "vit.patch_embedding encoder1");
        assertThat(stages).containsEntry(1, "vit.blocks.0").containsEntry(4, "vit.blocks.3 encoder2");
        assertThat(stages).containsEntry(7, "vit.blocks.6 encoder3").containsEntry(10, "vit.blocks.9 encoder4");
        assertThat(stages).containsEntry(12, "vit.blocks.11 vit.norm");
    }

    @Test
    void thoseOfClassifiersAreTheirBlocks() {
        Encoder resNet = new ResNetEncoder(DIMS, 1, ResNetForm.monai(10));
        assertThat(stages(resNet, "^(conv1|bn1|layer[0-9])\\..*"))
                .isEqualTo(Map.of(0, "conv1 bn1", 1, "layer1", 2, "layer2", 3, "layer3", 4, "layer4"));
        Encoder dense = new DenseNetEncoder(DIMS, 1, new DenseNetForm(8, 4, List.of(2, 2)));
        assertThat(stages(dense, "^features\\.([a-z]+[0-9])\\..*"))
                .isEqualTo(Map.of(0, "conv0 norm0", 1, "denseblock1 transition1", 2, "denseblock2 norm5"));
    }
}
