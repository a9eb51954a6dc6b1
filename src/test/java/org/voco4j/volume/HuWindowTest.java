package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.voco4j.Reference;

class HuWindowTest {
    private static final HuWindow WINDOW = new HuWindow(-175, 250);

    @Test
    void equalsMonai() {
        Reference reference = Reference.of("geometry");
        float[] values = reference.floats("intensity.input");
        Volume input = new Volume(new Shape3(values.length, 1, 1), Affine.identity(), values);
        assertThat(WINDOW.apply(input).voxels()).isEqualTo(reference.floats("intensity.clip"));
        assertThat(WINDOW.scale(input, 0, 1, false).voxels()).isEqualTo(reference.floats("intensity.noclip"));
        assertThat(new HuWindow(-1000, 1000).scale(input, -1, 1, true).voxels())
                .isEqualTo(reference.floats("intensity.to_-1_1"));
    }

    @Test
    void voxelsThatAreNoNumbersAreCounted() {
        float[] values = {0, Float.NaN, Float.POSITIVE_INFINITY, 3};
        Volume volume = new Volume(new Shape3(2, 2, 1), Affine.identity(), values);
        assertThatThrownBy(() -> WINDOW.apply(volume)).hasMessageContaining("2 of 4 voxels are NaN or infinite");
    }

    @Test
    void aWindowHasAWidth() {
        assertThatThrownBy(() -> new HuWindow(10, 10)).hasMessageContaining("10.0 … 10.0");
        assertThatThrownBy(() -> new HuWindow(Double.NaN, 10)).hasMessageContaining("NaN");
    }
}
