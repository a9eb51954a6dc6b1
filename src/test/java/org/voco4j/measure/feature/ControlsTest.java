package org.voco4j.measure.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ControlsTest {

    @Test
    void theHistogramIsTheRootOfSharesAndHasLengthOne() {
        float[] feature = HistogramControl.feature(new float[] {0, 0, 0.03f, 0.999f, 1, 2, -1, 0.5f});
        assertThat(feature).hasSize(16);
        assertThat(feature[0]).isCloseTo((float) Math.sqrt(4 / 8.0), within(1e-6f));
        assertThat(feature[8]).isCloseTo((float) Math.sqrt(1 / 8.0), within(1e-6f));
        assertThat(feature[15]).isCloseTo((float) Math.sqrt(3 / 8.0), within(1e-6f));
        assertThat(Cosines.dot(feature, feature)).isCloseTo(1, within(1e-6));
    }

    @Test
    void theCosineOfPixelFeaturesIsPearsonsCorrelation() {
        SplittableRandom random = new SplittableRandom(3);
        float[] u = new float[500];
        float[] brighter = new float[500];
        float[] negative = new float[500];
        for (int i = 0; i < u.length; i++) {
            u[i] = (float) random.nextDouble();
            brighter[i] = 0.3f + 0.5f * u[i];
            negative[i] = 1 - u[i];
        }
        float[][] unit = Cosines.unit(
                new float[][] {PixelControl.feature(u), PixelControl.feature(brighter), PixelControl.feature(negative)
                });
        assertThat(Cosines.dot(unit[0], unit[1])).isCloseTo(1, within(1e-5));
        assertThat(Cosines.dot(unit[0], unit[2])).isCloseTo(-1, within(1e-5));
    }

    @Test
    void aConstantCropMatchesNothing() {
        float[] constant = PixelControl.feature(new float[] {0.25f, 0.25f, 0.25f, 0.25f});
        assertThat(constant).containsOnly(0);
        assertThat(Cosines.unit(new float[][] {constant})[0]).containsOnly(0);
    }

    @Test
    void emptyCropsAreRefused() {
        assertThatThrownBy(() -> HistogramControl.feature(new float[0])).hasMessageContaining("0 voxels");
        assertThatThrownBy(() -> PixelControl.feature(new float[0])).hasMessageContaining("0 voxels");
    }
}
