package org.voco4j.corpus.list;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table of scans with what they are classified as. Columns, beside those of {@link CsvList}:
 *
 * <ul>
 *   <li>{@code class}: the name or number of the class of the scan, or
 *   <li>a column of 0 and 1 for each label, of which a scan may have any number
 * </ul>
 *
 * <p>The tables of CC-CCII (class {@code label}, in the order of {@code target}) and of NIH ChestX-ray14 ({@code Finding
 * Labels}) are read as they are.
 *
 * @param exclusive whether a scan is of exactly one class
 * @param ranks name of a class → number that orders the classes, equal ones by name
 * @param items the scans, in the order of the rows
 */
public record ClassTable(boolean exclusive, Map<String, Integer> ranks, List<Item> items) {
    private static final String CLASS = "class";
    private static final Set<String> OTHER =
            Set.of("case", "image", "channels", "label", "patient", "stratum", "split", CLASS);

    /** A scan and its classes. */
    public record Item(ScanList.Entry entry, Set<String> classes) {}

    /**
     * Reads a table.
     *
     * @param wanted the names of the classes; empty for those of the table
     * @throws IOException with file, line and column of what cannot be understood
     */
    public static ClassTable read(Path file, List<String> wanted) throws IOException {
        CsvTable table = CsvTable.read(file);
        List<ScanList.Entry> entries = CsvList.entries(table);
        Map<String, Integer> ranks = new LinkedHashMap<>();
        List<Item> items = new ArrayList<>();
        boolean ccii = CsvList.isCcii(table);
        boolean exclusive = ccii || table.has(CLASS);
        List<String> columns = exclusive || ChestXray14.isIn(table) ? List.of() : columns(table, wanted);
        columns.forEach(name -> ranks.put(name, ranks.size()));
        for (int i = 0; i < entries.size(); i++) {
            CsvTable.Row row = table.rows().get(i);
            Set<String> classes;
            if (exclusive) {
                classes = Set.of(one(table, row, ccii ? "label" : CLASS));
            } else {
                classes = columns.isEmpty() ? ChestXray14.findings(table, row) : ones(table, row, columns);
            }
            for (String name : classes) {
                ranks.putIfAbsent(name, number(ccii ? table.value(row, "target") : name));
            }
            items.add(new Item(entries.get(i), classes));
        }
        return new ClassTable(exclusive, ranks, items);
    }

    /** The columns that hold labels: those that are named, or all further ones that hold 0 and 1 alone. */
    private static List<String> columns(CsvTable table, List<String> wanted) throws IOException {
        if (table.header().containsAll(wanted) && !wanted.isEmpty()) {
            return wanted;
        }
        List<String> columns = table.header().stream()
                .filter(name -> !name.isEmpty() && !OTHER.contains(name) && !name.matches("image_\\d+"))
                .filter(name -> table.rows().stream()
                        .allMatch(row -> table.value(row, name).matches("[01]")))
                .toList();
        if (columns.isEmpty() || !wanted.isEmpty()) {
            throw new IOException(table.file() + ": expected the column class, or one of 0 and 1 for each "
                    + (wanted.isEmpty() ? "label" : "of " + String.join(", ", wanted)) + ", found "
                    + String.join(", ", table.header()));
        }
        return columns;
    }

    private static String one(CsvTable table, CsvTable.Row row, String column) throws IOException {
        String name = table.value(row, column);
        if (name.isEmpty()) {
            throw table.wrong(row, column, "a class");
        }
        return name;
    }

    private static Set<String> ones(CsvTable table, CsvTable.Row row, List<String> columns) throws IOException {
        Set<String> ones = new LinkedHashSet<>();
        for (String name : columns) {
            String value = table.value(row, name);
            if (!value.matches("[01]")) {
                throw table.wrong(row, name, "0 or 1");
            }
            if (value.equals("1")) {
                ones.add(name);
            }
        }
        return ones;
    }

    private static int number(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }
}
