package org.voco4j.network.unet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;

class UNetEncoderTest {

    @Test
    void halvesEveryLevelAndNamesWeightsAsBasicUNet() {
        UNetEncoder encoder = new UNetEncoder(3, 1, List.of(4, 8, 16), UNetForm.LIGHT, FeatureNorm.INSTANCE);
        encoder.initialise(3);
        List<Tensor> levels = encoder.levels(Tensor.zeros(DType.F32, 2, 1, 12, 8, 16));
        assertThat(levels.get(0).shape()).containsExactly(2, 4, 12, 8, 16);
        assertThat(levels.get(1).shape()).containsExactly(2, 8, 6, 4, 8);
        assertThat(levels.get(2).shape()).containsExactly(2, 16, 3, 2, 4);
        assertThat(encoder.weights().keySet())
                .startsWith("conv_0.conv_0.conv.weight", "conv_0.conv_0.conv.bias", "conv_0.conv_0.adn.N.weight")
                .contains("down_2.convs.conv_1.adn.N.bias")
                .hasSize(4 * (1 + 2 + 2));
    }

    @Test
    void initialWeightsFollowTheirLawAndTheirSeed() {
        UNetEncoder encoder = new UNetEncoder(3, 1, List.of(16, 32), UNetForm.LIGHT, FeatureNorm.INSTANCE);
        encoder.initialise(3);
        Tensor weight = encoder.weights().get("down_1.convs.conv_1.conv.weight");
        assertThat(weight).isNotNull();
        if (weight != null) {
            double bound = 1 / Math.sqrt(32.0 * 27);
            double rms = weight.norm().item() / Math.sqrt((double) weight.count());
            assertThat(weight.abs().mean().item()).isBetween(0.98 * bound / 2, 1.02 * bound / 2);
            assertThat(rms).isBetween(0.98 * bound / Math.sqrt(3), 1.02 * bound / Math.sqrt(3));
            float[] first = weight.toFloats();
            encoder.initialise(4);
            assertThat(weight.toFloats()).isNotEqualTo(first);
            encoder.initialise(3);
            assertThat(weight.toFloats()).isEqualTo(first);
        }
    }

    @Test
    void samplesDoNotMix() {
        UNetEncoder encoder = new UNetEncoder(3, 1, List.of(4, 8), UNetForm.LIGHT, FeatureNorm.INSTANCE);
        encoder.initialise(1);
        float[] values = new float[2 * 512];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 31 % 17) / 17f;
        }
        Tensor batch = Tensor.of(values, 2, 1, 8, 8, 8);
        try (NoGrad none = NoGrad.open()) {
            float[] together = encoder.levels(batch).get(1).narrow(0, 1, 1).toFloats();
            float[] alone = encoder.levels(batch.narrow(0, 1, 1).copy()).get(1).toFloats();
            for (int i = 0; i < alone.length; i++) {
                assertThat(together[i]).isEqualTo(alone[i], org.assertj.core.api.Assertions.within(1e-5f));
            }
        }
    }
}
