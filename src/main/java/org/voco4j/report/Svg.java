package org.voco4j.report;

import java.awt.Color;
import java.util.Locale;

/**
 * A drawing of lines, dots and words that a page holds as text: it needs no fonts of this machine, and prints at any size.
 *
 * <p>Coordinates are pixels from the upper left corner. It is drawn on white, as pictures are.
 */
public final class Svg {
    /** Where a text has its anchor. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    private static final double LETTER = 0.56; // of its size: the width of a letter on average

    private final int width;
    private final int height;
    private final StringBuilder body = new StringBuilder();

    Svg(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /** About how wide a text will be. */
    static double width(String text, double size) {
        return LETTER * size * text.codePointCount(0, text.length());
    }

    Svg line(double x0, double y0, double x1, double y1, Color color, double thickness) {
        return add(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>",
                x0,
                y0,
                x1,
                y1,
                hex(color),
                thickness));
    }

    Svg dot(double x, double y, double radius, Color color) {
        return add(String.format(
                Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>", x, y, radius, hex(color)));
    }

    /** The mark of the i-th group of several: its colour, and once colours repeat another shape. */
    Svg mark(double x, double y, int index) {
        Color color = Ink.line(index);
        return switch (index / Ink.lines() % 4) {
            case 0 -> dot(x, y, 4.2, color);
            case 1 -> shape("M%.1f %.1fm-4 -4h8v8h-8z", x, y, color);
            case 2 -> shape("M%.1f %.1fm0 -5l5 9h-10z", x, y, color);
            default -> shape("M%.1f %.1fm0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z", x, y, color);
        };
    }

    private Svg shape(String path, double x, double y, Color color) {
        return add(String.format(Locale.ROOT, "<path d=\"" + path + "\" fill=\"%s\"/>", x, y, hex(color)));
    }

    /** A text whose anchor on its baseline is at (x, y). */
    Svg text(double x, double y, String text, double size, Color color, Anchor anchor) {
        return add(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.0f\" fill=\"%s\" text-anchor=\"%s\">%s</text>",
                x,
                y,
                size,
                hex(color),
                anchor.name().toLowerCase(Locale.ROOT),
                HtmlReport.escape(text)));
    }

    /** A heading, at the upper left. */
    Svg title(String text) {
        return add(String.format(
                Locale.ROOT,
                "<text x=\"16\" y=\"28\" font-size=\"14\" font-weight=\"600\" fill=\"%s\">%s</text>",
                hex(Ink.TEXT),
                HtmlReport.escape(text)));
    }

    private Svg add(String element) {
        body.append(element).append('\n');
        return this;
    }

    private static String hex(Color color) {
        return String.format("#%06x", color.getRGB() & 0xFFFFFF);
    }

    /** The whole drawing, to be put into a page. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif\">\n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n%s</svg>\n",
                width,
                height,
                width,
                height,
                body);
    }
}
