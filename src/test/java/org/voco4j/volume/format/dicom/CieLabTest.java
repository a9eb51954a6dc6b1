package org.voco4j.volume.format.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CieLabTest {
    /** L*, a*, b* under D50 of the primaries, as colour tables have them (B. Lindbloom's calculator). */
    @ParameterizedTest
    @CsvSource({
        "#ffffff, 100, 0, 0",
        "#000000, 0, 0, 0",
        "#ff0000, 54.29, 80.81, 69.89",
        "#00ff00, 87.82, -79.29, 80.99",
        "#0000FF, 29.57, 68.30, -112.03",
    })
    void coloursAreThoseOfThePcs(String srgb, double l, double a, double b) {
        int[] lab = CieLab.of(srgb);
        assertThat(lab[0] * 100 / 65535.0).isCloseTo(l, offset(0.02));
        assertThat(lab[1] * 255 / 65535.0 - 128).isCloseTo(a, offset(0.02));
        assertThat(lab[2] * 255 / 65535.0 - 128).isCloseTo(b, offset(0.02));
    }
}
