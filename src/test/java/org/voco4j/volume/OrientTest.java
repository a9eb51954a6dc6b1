package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;

class OrientTest {
    private static final Reference REFERENCE = Reference.of("orientation");
    private static final Map<String, String> CODES = Map.of(
            "ras",
            "RAS",
            "lps",
            "LPS",
            "las",
            "LAS",
            "lai",
            "LAI",
            "perm_sra",
            "SRA",
            "perm_ips_flip",
            "IPL",
            "perm_asr",
            "ASR",
            "oblique",
            "RAS",
            "oblique_flip",
            "PLI");

    @ParameterizedTest
    @ValueSource(
            strings = {"ras", "lps", "las", "lai", "perm_sra", "perm_ips_flip", "perm_asr", "oblique", "oblique_flip"})
    void toRasEqualsMonai(String name) {
        Volume volume = Expected.volume(REFERENCE, "input", name + ".affine_in");
        assertThat(Orient.codes(volume.affine())).isEqualTo(CODES.get(name));
        Expected.assertSame(
                Orient.toRas(volume), Expected.volume(REFERENCE, name + ".output", name + ".affine_out"), 0);
    }

    @Test
    void toLpsEqualsMonai() {
        Volume volume = Expected.volume(REFERENCE, "input", "oblique.affine_in");
        Expected.assertSame(
                Orient.to(volume, "LPS"), Expected.volume(REFERENCE, "to_lps.output", "to_lps.affine_out"), 0);
    }

    @Test
    void thereAndBackIsTheSameVolume() {
        Volume volume = Expected.volume(REFERENCE, "input", "oblique_flip.affine_in");
        Expected.assertSame(Orient.to(Orient.to(volume, "SRP"), "PLI"), volume, 0);
        Volume ras = Orient.toRas(volume);
        assertThat(Orient.toRas(ras)).isSameAs(ras);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RAP", "RA", "", "XYZ", "RASS"})
    void codesMustNameEachAxisOnce(String codes) {
        Volume volume = Expected.volume(REFERENCE, "input", "ras.affine_in");
        assertThatThrownBy(() -> Orient.to(volume, codes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + codes + "'");
    }
}
