package org.voco4j.corpus.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTableTest {
    @TempDir
    private Path folder;

    @Test
    void aLineBreakInQuotesIsPartOfTheValue() throws IOException {
        CsvTable table = read("image,label,note\na.nii.gz,a_seg.nii.gz,\"two\nlines\"\n\nb.nii.gz,,one\n");
        assertThat(table.rows())
                .containsExactly(
                        new CsvTable.Row(2, List.of("a.nii.gz", "a_seg.nii.gz", "two\nlines")),
                        new CsvTable.Row(5, List.of("b.nii.gz", "", "one")));
        assertThat(CsvList.entries(table)).extracting(ScanList.Entry::image).containsExactly("a.nii.gz", "b.nii.gz");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image,note\na.nii,\"x, \"\"y\"\"\"\n",
                "image,note\r\na.nii,\"x, \"\"y\"\"\"\r\n",
                "\uFEFFimage,note\r\na.nii,\"x, \"\"y\"\"\"",
                "\uFEFF\"image\" , \"note\"\n  a.nii  ,  \"x, \"\"y\"\"\" \n \n",
            })
    void whatSpreadsheetsWriteIsTheSameTable(String text) throws IOException {
        CsvTable table = read(text);
        assertThat(table.header()).containsExactly("image", "note");
        assertThat(table.rows()).containsExactly(new CsvTable.Row(2, List.of("a.nii", "x, \"y\"")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"image,note\n\"a\nb\",\n\nc,\"open\n", "image,note\n\"a\nb\",\n\nc,\"clo\"sed\n"})
    void quotesThatDoNotEndAValueAreNamedWithTheirLine(String text) throws IOException {
        Path file = write(text);
        assertThatThrownBy(() -> CsvTable.read(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": expected the quotes in line 5 to be closed, with a comma or the end of the line"
                        + " behind them");
    }

    @Test
    void aRowOfAnotherLengthIsNamedWithTheLineThatItBeginsIn() throws IOException {
        Path file = write("image,note\n\"a\nb\",x\nc\n");
        assertThatThrownBy(() -> CsvTable.read(file))
                .hasMessage(file + ": expected 2 values in line 4, found 1 in 'c'");
    }

    @Test
    void anotherEncodingIsRefused() throws IOException {
        Path file =
                Files.write(folder.resolve("list.csv"), "image\nM\u00FCller\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> CsvTable.read(file))
                .hasMessage(file + ": expected a table in UTF-8, found other bytes");
    }

    private CsvTable read(String text) throws IOException {
        return CsvTable.read(write(text));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("list.csv"), text);
    }
}
