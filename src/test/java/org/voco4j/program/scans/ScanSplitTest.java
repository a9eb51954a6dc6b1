package org.voco4j.program.scans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.RunFolder;

class ScanSplitTest {
    private static final ScanSplit SPLIT = new ScanSplit(
            List.of(new ScanSplit.Scan("a", "p", "1"), new ScanSplit.Scan("b", "q", "2")),
            List.of(new ScanSplit.Scan("c", "r", "3")));

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatIsWrittenIsReadAndARunWithoutOneHasNone() throws IOException {
        assertThat(ScanSplit.read(folder)).isNull();
        try (RunFolder run = RunFolder.open(folder, RecipeTree.load("pretrain", null, List.of()), false)) {
            SPLIT.write(run);
        }
        assertThat(ScanSplit.read(folder)).isEqualTo(SPLIT);
        for (String damaged : List.of("{", "{}", "{\"training\": 3}")) {
            Files.writeString(folder.resolve("split.json"), damaged);
            assertThatThrownBy(() -> ScanSplit.read(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("split.json is damaged");
        }
    }

    @Test
    void theContentTellsAScanAndNotItsName() {
        Map<String, String> contents = Map.of("a", "9", "other", "2", "held", "3");
        assertThat(SPLIT.trainedOn(List.of("a", "other", "held", "made up"), contents))
                .containsExactly("other");
    }
}
