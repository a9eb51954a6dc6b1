package org.voco4j.corpus;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of comma-separated values with a header line; quotes hold commas and doubled quotes, blank lines are passed over.
 *
 * @param file where it lies
 * @param header the names of the columns
 * @param rows as many values as columns each
 */
public record CsvTable(Path file, List<String> header, List<Row> rows) {

    /** Copies the lists. */
    public CsvTable {
        header = List.copyOf(header);
        rows = List.copyOf(rows);
    }

    /** One line; {@code number} counts from 1, the header's. */
    public record Row(int number, List<String> values) {}

    /**
     * Reads a table.
     *
     * @throws IOException with file and line if a line has more or fewer values than the header, two columns have one name,
     *     or the file is no text
     */
    public static CsvTable read(Path file) throws IOException {
        List<String> lines;
        try {
            ScanList.requireList(file);
            lines = Files.readAllLines(file);
        } catch (MalformedInputException e) {
            throw new IOException(file + ": expected a table in UTF-8, found other bytes", e);
        }
        List<String> header = lines.isEmpty() ? List.of() : fields(lines.get(0));
        for (String name : header) {
            if (!name.isEmpty() && header.indexOf(name) != header.lastIndexOf(name)) {
                throw new IOException(file + ": expected every column once, found '" + name + "' twice in line 1");
            }
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            List<String> values = fields(lines.get(i));
            if (values.size() != header.size()) {
                throw new IOException(file + ": expected " + header.size() + " values in line " + (i + 1) + ", found "
                        + values.size() + " in '" + lines.get(i) + "'");
            }
            rows.add(new Row(i + 1, values));
        }
        return new CsvTable(file, header, rows);
    }

    /** Whether there is a column of that name. */
    public boolean has(String column) {
        return header.contains(column);
    }

    /** A value, empty where there is no such column. */
    public String value(Row row, String column) {
        int at = header.indexOf(column);
        return at < 0 ? "" : row.values.get(at);
    }

    /** A complaint about a value: what was expected, where, what was found. */
    public IOException wrong(Row row, String column, String expected) {
        return new IOException(file + ": expected " + expected + " in line " + row.number + ", column " + column
                + ", found '" + value(row, column) + "'");
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else if (c != '\uFEFF') {
                field.append(c);
            }
        }
        fields.add(field.toString().strip());
        return fields;
    }
}
