package org.voco4j.volume.format.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UidTest {
    /** The example of RFC 9562 annex A.4, in the space of names of the domain name system. */
    @Test
    void namesBecomeUuidsOfVersion5() {
        UUID dns = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        assertThat(Uid.uuid(dns, "www.example.com")).hasToString("2ed6657d-e927-568b-95e1-2665a8aea6a2");
    }

    @Test
    void theSameTextIsTheSameObject() {
        assertThat(Uid.of("a")).isEqualTo(Uid.of("a")).isNotEqualTo(Uid.of("b")).startsWith("2.25.");
        assertThat(Uid.is(Uid.of("a"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.", ".1", "1..2", "1.2/3", "../1", "1.2\n", "1.a"})
    void whatIsNone(String text) {
        assertThat(Uid.is(text)).isFalse();
    }

    @Test
    void atMost64Characters() {
        assertThat(Uid.is("1." + "2".repeat(62))).isTrue();
        assertThat(Uid.is("1." + "2".repeat(63))).isFalse();
    }
}
