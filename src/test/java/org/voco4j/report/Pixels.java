package org.voco4j.report;

import java.awt.Color;
import java.awt.Rectangle;

/** Questions about the pixels of a picture; places are in layout pixels. */
final class Pixels {
    private Pixels() {}

    static int at(Picture picture, double x, double y) {
        return picture.image().getRGB((int) (x * Picture.DENSITY), (int) (y * Picture.DENSITY)) & 0xFFFFFF;
    }

    static int count(Picture picture, Color color) {
        return count(picture, color, new Rectangle(picture.width(), picture.height()));
    }

    static int count(Picture picture, Color color, Rectangle part) {
        int count = 0;
        int d = Picture.DENSITY;
        for (int y = part.y * d; y < (part.y + part.height) * d; y++) {
            for (int x = part.x * d; x < (part.x + part.width) * d; x++) {
                count += is(picture, x, y, color) ? 1 : 0;
            }
        }
        return count;
    }

    /** The smallest rectangle around the pixels of a colour, in image pixels; empty when there are none. */
    static Rectangle bounds(Picture picture, Color color) {
        Rectangle bounds = new Rectangle(0, 0, -1, -1);
        for (int y = 0; y < picture.image().getHeight(); y++) {
            for (int x = 0; x < picture.image().getWidth(); x++) {
                if (is(picture, x, y, color)) {
                    bounds.add(new Rectangle(x, y, 1, 1));
                }
            }
        }
        return bounds;
    }

    private static boolean is(Picture picture, int x, int y, Color color) {
        return (picture.image().getRGB(x, y) & 0xFFFFFF) == (color.getRGB() & 0xFFFFFF);
    }
}
