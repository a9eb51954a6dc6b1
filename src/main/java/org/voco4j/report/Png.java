package org.voco4j.report;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * An RGB image as a PNG file, 8 bits per channel, every row filtered by the difference to the row above.
 *
 * <p>{@code ImageIO} tries all five filters on every row, which takes ten times as long and saves nothing on drawings;
 * curves are written while a network waits for its next step. Source: PNG specification, third edition (W3C).
 */
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final byte FILTER_UP = 2;

    private Png() {}

    /** The bytes of the file of a whole {@code TYPE_INT_RGB} image. */
    static byte[] encode(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        out.writeBytes(SIGNATURE);
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(new byte[] {8, 2, 0, 0, 0}) // 8 bits, RGB, deflate, the five filters, not interlaced
                        .array());
        chunk(out, "IDAT", deflated(image));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static byte[] deflated(BufferedImage image) {
        int width = image.getWidth();
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        byte[] bytes = new byte[1 + 3 * width];
        bytes[0] = FILTER_UP;
        byte[] buffer = new byte[1 << 16];
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        Deflater deflater = new Deflater(6);
        try {
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < width; x++) {
                    int pixel = pixels[y * width + x];
                    int up = y == 0 ? 0 : pixels[(y - 1) * width + x];
                    bytes[1 + 3 * x] = (byte) ((pixel >> 16) - (up >> 16));
                    bytes[2 + 3 * x] = (byte) ((pixel >> 8) - (up >> 8));
                    bytes[3 + 3 * x] = (byte) (pixel - up);
                }
                deflater.setInput(bytes);
                while (!deflater.needsInput()) {
                    out.write(buffer, 0, deflater.deflate(buffer));
                }
            }
            deflater.finish();
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
