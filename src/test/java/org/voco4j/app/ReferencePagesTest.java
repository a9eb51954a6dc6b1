package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference in docs/ is what commands and recipes say of themselves. */
class ReferencePagesTest {

    @Test
    void commandsAreTheirOwnUsage() throws IOException {
        compare("commands.md", ReferencePages.commands());
    }

    @Test
    void recipeKeysAreTheCommentsOfTheDefaults() throws IOException {
        compare("recipe-keys.md", ReferencePages.recipeKeys());
    }

    @Test
    void methodsAreTheCatalogue() throws IOException {
        compare("methods.md", ReferencePages.methods());
    }

    @Test
    void segmentTermsAreTheTable() throws IOException {
        compare("segment-terms.md", ReferencePages.segmentTerms());
    }

    private static void compare(String name, String made) throws IOException {
        Path page = Path.of("docs", "reference", name);
        Path fresh = Path.of("target", "reference", name);
        Files.createDirectories(Path.of("target", "reference"));
        Files.writeString(fresh, made);
        assertThat(Files.exists(page) ? Files.readString(page).replace("\r\n", "\n") : "")
                .as("%s is out of date; to bring it up to date: cp %s %s", page, fresh, page)
                .isEqualTo(made);
    }
}
