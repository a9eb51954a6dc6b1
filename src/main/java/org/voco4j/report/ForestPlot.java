package org.voco4j.report;

import java.awt.Color;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Differences below each other, each a dot with its interval, and a line at 0: what is clear of it is a difference. */
public final class ForestPlot {
    private static final int WIDTH = 860;
    private static final int ROW = 24;
    private static final int TOP = 50;
    private static final int BOTTOM = 46;
    private static final int EDGE = 16;
    private static final int SIZE = 12;

    private ForestPlot() {}

    /**
     * One difference.
     *
     * @param name of what differs
     * @param group what else it is, a colour for each; those of a group need not stand together
     * @param value the difference
     * @param low lower end of its interval; may be infinite
     * @param high upper end of its interval; may be infinite
     */
    public record Row(String name, String group, double value, double low, double high) {
        private boolean hasInterval() {
            return Double.isFinite(low) && Double.isFinite(high);
        }

        private String numbers() {
            String number = String.format(Locale.ROOT, "%+.3f", value);
            return hasInterval() ? number + String.format(Locale.ROOT, " [%+.3f, %+.3f]", low, high) : number;
        }
    }

    /**
     * Draws rows from top to bottom in the given order.
     *
     * @param title what the differences are
     * @param axis what the axis counts
     * @throws IllegalArgumentException if there is no row
     */
    public static Svg draw(String title, String axis, List<Row> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("the chart '" + title + "' needs at least 1 row");
        }
        double least = 0;
        double most = 0;
        double names = 0;
        double numbers = 0;
        Set<String> groups = new LinkedHashSet<>();
        for (Row row : rows) {
            least = Math.min(least, row.hasInterval() ? row.low() : row.value());
            most = Math.max(most, row.hasInterval() ? row.high() : row.value());
            names = Math.max(names, Svg.width(row.name(), SIZE));
            numbers = Math.max(numbers, Svg.width(row.numbers(), SIZE));
            groups.add(row.group());
        }
        double margin = Math.max(0.01, 0.04 * (most - least));
        double left = Math.min(EDGE + names + 14, WIDTH * 0.42);
        double right = WIDTH - EDGE - numbers - 14;
        Limits limits = new Limits(least - margin, most + margin, Double.NaN);
        int height = TOP + rows.size() * ROW + BOTTOM;
        Svg svg = new Svg(WIDTH, height).title(title);
        double bottom = TOP + (double) rows.size() * ROW;
        List<Double> ticks = Ticks.between(limits.low(), limits.high(), 7);
        List<String> labels = Ticks.labels(ticks);
        for (int i = 0; i < ticks.size(); i++) {
            double x = at(ticks.get(i), limits, left, right);
            svg.line(x, TOP, x, bottom, Ink.GRID, 1);
            svg.text(x, bottom + 16, labels.get(i), 11, Ink.SOFT, Svg.Anchor.MIDDLE);
        }
        double zero = at(0, limits, left, right);
        svg.line(zero, TOP - 4, zero, bottom, Ink.SOFT, 1.5);
        svg.text((left + right) / 2, bottom + 34, axis, 11, Ink.SOFT, Svg.Anchor.MIDDLE);
        List<String> order = List.copyOf(groups);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            double y = TOP + (i + 0.5) * ROW;
            Color color = Ink.line(order.indexOf(row.group()));
            svg.text(left - 12, y + 4, row.name(), SIZE, Ink.TEXT, Svg.Anchor.END);
            if (row.hasInterval()) {
                svg.line(at(row.low(), limits, left, right), y, at(row.high(), limits, left, right), y, color, 2);
            }
            svg.dot(at(row.value(), limits, left, right), y, 4.5, color);
            svg.text(right + 14, y + 4, row.numbers(), SIZE, Ink.TEXT, Svg.Anchor.START);
        }
        return svg;
    }

    private static double at(double value, Limits limits, double left, double right) {
        return left + (value - limits.low()) / (limits.high() - limits.low()) * (right - left);
    }
}
