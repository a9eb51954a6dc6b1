package org.voco4j.run;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Some columns of a run's metrics over its steps, as plain numbers: 8 bytes for each of them and step.
 *
 * <p>A column is {@code loss}, a number of every step, or {@code gate/crossScan}, a number of a group that only some steps
 * have.
 */
final class MetricHistory {
    private final Map<String, Numbers> steps = new LinkedHashMap<>(); // by group; "" is that of every step
    private final Map<String, Column> columns = new TreeMap<>();

    private record Column(String group, String key, Numbers steps, Numbers values) {}

    /** A history without steps that will keep these columns. */
    MetricHistory(Collection<String> names) {
        for (String name : names) {
            int slash = name.indexOf('/');
            String group = name.substring(0, Math.max(0, slash));
            Numbers at = steps.computeIfAbsent(group, unused -> new Numbers());
            columns.put(name, new Column(group, name.substring(slash + 1), at, new Numbers()));
        }
    }

    /** Adds what a line of {@code metrics.jsonl} says; a number that a group of the line lacks is NaN. */
    void add(JsonNode line) {
        steps.forEach((group, at) -> {
            if (group(line, group).isObject()) {
                at.add(line.path("step").asDouble(Double.NaN));
            }
        });
        columns.forEach((name, column) -> {
            JsonNode numbers = group(line, column.group());
            if (numbers.isObject()) {
                column.values().add(numbers.path(column.key()).asDouble(Double.NaN));
            }
        });
    }

    private static JsonNode group(JsonNode line, String name) {
        return name.isEmpty() ? line : line.path(name);
    }

    /** The steps at which a column has a row; as many as it has values. */
    double[] steps(String column) {
        return column(column).steps().toArray();
    }

    /** The values of a column, NaN where it had none. */
    double[] values(String column) {
        return column(column).values().toArray();
    }

    /** The value in the last row of a column, or NaN. */
    double last(String column) {
        return column(column).values().last();
    }

    /** Whether a column has a row. */
    boolean has(String column) {
        return column(column).values().size > 0;
    }

    private Column column(String name) {
        Column column = columns.get(name);
        if (column == null) {
            throw new IllegalArgumentException("the column '" + name + "' is not kept, only " + columns.keySet());
        }
        return column;
    }

    /** A list of numbers that grows. */
    private static final class Numbers {
        private double[] values = new double[64];
        private int size;

        void add(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size + size / 2);
            }
            values[size++] = value;
        }

        double last() {
            return size == 0 ? Double.NaN : values[size - 1];
        }

        double[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
