package org.voco4j.recipe;

import java.util.List;
import java.util.stream.Collectors;

/** Lines of a table of comma-separated values (RFC 4180). */
final class CsvText {
    private CsvText() {}

    /** A line; cells with commas, quotes or line ends are quoted. */
    static String line(List<String> cells) {
        return cells.stream().map(CsvText::cell).collect(Collectors.joining(",", "", "\n"));
    }

    private static String cell(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
