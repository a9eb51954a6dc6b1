package org.voco4j.volume.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page docs/reference/dicom.md, whose tables tests make. */
public final class DicomPage {
    private static final Path PAGE = Path.of("docs", "reference", "dicom.md");

    private DicomPage() {}

    /** Compares a table, which is left under target/reference to be put into the page. */
    public static void compare(String name, CharSequence table) throws IOException {
        Path fresh = Path.of("target", "reference", "parts", name);
        Files.createDirectories(fresh.resolveSibling(""));
        Files.writeString(fresh, table);
        assertThat(Files.readString(PAGE).replace("\r\n", "\n"))
                .as("%s is out of date; what belongs there is in %s", PAGE, fresh)
                .contains(table);
    }
}
