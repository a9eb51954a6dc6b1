package org.voco4j.report;

import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * The frame of one chart: which rectangle of the sheet shows which part of the plane.
 *
 * @param left left edge, in layout pixels
 * @param top upper edge
 * @param width width
 * @param height height
 * @param x what the width shows
 * @param y what the height shows
 */
record Plot(int left, int top, int width, int height, Limits x, Limits y) {

    double toX(double value) {
        return left + (value - x.low()) / (x.high() - x.low()) * width;
    }

    double toY(double value) {
        return top + height - (y.clamp(value) - y.low()) / (y.high() - y.low()) * height;
    }

    /** Horizontal grid lines with their numbers. */
    void values(Graphics2D g) {
        g.setFont(Ink.plain(11));
        List<Double> values = Ticks.between(y.low(), y.high(), Math.max(2, height / 34));
        List<String> labels = Ticks.labels(values);
        for (int i = 0; i < values.size(); i++) {
            g.setColor(Ink.GRID);
            g.setStroke(Ink.stroke(1));
            Ink.line(g, left, toY(values.get(i)), left + width, toY(values.get(i)));
            g.setColor(Ink.SOFT);
            Ink.text(g, labels.get(i), left - 8, toY(values.get(i)) + 4, 1);
        }
    }

    /** The grid lines, the base line and the whole numbers of the horizontal axis. */
    void axes(Graphics2D g, String xLabel) {
        values(g);
        g.setColor(Ink.CONTROL);
        g.setStroke(Ink.stroke(1));
        Ink.line(g, left, top + height, left + width, top + height);
        for (double step : Ticks.whole(x.low(), x.high(), Math.max(2, width / 60))) {
            g.setColor(Ink.CONTROL);
            Ink.line(g, toX(step), top + height, toX(step), top + height + 4);
            g.setColor(Ink.SOFT);
            Ink.text(g, Numbers.steps(step), toX(step), top + height + 17, 0.5);
        }
        Ink.text(g, xLabel, left + width / 2.0, top + height + 33, 0.5);
    }

    /** A curve through the points that are numbers, in the current colour and stroke; it stays inside the frame. */
    void curve(Graphics2D g, Series series) {
        Shape clip = g.getClip();
        g.clip(new Rectangle2D.Double(left, top - 2, width, height + 4));
        Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO, series.length());
        boolean pen = false;
        for (int i = 0; i < series.length(); i++) {
            boolean point = series.isPoint(i);
            if (point && pen) {
                path.lineTo(toX(series.x(i)), toY(series.y(i)));
            } else if (point) {
                path.moveTo(toX(series.x(i)), toY(series.y(i)));
            }
            pen = point;
        }
        g.draw(path);
        g.setClip(clip);
    }

    /** A dot of the given diameter on every point, in the current colour. */
    void dots(Graphics2D g, Series series, double size) {
        for (int i = 0; i < series.length(); i++) {
            if (series.isPoint(i)) {
                g.fill(new Ellipse2D.Double(toX(series.x(i)) - size / 2, toY(series.y(i)) - size / 2, size, size));
            }
        }
    }
}
