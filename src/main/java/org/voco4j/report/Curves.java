package org.voco4j.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Training curves: several panels on one sheet, two abreast, each curve named beside its end with its last value.
 *
 * <p>A noisy curve is drawn twice, pale as measured and strong as its running mean. Long curves are thinned, keeping
 * every peak. Levels ({@link Series#level}) are dashed grey lines across the panel. Values that are not numbers are gaps.
 */
public final class Curves {
    private static final int WIDTH = 456;
    private static final int HEIGHT = 264;
    private static final int TITLE = 28;
    private static final int TOP = 46;
    private static final int BOTTOM = 44;
    private static final int LEFT = 54;
    private static final int EDGE = 16;
    private static final int LABEL_LINE = 15;
    private static final int FEW_POINTS = 60;

    private Curves() {}

    /**
     * Draws the sheet.
     *
     * @throws IllegalArgumentException if there is no panel
     */
    public static Picture draw(List<Panel> panels) {
        if (panels.isEmpty()) {
            throw new IllegalArgumentException("a sheet of curves needs at least 1 panel");
        }
        List<Prepared> prepared = panels.stream().map(Curves::prepare).toList();
        int columns = Math.min(2, panels.size());
        int rows = (panels.size() + columns - 1) / columns;
        return Picture.paint(columns * WIDTH, rows * HEIGHT + EDGE, g -> {
            double room = room(g, prepared);
            for (int i = 0; i < panels.size(); i++) {
                Graphics2D part = (Graphics2D) g.create(i % columns * WIDTH, i / columns * HEIGHT, WIDTH, HEIGHT);
                panel(part, prepared.get(i), (int) room);
                part.dispose();
            }
        });
    }

    /**
     * Draws the sheet into a PNG file, which is replaced as a whole.
     *
     * @throws IOException if the file cannot be written
     * @throws IllegalArgumentException if there is no panel
     */
    public static void write(Path png, List<Panel> panels) throws IOException {
        draw(panels).write(png);
    }

    /** Everything that needs the numbers and no sheet; levels are grey, the other curves take the colours in order. */
    private static Prepared prepare(Panel panel) {
        List<Series> drawable = panel.series().stream()
                .filter(series -> series.isLevel() ? Double.isFinite(series.last()) : series.points() > 0)
                .toList();
        Limits x = Limits.ofX(drawable);
        Limits y = Limits.ofY(drawable);
        List<Curve> curves = new ArrayList<>();
        int colour = 0;
        for (Series series : panel.series()) {
            Color ink = series.isLevel() ? Ink.CONTROL : Ink.line(colour++);
            if (!drawable.contains(series)) {
                continue;
            }
            if (series.isLevel()) {
                double value = series.last();
                Series line = series.through(new double[] {x.low(), x.high()}, new double[] {value, value});
                curves.add(new Curve(line, null, ink));
            } else if (Thinning.isNoisy(series)) {
                Series mean = Thinning.mean(series, y);
                curves.add(new Curve(Thinning.thin(mean), Thinning.thin(series), ink));
            } else {
                curves.add(new Curve(Thinning.thin(series), null, ink));
            }
        }
        return new Prepared(panel, curves, x, y);
    }

    /** How wide the names beside the curves are in the widest panel; the same for all, so that the frames line up. */
    private static double room(Graphics2D g, List<Prepared> panels) {
        g.setFont(Ink.plain(12));
        double widest = panels.stream()
                .flatMap(panel -> panel.curves().stream())
                .mapToDouble(curve -> Ink.width(g, curve.label()))
                .max()
                .orElse(0);
        return Math.min(WIDTH * 0.36, widest + 10 + EDGE);
    }

    private static void panel(Graphics2D g, Prepared panel, int room) {
        g.setFont(Ink.bold(14));
        g.setColor(Ink.TEXT);
        Ink.text(g, Ink.fit(g, panel.panel().title(), WIDTH - 2.0 * EDGE), EDGE, TITLE, 0);
        if (panel.curves().isEmpty()) {
            g.setFont(Ink.plain(13));
            g.setColor(Ink.SOFT);
            Ink.text(g, "no values yet", WIDTH / 2.0, HEIGHT / 2.0, 0.5);
            return;
        }
        Plot plot = new Plot(LEFT, TOP, WIDTH - LEFT - room, HEIGHT - TOP - BOTTOM, panel.x(), panel.y());
        plot.axes(g, panel.panel().xLabel());
        for (Curve curve : panel.curves()) {
            if (curve.raw() != null) {
                g.setColor(Ink.fade(curve.color(), 0.28));
                g.setStroke(Ink.stroke(1));
                plot.curve(g, curve.raw());
            }
        }
        for (Curve curve : panel.curves()) {
            Series line = curve.line();
            g.setColor(curve.color());
            g.setStroke(line.isLevel() ? Ink.dashed(1.3) : line.isDashed() ? Ink.dashed(2) : Ink.stroke(2));
            plot.curve(g, line);
            if (!line.isLevel() && line.points() <= FEW_POINTS) {
                plot.dots(g, line, 6);
            }
        }
        labels(g, plot, panel.curves());
        if (!Double.isNaN(panel.y().peak())) {
            g.setFont(Ink.plain(11));
            g.setColor(Ink.SOFT);
            Ink.text(g, "peak " + Numbers.compact(panel.y().peak(), 3) + ", cut off", WIDTH - room, TITLE, 1);
        }
    }

    /** Names beside the curves' ends, moved apart where they would lie on each other. */
    private static void labels(Graphics2D g, Plot plot, List<Curve> curves) {
        List<Curve> sorted = new ArrayList<>(curves);
        sorted.sort(Comparator.comparingDouble(curve -> -curve.end()));
        double[] places = new double[sorted.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = plot.toY(sorted.get(i).end()) + 4;
            places[i] = i == 0 ? places[i] : Math.max(places[i], places[i - 1] + LABEL_LINE);
        }
        double lowest = HEIGHT - 20;
        for (int i = places.length - 1; i >= 0; i--) {
            places[i] = Math.min(places[i], lowest);
            lowest = places[i] - LABEL_LINE;
        }
        g.setFont(Ink.plain(12));
        double left = plot.left() + plot.width() + 10.0;
        for (int i = 0; i < places.length; i++) {
            g.setColor(sorted.get(i).line().isLevel() ? Ink.SOFT : sorted.get(i).color());
            Ink.text(g, Ink.fit(g, sorted.get(i).label(), WIDTH - left - 4), left, places[i], 0);
        }
    }

    /** What is drawn of one series: a line and, where that is a mean, the values behind it. */
    private record Curve(Series line, @Nullable Series raw, Color color) {
        double end() {
            return line.last();
        }

        String label() {
            return line.name() + "  " + Numbers.compact(end(), 3);
        }
    }

    private record Prepared(Panel panel, List<Curve> curves, Limits x, Limits y) {}
}
