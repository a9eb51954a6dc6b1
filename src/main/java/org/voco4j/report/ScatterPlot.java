package org.voco4j.report;

import java.awt.Color;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Marks by two numbers, in colours and shapes of their groups; those of a group may be joined, and have intervals, for which those of different
 * groups stand a little beside each other.
 */
public final class ScatterPlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;
    private static final int LEFT = 64;
    private static final int TOP = 50;
    private static final int BOTTOM = HEIGHT - 52;
    private static final int EDGE = 16;
    private static final int SIZE = 12;
    private static final int FEW = 8; // different x of curves, which are written on the axis as they are

    private ScatterPlot() {}

    /**
     * One dot.
     *
     * @param low lower end of an interval of y; not finite for none
     * @param high upper end of it
     */
    public record Dot(double x, double y, double low, double high) {
        /** A dot without an interval. */
        public static Dot of(double x, double y) {
            return new Dot(x, y, Double.NaN, Double.NaN);
        }

        private boolean hasInterval() {
            return Double.isFinite(low) && Double.isFinite(high);
        }
    }

    /**
     * Dots of one colour.
     *
     * @param name what they have in common
     * @param joined whether a line goes through them in their order
     */
    public record Group(String name, List<Dot> dots, boolean joined) {

        /** Copies the list. */
        public Group {
            dots = List.copyOf(dots);
        }
    }

    /**
     * Draws.
     *
     * @param title what is shown
     * @param xAxis what the horizontal axis counts
     * @param yAxis what the vertical axis counts
     * @throws IllegalArgumentException if there is no dot
     */
    public static Svg draw(String title, String xAxis, String yAxis, List<Group> groups) {
        List<Dot> all = groups.stream().flatMap(group -> group.dots().stream()).toList();
        if (all.isEmpty()) {
            throw new IllegalArgumentException("the chart '" + title + "' needs at least 1 dot");
        }
        double names = groups.stream()
                .mapToDouble(group -> Svg.width(group.name(), SIZE))
                .max()
                .orElse(0);
        double right = Math.max(WIDTH * 0.55, WIDTH - EDGE - names - 30);
        Limits x = limits(all.stream().mapToDouble(Dot::x).toArray());
        Limits y = limits(all.stream()
                .flatMapToDouble(
                        dot -> dot.hasInterval() ? DoubleStream.of(dot.low(), dot.high()) : DoubleStream.of(dot.y()))
                .toArray());
        int height = Math.max(HEIGHT, TOP + 18 * groups.size() + EDGE);
        Svg svg = new Svg(WIDTH, height).title(title);
        boolean curves = groups.stream().allMatch(Group::joined);
        List<Double> own = all.stream().map(Dot::x).distinct().sorted().toList();
        axes(svg, curves && own.size() <= FEW ? own : Ticks.between(x.low(), x.high(), 7), x, y, right);
        svg.text((LEFT + right) / 2, BOTTOM + 36, xAxis, 11, Ink.SOFT, Svg.Anchor.MIDDLE);
        svg.text(EDGE, TOP - 6, yAxis, 11, Ink.SOFT, Svg.Anchor.START);
        for (int i = 0; i < groups.size(); i++) {
            double aside = curves ? Math.min(4, 60.0 / groups.size()) * (i - (groups.size() - 1) / 2.0) : 0;
            draw(svg, groups.get(i), i, x, y, right, aside);
            double line = TOP + 10 + 18.0 * i;
            svg.mark(right + 18, line - 4, i);
            svg.text(right + 30, line, groups.get(i).name(), SIZE, Ink.TEXT, Svg.Anchor.START);
        }
        return svg;
    }

    private static Limits limits(double[] values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        double margin = Math.max(0.005, 0.06 * (high - low));
        return new Limits(low - margin, high + margin, Double.NaN);
    }

    private static void axes(Svg svg, List<Double> columns, Limits x, Limits y, double right) {
        List<String> labels = Ticks.labels(columns);
        for (int i = 0; i < columns.size(); i++) {
            double at = toX(columns.get(i), x, right);
            svg.line(at, TOP, at, BOTTOM, Ink.GRID, 1);
            svg.text(at, BOTTOM + 16, labels.get(i), 11, Ink.SOFT, Svg.Anchor.MIDDLE);
        }
        List<Double> rows = Ticks.between(y.low(), y.high(), 7);
        List<String> numbers = Ticks.labels(rows);
        for (int i = 0; i < rows.size(); i++) {
            double at = toY(rows.get(i), y);
            svg.line(LEFT, at, right, at, rows.get(i) == 0 ? Ink.SOFT : Ink.GRID, 1);
            svg.text(LEFT - 8.0, at + 4, numbers.get(i), 11, Ink.SOFT, Svg.Anchor.END);
        }
    }

    private static void draw(Svg svg, Group group, int index, Limits x, Limits y, double right, double aside) {
        Color color = Ink.line(index);
        for (int i = 0; i < group.dots().size(); i++) {
            Dot dot = group.dots().get(i);
            double toX = toX(dot.x(), x, right) + aside;
            if (group.joined() && i > 0) {
                Dot before = group.dots().get(i - 1);
                svg.line(toX(before.x(), x, right) + aside, toY(before.y(), y), toX, toY(dot.y(), y), color, 1.8);
            }
            if (dot.hasInterval()) {
                svg.line(toX, toY(dot.low(), y), toX, toY(dot.high(), y), color, 1.2);
            }
            svg.mark(toX, toY(dot.y(), y), index);
        }
    }

    private static double toX(double value, Limits x, double right) {
        return LEFT + (value - x.low()) / (x.high() - x.low()) * (right - LEFT);
    }

    private static double toY(double value, Limits y) {
        return BOTTOM - (value - y.low()) / (y.high() - y.low()) * (BOTTOM - TOP);
    }
}
