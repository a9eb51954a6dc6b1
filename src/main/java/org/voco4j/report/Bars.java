package org.voco4j.report;

import java.awt.Graphics2D;
import java.awt.geom.RoundRectangle2D;
import java.util.List;

/**
 * Scores side by side as horizontal bars, each with its number and, where there is one, its interval; the best control
 * is a dashed line, because the margin over it is what counts.
 */
public final class Bars {
    private static final int WIDTH = 720;
    private static final int ROW = 34;
    private static final int BAR = 20;
    private static final int TOP = 62;
    private static final int BOTTOM = 40;
    private static final int EDGE = 16;

    private Bars() {}

    /**
     * One score.
     *
     * @param name what was measured
     * @param value the score, from 0 on; NaN when there is none
     * @param low lower end of its interval, or NaN
     * @param high upper end of its interval, or NaN
     * @param isControl whether it is a control, drawn grey, rather than the result
     */
    public record Bar(String name, double value, double low, double high, boolean isControl) {
        /** A control without an interval. */
        public static Bar control(String name, double value) {
            return new Bar(name, value, Double.NaN, Double.NaN, true);
        }

        /** A result with its interval. */
        public static Bar result(String name, double value, double low, double high) {
            return new Bar(name, value, low, high, false);
        }

        boolean hasInterval() {
            return Double.isFinite(low) && Double.isFinite(high);
        }
    }

    /**
     * Draws the bars from top to bottom in the given order.
     *
     * @param title what the scores are
     * @param axis what the axis counts
     * @throws IllegalArgumentException if there is no bar or a score is negative
     */
    public static Picture draw(String title, String axis, List<Bar> bars) {
        if (bars.isEmpty()) {
            throw new IllegalArgumentException("the chart '" + title + "' needs at least 1 bar");
        }
        double most = 0;
        for (Bar bar : bars) {
            if (bar.value() < 0) {
                throw new IllegalArgumentException(
                        "the score of '" + bar.name() + "' is " + bar.value() + ", expected 0 or more");
            }
            most = Math.max(most, Math.max(finite(bar.value()), finite(bar.high())));
        }
        double end = most > 0 ? most * 1.04 : 1;
        int height = TOP + bars.size() * ROW + BOTTOM;
        return Picture.paint(WIDTH, height, g -> paint(g, title, axis, bars, end));
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : 0;
    }

    private static void paint(Graphics2D g, String title, String axis, List<Bar> bars, double end) {
        g.setFont(Ink.bold(14));
        g.setColor(Ink.TEXT);
        Ink.text(g, Ink.fit(g, title, WIDTH - 2.0 * EDGE), EDGE, 28, 0);
        double names = 0;
        double numbers = 0;
        g.setFont(Ink.bold(13));
        for (Bar bar : bars) {
            numbers = Math.max(numbers, Ink.width(g, number(bar)));
            names = Math.max(names, Ink.width(g, bar.name()));
        }
        int left = (int) Math.min(EDGE + names + 12, WIDTH * 0.4);
        int width = (int) (WIDTH - left - EDGE - numbers - 14);
        double bottom = TOP + (double) bars.size() * ROW;
        Plot plot = new Plot(
                left, TOP, width, bars.size() * ROW, new Limits(0, end, Double.NaN), new Limits(0, 1, Double.NaN));
        scale(g, plot, axis, bottom);
        bestControl(g, plot, bars, bottom);
        for (int i = 0; i < bars.size(); i++) {
            row(g, plot, bars.get(i), TOP + i * ROW);
        }
    }

    private static void scale(Graphics2D g, Plot plot, String axis, double bottom) {
        g.setFont(Ink.plain(11));
        g.setStroke(Ink.stroke(1));
        List<Double> ticks = Ticks.between(0, plot.x().high(), 6);
        List<String> labels = Ticks.labels(ticks);
        for (int i = 0; i < ticks.size(); i++) {
            double x = plot.toX(ticks.get(i));
            g.setColor(i == 0 ? Ink.CONTROL : Ink.GRID);
            Ink.line(g, x, TOP, x, bottom);
            g.setColor(Ink.SOFT);
            Ink.text(g, labels.get(i), x, bottom + 16, 0.5);
        }
        Ink.text(g, axis, plot.left() + plot.width() / 2.0, bottom + 32, 0.5);
    }

    private static void row(Graphics2D g, Plot plot, Bar bar, double top) {
        double middle = top + ROW / 2.0;
        g.setFont(bar.isControl() ? Ink.plain(13) : Ink.bold(13));
        g.setColor(Ink.TEXT);
        Ink.text(g, Ink.fit(g, bar.name(), plot.left() - EDGE - 8.0), plot.left() - 10.0, middle + 5, 1);
        g.setColor(bar.isControl() ? Ink.fade(Ink.CONTROL, 0.55) : Ink.BLUE);
        if (bar.value() > 0) {
            double length = plot.toX(bar.value()) - plot.left();
            g.fill(new RoundRectangle2D.Double(plot.left(), middle - BAR / 2.0, length, BAR, 3, 3));
        }
        if (bar.hasInterval()) {
            g.setColor(Ink.PAPER);
            g.setStroke(Ink.stroke(4.5));
            whisker(g, plot.toX(bar.low()), plot.toX(bar.high()), middle, 6.5);
            g.setColor(Ink.TEXT);
            g.setStroke(Ink.stroke(1.5));
            whisker(g, plot.toX(bar.low()), plot.toX(bar.high()), middle, 5);
        }
        g.setColor(bar.isControl() ? Ink.SOFT : Ink.TEXT);
        Ink.text(g, number(bar), plot.left() + plot.width() + 14.0, middle + 5, 0);
    }

    private static void whisker(Graphics2D g, double low, double high, double y, double half) {
        Ink.line(g, low, y, high, y);
        Ink.line(g, low, y - half, low, y + half);
        Ink.line(g, high, y - half, high, y + half);
    }

    private static void bestControl(Graphics2D g, Plot plot, List<Bar> bars, double bottom) {
        double best = bars.stream()
                .filter(Bar::isControl)
                .mapToDouble(Bar::value)
                .filter(Double::isFinite)
                .max()
                .orElse(Double.NaN);
        if (Double.isNaN(best)) {
            return;
        }
        g.setColor(Ink.SOFT);
        g.setStroke(Ink.dashed(1.3));
        Ink.line(g, plot.toX(best), TOP - 4, plot.toX(best), bottom);
        g.setFont(Ink.plain(11));
        Ink.text(g, "best control", plot.toX(best), TOP - 9, 0.5);
    }

    private static String number(Bar bar) {
        if (!bar.hasInterval()) {
            return Numbers.share(bar.value());
        }
        return Numbers.share(bar.value()) + " [" + Numbers.share(bar.low()) + ", " + Numbers.share(bar.high()) + "]";
    }
}
