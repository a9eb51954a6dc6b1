package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VolumeFormatExceptionTest {

    @Test
    void textsOutOfTheFileDoNotSteerATerminal() {
        VolumeFormatException refused =
                new VolumeFormatException(Path.of("a.nii"), "'\u001bx'", "'Grün\u0085\n\uFFFD'");
        assertThat(refused).hasMessage("a.nii: expected '?x', found 'Grün???'");
        assertThat(refused.expected()).isEqualTo("'?x'");
        assertThat(refused.found()).isEqualTo("'Grün???'");
    }
}
