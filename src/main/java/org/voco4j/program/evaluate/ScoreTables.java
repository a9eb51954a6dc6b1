package org.voco4j.program.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.corpus.list.CsvTable;

/**
 * Predicted scores and true classes of the cases that two tables have in common.
 *
 * @param classes their names, in the order of the predictions' columns
 * @param exclusive whether a case is of exactly one class
 * @param cases what they are called
 * @param scores [cases][K]
 * @param has [cases][K], whether a case is of a class
 * @param problems cases that one table has and the other not, a sentence each
 */
@SuppressWarnings("ArrayRecordComponent") // tables of numbers; never compared as values
record ScoreTables(
        List<String> classes,
        boolean exclusive,
        List<String> cases,
        double[][] scores,
        boolean[][] has,
        List<String> problems) {
    private static final String CASE = "case";
    private static final String CLASS = "class";

    /**
     * Reads both.
     *
     * @throws IOException with file, line and column of what cannot be understood, or if no case is in both
     */
    static ScoreTables read(Path predictions, Path truth) throws IOException {
        CsvTable predicted = table(predictions, "a column per class");
        CsvTable real = table(truth, "class, or a column of 0 and 1 per class");
        List<String> classes = predicted.header().stream()
                .filter(name -> !name.isEmpty() && !name.equals(CASE) && !name.equals(CLASS))
                .toList();
        boolean exclusive = real.has(CLASS);
        for (String name : classes) {
            if (!exclusive && !real.has(name)) {
                throw new IOException(truth + ": expected the column class, or one of 0 and 1 for each of "
                        + String.join(", ", classes) + "; found " + String.join(", ", real.header()));
            }
        }
        Map<String, CsvTable.Row> rows = rows(real);
        List<String> problems = new ArrayList<>();
        List<String> cases = new ArrayList<>();
        List<double[]> scores = new ArrayList<>();
        List<boolean[]> has = new ArrayList<>();
        for (Map.Entry<String, CsvTable.Row> row : rows(predicted).entrySet()) {
            CsvTable.Row own = rows.remove(row.getKey());
            if (own == null) {
                problems.add(predictions + ": truth has no case '" + row.getKey() + "'");
                continue;
            }
            cases.add(row.getKey());
            scores.add(scores(predicted, row.getValue(), classes));
            has.add(exclusive ? classOf(real, own, classes) : labels(real, own, classes));
        }
        rows.keySet().forEach(name -> problems.add(truth + ": there is no prediction for the case '" + name + "'"));
        if (cases.isEmpty()) {
            throw new IOException(predictions + ": expected the cases of " + truth + ", found none of them");
        }
        return new ScoreTables(
                classes,
                exclusive,
                cases,
                scores.toArray(double[][]::new),
                has.toArray(boolean[][]::new),
                List.copyOf(problems));
    }

    private static CsvTable table(Path file, String columns) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": expected a .csv with the columns case and " + columns + ", found "
                    + (Files.exists(file) ? "a folder" : "nothing there"));
        }
        CsvTable table = CsvTable.read(file);
        if (!table.has(CASE) || table.header().size() < 2) {
            throw new IOException(file + ": expected the columns case and " + columns + ", found "
                    + String.join(", ", table.header()));
        }
        return table;
    }

    private static Map<String, CsvTable.Row> rows(CsvTable table) throws IOException {
        Map<String, CsvTable.Row> rows = new LinkedHashMap<>();
        for (CsvTable.Row row : table.rows()) {
            String name = table.value(row, CASE);
            if (name.isEmpty() || rows.put(name, row) != null) {
                throw table.wrong(row, CASE, "every case once");
            }
        }
        return rows;
    }

    private static double[] scores(CsvTable table, CsvTable.Row row, List<String> classes) throws IOException {
        double[] scores = new double[classes.size()];
        for (int k = 0; k < scores.length; k++) {
            try {
                scores[k] = Double.parseDouble(table.value(row, classes.get(k)));
            } catch (NumberFormatException e) {
                scores[k] = Double.NaN;
            }
            if (!Double.isFinite(scores[k])) {
                throw table.wrong(row, classes.get(k), "a finite number");
            }
        }
        return scores;
    }

    /** By its name, or by its place among the predictions' columns, from 0. */
    private static boolean[] classOf(CsvTable table, CsvTable.Row row, List<String> classes) throws IOException {
        String text = table.value(row, CLASS);
        int at = classes.indexOf(text);
        if (at < 0 && text.matches("\\d{1,4}")) {
            at = Integer.parseInt(text);
        }
        if (at < 0 || at >= classes.size()) {
            throw table.wrong(
                    row,
                    CLASS,
                    "one of " + String.join(", ", classes) + ", or its number from 0 to " + (classes.size() - 1));
        }
        boolean[] has = new boolean[classes.size()];
        has[at] = true;
        return has;
    }

    private static boolean[] labels(CsvTable table, CsvTable.Row row, List<String> classes) throws IOException {
        boolean[] has = new boolean[classes.size()];
        for (int k = 0; k < has.length; k++) {
            String text = table.value(row, classes.get(k));
            if (!text.matches("[01]")) {
                throw table.wrong(row, classes.get(k), "0 or 1");
            }
            has[k] = text.equals("1");
        }
        return has;
    }

    /** The class of each case where they exclude each other. */
    int[] classOf() {
        int[] of = new int[has.length];
        for (int i = 0; i < of.length; i++) {
            while (!has[i][of[i]]) {
                of[i]++;
            }
        }
        return of;
    }
}
