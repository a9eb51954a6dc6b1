package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page docs/reference/dicom.md, whose tables tests make. */
public final class DicomPage {
    private static final Path PAGE = Path.of("docs", "reference", "dicom.md");

    private DicomPage() {}

    /** The page, which has to contain a table; that is left under target/reference/parts to be put into it. */
    public static String text(String name, CharSequence table) throws IOException {
        Path fresh = Path.of("target", "reference", "parts", name);
        Files.createDirectories(fresh.resolveSibling(""));
        Files.writeString(fresh, table);
        return Files.readString(PAGE).replace("\r\n", "\n");
    }
}
