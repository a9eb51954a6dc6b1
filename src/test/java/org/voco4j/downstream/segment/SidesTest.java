package org.voco4j.downstream.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of organs as data sets have them. */
class SidesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "spleen, kidney_left, liver | kidney_left",
                "Spleen, Right Kidney | Right Kidney",
                "lungUpperLobeLeft, heart | lungUpperLobeLeft",
                "liver, lkid, rkid | lkid",
                "liver, kidney-L, kidney-R | kidney-L",
            })
    void sidesAreFound(String names, String first) {
        assertThat(Sides.first(List.of(names.split(", ")))).contains(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"liver, rectum, lung, ring", "tumour, oedema, l, bright spot", "a, r"})
    void otherNamesHaveNone(String names) {
        assertThat(Sides.first(List.of(names.split(", ")))).isEmpty();
    }
}
