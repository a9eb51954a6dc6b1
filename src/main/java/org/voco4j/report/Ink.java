package org.voco4j.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;

/**
 * The colours, fonts and strokes that all pictures share.
 *
 * <p>The line colours are Okabe and Ito's (2008), told apart by people with any common colour blindness, each a little
 * darker where it must also be read as text on white.
 */
final class Ink {
    static final Color PAPER = Color.WHITE;
    static final Color TEXT = new Color(0x1F2933);
    static final Color SOFT = new Color(0x5F6C7B);
    static final Color GRID = new Color(0xE6EAEE);
    static final Color CONTROL = new Color(0x8A96A3);
    static final Color BLUE = new Color(0x0072B2);
    static final Color VERMILION = new Color(0xD55E00);
    static final Color GREEN = new Color(0x00896B);
    static final Color PALE_BLUE = new Color(0xC9DFEE);

    private static final Color[] LINES = {
        BLUE, VERMILION, GREEN, new Color(0xB0558A), new Color(0x3E9BD1), new Color(0xA87900)
    };

    private Ink() {}

    /** The colour of the i-th line of a panel; after six they repeat. */
    static Color line(int index) {
        return LINES[index % LINES.length];
    }

    /** How many different line colours there are. */
    static int lines() {
        return LINES.length;
    }

    /** The colour mixed with white: {@code share} of it is left. */
    static Color fade(Color color, double share) {
        return new Color(
                (int) Math.round(255 - (255 - color.getRed()) * share),
                (int) Math.round(255 - (255 - color.getGreen()) * share),
                (int) Math.round(255 - (255 - color.getBlue()) * share));
    }

    static Font plain(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }

    static Font bold(int size) {
        return new Font(Font.SANS_SERIF, Font.BOLD, size);
    }

    static BasicStroke stroke(double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
    }

    static BasicStroke dashed(double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {5, 4}, 0);
    }

    static void line(Graphics2D g, double x0, double y0, double x1, double y1) {
        g.draw(new Line2D.Double(x0, y0, x1, y1));
    }

    /** Draws text so that the point (x, y) on its baseline is its left end (0), its middle (0.5) or its right end (1). */
    static void text(Graphics2D g, String text, double x, double y, double anchor) {
        g.drawString(text, (float) (x - anchor * width(g, text)), (float) y);
    }

    /** The width of a text in the current font, in layout pixels. */
    static double width(Graphics2D g, String text) {
        return g.getFontMetrics().getStringBounds(text, g).getWidth();
    }

    /** The text shortened with an ellipsis until it is no wider than {@code width} in the current font. */
    static String fit(Graphics2D g, String text, double width) {
        if (width(g, text) <= width) {
            return text;
        }
        int end = text.length();
        while (end > 1 && width(g, text.substring(0, end) + "…") > width) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end).strip() + "…";
    }

    /** The text broken at blanks into lines no wider than {@code width} in the current font. */
    static List<String> wrap(Graphics2D g, String text, double width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && width(g, line + " " + word) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
