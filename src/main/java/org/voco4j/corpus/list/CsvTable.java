package org.voco4j.corpus.list;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A table of comma-separated values with a header line; quotes hold commas, line breaks and doubled quotes, blank lines are
 * passed over.
 *
 * @param file where it lies
 * @param header the names of the columns
 * @param rows as many values as columns each
 */
public record CsvTable(Path file, List<String> header, List<Row> rows) {
    private static final String BOM = "\uFEFF"; // what spreadsheets put in front
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreSurroundingSpaces(true).get();

    /** Copies the lists. */
    public CsvTable {
        header = List.copyOf(header);
        rows = List.copyOf(rows);
    }

    /** One row; {@code number} is the line that it begins in, from 1, the header's. */
    public record Row(int number, List<String> values) {}

    /**
     * Reads a table.
     *
     * @throws IOException with file and line if a line has more or fewer values than the header, two columns have one name,
     *     quotes are not closed, or the file is no text
     */
    public static CsvTable read(Path file) throws IOException {
        String text;
        try {
            ScanList.requireList(file);
            text = Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": expected a table in UTF-8, found other bytes", e);
        }
        List<Row> rows = new ArrayList<>();
        int line = 1;
        String content = text.startsWith(BOM) ? text.substring(1) : text;
        try (CSVParser parser = CSVParser.parse(content, FORMAT)) {
            Iterator<CSVRecord> records = parser.iterator();
            while (records.hasNext()) {
                CSVRecord record = records.next();
                if (line == 1 || !isBlank(record, content)) {
                    rows.add(new Row(line, record.toList()));
                }
                line = (int) parser.getCurrentLineNumber() + 1;
            }
        } catch (UncheckedIOException e) {
            throw new IOException(
                    file + ": expected the quotes in line " + line
                            + " to be closed, with a comma or the end of the line behind them",
                    e);
        }
        List<String> header = rows.isEmpty() ? List.of() : rows.remove(0).values;
        for (String name : header) {
            if (!name.isEmpty() && header.indexOf(name) != header.lastIndexOf(name)) {
                throw new IOException(file + ": expected every column once, found '" + name + "' twice in line 1");
            }
        }
        for (Row row : rows) {
            if (row.values.size() != header.size()) {
                throw new IOException(file + ": expected " + header.size() + " values in line " + row.number
                        + ", found " + row.values.size() + " in '" + String.join(",", row.values) + "'");
            }
        }
        return new CsvTable(file, header, rows);
    }

    /** A line without a value; an empty one in quotes is one. */
    private static boolean isBlank(CSVRecord record, String text) {
        return record.size() == 1 && record.get(0).isBlank() && text.charAt((int) record.getCharacterPosition()) != '"';
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
}
