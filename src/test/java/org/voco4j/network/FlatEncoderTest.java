package org.voco4j.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.transformer.PatchMerging;
import org.voco4j.network.transformer.SwinVersion;
import org.voco4j.network.transformer.UnetrForm;
import org.voco4j.network.unet.UNetForm;

/** A network for images of one slice is the one of 2 axes, seen with 3. */
class FlatEncoderTest {
    private static final int EDGE = 64;

    @ParameterizedTest
    @EnumSource(Backbone.Name.class)
    void everyEncoderTakesImagesOfOneSlice(Backbone.Name name) {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Encoder flat = backbone(name, 2).encode(1, List.of(EDGE, EDGE, 1));
            flat.initialise(1);
            Encoder within = FlatEncoder.within(flat);
            assertThat(within).isNotSameAs(flat);
            assertThat(flat.weights().keySet()).isEqualTo(within.weights().keySet());
            assertThat(flat.takes(EDGE, EDGE, 1)).isTrue();
            assertThat(flat.takes(EDGE, EDGE, 2)).isFalse();
            assertThat(flat.smallestCrop()).isLessThanOrEqualTo(EDGE);
            try (Evaluation evaluation = Evaluation.of(flat)) {
                Tensor x = image();
                List<Tensor> levels = flat.levels(x);
                List<Tensor> expected = within.levels(x.reshape(2, 1, EDGE, EDGE));
                assertThat(levels).hasSameSizeAs(flat.channels());
                for (int l = 0; l < levels.size(); l++) {
                    long[] shape = levels.get(l).shape();
                    assertThat(shape).hasSize(5).endsWith(1);
                    assertThat(shape[1]).isEqualTo((long) flat.channels().get(l));
                    assertThat(levels.get(l).toFloats())
                            .isEqualTo(expected.get(l).toFloats());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Backbone.Name.class,
            names = {"UNET", "SWIN_UNETR", "UNETR", "UNET_3D", "MONAI_UNET"})
    void everySegmentationNetworkTakesImagesOfOneSlice(Backbone.Name name) {
        Backbone backbone = backbone(name, 2);
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            SegmentationNetwork network = backbone.segment(1, 3, List.of(EDGE, EDGE, 1));
            network.initialise(1);
            assertThat(network.forward(image()).shape()).containsExactly(2, 3, EDGE, EDGE, 1);
            assertThat(network.weights().keySet())
                    .containsAll(network.encoder().weights().keySet());
            assertThat(network.encoder().takes(EDGE, EDGE, 1)).isTrue();
        }
        assertThat(Backbone.of(backbone.facts()).dims()).isEqualTo(2);
    }

    @Test
    void filesThatDoNotSayHowManyAxesAreOfThree() {
        Backbone backbone = backbone(Backbone.Name.UNET, 3);
        assertThat(backbone.facts()).doesNotContainKey("dims");
        assertThat(Backbone.of(backbone.facts()).dims()).isEqualTo(3);
    }

    private static Tensor image() {
        float[] values = new float[2 * EDGE * EDGE];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 37 % 101 / 101f;
        }
        return Tensor.of(values, 2, 1, EDGE, EDGE, 1);
    }

    private static Backbone backbone(Backbone.Name name, int dims) {
        return new Backbone(
                name,
                List.of(8, 8, 16, 16),
                UNetForm.LIGHT,
                FeatureNorm.GROUP,
                name == Backbone.Name.UNET_3D ? 16 : 12,
                SwinVersion.V2,
                PatchMerging.Order.MERGING,
                name == Backbone.Name.DENSENET ? 121 : 10,
                24,
                2,
                UnetrForm.PATCH,
                12,
                dims);
    }
}
