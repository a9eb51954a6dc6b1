package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TextTableTest {

    @Test
    void numbersGoRightAndWordsLeft() {
        TextTable table = new TextTable("measure", "value", "note")
                .row("retrieval", "0.65", "of 96 crops")
                .row("größe", "−12.5", "")
                .row("steps", "20,000", "a");
        assertThat(table.toString()).isEqualTo("""
                measure     value  note
                ---------  ------  -----------
                retrieval    0.65  of 96 crops
                größe       −12.5
                steps      20,000  a
                """);
    }

    @Test
    void aColumnOfWordsAndNumbersIsWords() {
        TextTable table = new TextTable("a", "b", "c").row("1", "x", "–").row("2", "3", "");
        assertThat(table.isNumeric(0)).isTrue();
        assertThat(table.isNumeric(1)).isFalse();
        assertThat(table.isNumeric(2)).as("nothing but gaps").isFalse();
    }

    @Test
    void cellsThatReadAsNumbers() {
        for (String number : new String[] {
            "0",
            "-3",
            "−3",
            "+0.31",
            ".5",
            "1e-3",
            "2.5e−4",
            "65 %",
            "65%",
            "12 ms",
            "3.1 mm²",
            "20,000",
            "20 000",
            "2×",
            "0.71 ± 0.03",
            "0.65 [0.58, 0.71]",
            "< 0.001",
            "NaN",
            "nan",
            "–",
            "-",
            "n/a",
            "∞",
            "8 GiB",
            "3 it/s"
        }) {
            assertThat(Numbers.isNumber(number)).as(number).isTrue();
        }
        for (String word :
                new String[] {"liver", "2.10.0", "96x96x64", "2026-11-22", "3 of 4", "v1", "a 1", "1 2 x y"}) {
            assertThat(Numbers.isNumber(word)).as(word).isFalse();
        }
    }

    @Test
    void aRowHasOneCellPerColumn() {
        assertThatThrownBy(() -> new TextTable("a", "b").row("1"))
                .hasMessage("a row of 1 cells [1] in a table of 2 columns [a, b]");
        assertThatThrownBy(TextTable::new).isInstanceOf(IllegalArgumentException.class);
    }
}
