package org.voco4j.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class JsonFileTest {
    private static final String HINT =
            " (commas between entries? double quotes around names and texts? all brackets closed?)";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ \"channel_names\": {\"0\":\"CT\",}, \"x\": 1}| line 1, column 30: a comma with nothing after it",
                "[1,@]                  | line 2, column 1: a comma with nothing after it",
                "{@ \"a\": 1@ \"b\": 2}  | line 3, column 2: not valid JSON at \"b\": 2}HINT",
                "{'a': 1}               | line 1, column 2: not valid JSON at 'a': 1}HINT",
                "{\"a\": True}           | line 1, column 7: not valid JSON at True}HINT",
                "{\"a\": [1}             | line 1, column 9: not valid JSON at }HINT",
                "{\"a\": 1}}             | line 1, column 9: not valid JSON at }HINT",
                "{\"a\": \"x@y\"}        | line 1, column 9: a quote that is not closed in its line",
                "{\"a\": \"C:\\dir\"}    | line 1, column 11: a backslash before 'd': write \\\\ for a backslash",
                "{@ // CT@ \"a\": 1}     | line 2, column 2: a comment, which JSON does not have",
                "{\"a\": {\"b\": 1}      | line 1, column 15: it ends before every bracket and quote is closed",
                "{\"a\": \"x             | line 1, column 9: it ends before every bracket and quote is closed",
                "{\"Müller\": [1,]}      | line 1, column 15: a comma with nothing after it",
            })
    void aFaultIsToldByLineAndColumnInWords(String text, String fault) throws IOException {
        Path file = Files.writeString(folder.resolve("list.json"), text.replace("@", "\n"));
        assertThatThrownBy(() -> JsonFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ", " + fault.replace("HINT", HINT));
    }

    @Test
    void whatPythonAndEditorsWriteIsRead() throws IOException {
        JsonNode root = JsonFile.read(Files.writeString(folder.resolve("a.json"), "\uFEFF{\"mean\": NaN, \"x\": 1}"));
        assertThat(root.path("mean").doubleValue()).isNaN();
        assertThat(root.path("x").intValue()).isEqualTo(1);
    }

    @Test
    void otherBytesAndEndlessNestingAreRefusedInWords() throws IOException {
        Path latin = Files.write(folder.resolve("l.json"), "[\"M\u00FCller\"]".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> JsonFile.read(latin))
                .hasMessage(latin + ": expected JSON in UTF-8, found other bytes");
        Path deep = Files.writeString(folder.resolve("d.json"), "[".repeat(5000));
        assertThatThrownBy(() -> JsonFile.read(deep))
                .hasMessage(deep + ": not JSON that can be read: nested too deeply, or a number or text too long");
    }
}
