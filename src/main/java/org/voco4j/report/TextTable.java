package org.voco4j.report;

import java.util.ArrayList;
import java.util.List;

/** A table in plain text: columns lined up, numbers to the right, words to the left. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @throws IllegalArgumentException if there is no column
     */
    public TextTable(String... header) {
        if (header.length == 0) {
            throw new IllegalArgumentException("a table needs at least 1 column");
        }
        this.header = List.of(header);
    }

    /**
     * Adds a row.
     *
     * @return this table
     * @throws IllegalArgumentException if it has not one cell per column
     */
    public TextTable row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException("a row of " + cells.length + " cells " + List.of(cells)
                    + " in a table of " + header.size() + " columns " + header);
        }
        rows.add(List.of(cells));
        return this;
    }

    /** The column names. */
    public List<String> header() {
        return header;
    }

    /** The rows, top to bottom. */
    public List<List<String>> rows() {
        return List.copyOf(rows);
    }

    /** Whether a column holds numbers: all its cells read as one, and at least one is not missing. */
    boolean isNumeric(int column) {
        return rows.stream().allMatch(row -> Numbers.isNumber(row.get(column)))
                && rows.stream().anyMatch(row -> !Numbers.isMissing(row.get(column)));
    }

    /** The header, a rule and the rows, each line ended by {@code \n} and without trailing blanks. */
    @Override
    public String toString() {
        int[] widths = new int[header.size()];
        boolean[] numeric = new boolean[header.size()];
        for (int c = 0; c < widths.length; c++) {
            numeric[c] = isNumeric(c);
            widths[c] = length(header.get(c));
            for (List<String> row : rows) {
                widths[c] = Math.max(widths[c], length(row.get(c)));
            }
        }
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        StringBuilder text = new StringBuilder();
        append(text, header, widths, numeric);
        append(text, rule, widths, numeric);
        rows.forEach(row -> append(text, row, widths, numeric));
        return text.toString();
    }

    /** The same as a table in Markdown. */
    public String toMarkdown() {
        StringBuilder text = new StringBuilder();
        appendMarkdown(text, header);
        List<String> rule = new ArrayList<>();
        for (int c = 0; c < header.size(); c++) {
            rule.add(isNumeric(c) ? "--:" : "---");
        }
        appendMarkdown(text, rule);
        rows.forEach(row -> appendMarkdown(text, row));
        return text.toString();
    }

    private static void appendMarkdown(StringBuilder text, List<String> cells) {
        text.append('|');
        cells.forEach(cell -> text.append(' ').append(cell.replace("|", "\\|")).append(" |"));
        text.append('\n');
    }

    private static void append(StringBuilder text, List<String> cells, int[] widths, boolean[] numeric) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String cell = cells.get(c);
            String blanks = " ".repeat(widths[c] - length(cell));
            line.append(c == 0 ? "" : GAP).append(numeric[c] ? blanks + cell : cell + blanks);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
