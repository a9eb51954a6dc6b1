package org.voco4j.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What often lies where a file should be, known by how it begins: nothing at all, the pointer that a clone of a repository
 * leaves for a large file, or the page that a download link answered with.
 *
 * <p>No format of scans, weights or lists begins like one of these.
 */
public final class StandIn {
    /** As many first bytes tell. */
    public static final int BYTES = 512;

    private static final String UTF8_MARK = "\u00ef\u00bb\u00bf";

    private StandIn() {}

    /**
     * What a file is instead, as {@code a Git LFS pointer, not the file: git lfs pull}; null for all else, for a folder and
     * where there is no file.
     *
     * @throws IOException if it is there and cannot be read
     */
    public static @Nullable String of(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(BYTES));
        }
    }

    /**
     * The same for a file of which the first bytes are known already.
     *
     * @param start its first {@link #BYTES}, all of them if it is shorter
     */
    public static @Nullable String of(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        text = (text.startsWith(UTF8_MARK) ? text.substring(UTF8_MARK.length()) : text).stripLeading();
        String lower = text.toLowerCase(Locale.ROOT);
        if (start.length == 0) {
            return "an empty file";
        }
        if (lower.startsWith("version https://git-lfs.github.com/") || lower.startsWith("version https://hawser.")) {
            return "a Git LFS pointer, not the file: git lfs pull";
        }
        if (lower.matches("(?s)[./\\\\]*(\\.git[/\\\\])?annex[/\\\\]objects[/\\\\].*")) {
            return "a git-annex pointer, not the file: git annex get";
        }
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html") || lower.startsWith("<head")) {
            return "an HTML page, not the file: a download link answered with a page, to be opened in a browser";
        }
        return lower.startsWith("<?xml") ? "an XML page, not the file: a download link answered with it" : null;
    }
}
