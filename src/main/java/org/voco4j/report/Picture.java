package org.voco4j.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.voco4j.file.AtomicFile;

/**
 * A finished drawing: an RGB image with two image pixels per layout pixel, so that it is sharp on dense screens and on
 * paper.
 *
 * <p>Drawing needs no display: with {@code java.awt.headless=true} (the application's decision) it works on a server.
 */
public final class Picture {
    /** Image pixels per layout pixel. */
    static final int DENSITY = 2;

    private final BufferedImage image;

    private Picture(BufferedImage image) {
        this.image = image;
    }

    /** Draws on a white sheet of the given layout size; the painter works in layout pixels. */
    static Picture paint(int width, int height, Consumer<Graphics2D> painter) {
        BufferedImage image = new BufferedImage(width * DENSITY, height * DENSITY, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            g.setColor(Ink.PAPER);
            g.fillRect(0, 0, image.getWidth(), image.getHeight());
            g.scale(DENSITY, DENSITY);
            painter.accept(g);
        } finally {
            g.dispose();
        }
        return new Picture(image);
    }

    /**
     * A picture that {@link #write} wrote.
     *
     * @throws IOException if the file cannot be read or is no picture
     */
    public static Picture read(Path file) throws IOException {
        BufferedImage read = ImageIO.read(file.toFile());
        if (read == null) {
            throw new IOException(file + " is no picture");
        }
        BufferedImage image = new BufferedImage(read.getWidth(), read.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.drawImage(read, 0, 0, null);
        g.dispose();
        return new Picture(image);
    }

    /** The pixels; not a copy. */
    public BufferedImage image() {
        return image;
    }

    /** The width in layout pixels (half of the image's). */
    public int width() {
        return image.getWidth() / DENSITY;
    }

    /** The height in layout pixels (half of the image's). */
    public int height() {
        return image.getHeight() / DENSITY;
    }

    /** The image as the bytes of a PNG file. */
    public byte[] png() {
        return Png.encode(image);
    }

    /**
     * Writes the PNG file; whoever reads the place meanwhile sees the old file or the new one.
     *
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, out -> out.write(png()));
    }
}
