package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.list.ScanList;

class LabelNamesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"background\": 0, \"left\": 1, \"right\": 2}",
                "{\"background\": \"0\", \"left\": \"1\", \"right\": \"2\"}",
                "{\"background\": 0.0, \"left\": 1.0, \"right\": 2.0}",
                "{\"0\": \"background\", \"1\": \"left\", \"2\": \"right\"}",
                "{\"0\": \"background\", \"left\": \"1\", \"right\": 2}",
                "[\"background\", \"left\", \"right\"]",
            })
    void numbersAndNamesAreReadHoweverTheyAreWritten(String labels) throws IOException {
        List<Finding> findings = new ArrayList<>();
        assertThat(names(labels, findings).byValue())
                .containsExactly(Map.entry(0, "background"), Map.entry(1, "left"), Map.entry(2, "right"));
        assertThat(findings).isEmpty();
    }

    @Test
    void namesThatAreNumbersAreReadWhereBothAreOne() throws IOException {
        assertThat(names("{\"1\": \"1\", \"2\": \"2\"}", new ArrayList<>()).byValue())
                .containsExactly(Map.entry(1, "1"), Map.entry(2, "2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\": \"b\"} | a number and a name, found \"a\": \"b\"",
                "{\"a\": 1.5} | a number and a name, found \"a\": 1.5",
                "{\"a\": -1} | a number and a name, found \"a\": -1",
                "{\"a\": null} | a number and a name, found \"a\": null",
                "{\"a\": {\"value\": 1}} | a number and a name, found \"a\": {\"value\":1}",
                "{\"1\": \"2\"} | a number and a name, found \"1\": \"2\", of which either could be the number",
                "{\"a\": 1, \"b\": \"1\"} | one name for each number, found {\"a\":1,\"b\":\"1\"}",
                "[\"left\", \"right\"] | numbers with names, or a list of names that begins with background, found"
                        + " [\"left\",\"right\"]",
                "[\"background\", 1] | numbers with names, or a list of names that begins with background, found"
                        + " [\"background\",1]",
                "\"left\" | numbers with names, found \"left\"",
            })
    void whatCouldMeanTwoThingsNamesNoClasses(String labels, String fault) throws IOException {
        List<Finding> findings = new ArrayList<>();
        assertThat(names(labels, findings).byValue()).isEmpty();
        assertThat(findings)
                .singleElement()
                .extracting(Finding::line)
                .isEqualTo(folder.resolve("dataset.json") + ": its labels name no classes: expected " + fault);
    }

    @Test
    void theNumbersOfRegionsMayBeTextsToo() throws IOException {
        Regions regions = names("{\"background\": \"0\", \"whole\": [\"1\", 2.0], \"core\": \"2\"}", new ArrayList<>())
                .regions();
        assertThat(regions).isEqualTo(new Regions(Map.of("whole", List.of(1, 2), "core", List.of(2)), List.of()));
    }

    private LabelNames names(String labels, List<Finding> findings) throws IOException {
        Path file = Files.writeString(folder.resolve("dataset.json"), "{\"labels\": " + labels + "}");
        LabelNames names = new LabelNames();
        names.add(file, ScanList.json(file), findings::add);
        return names;
    }
}
