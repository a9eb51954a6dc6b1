package org.voco4j.report;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.voco4j.file.WriteFailure;

/**
 * Scalars in TensorBoard's event format.
 *
 * <p>A file is a row of records, each {@code length (8 bytes), m(length), data, m(data)}, little-endian, where
 * m(b) = rot₁₅(crc32c(b)) + 0xA282EAD8 mod 2³². The data are one {@code tensorflow.Event} protocol buffer: wall time
 * (field 1, seconds since 1970), step (2) and either the file version (3, the first record) or a summary (5) whose
 * values (1) have a tag (1) and a simple value (2). Source: TensorFlow's {@code record_writer}, {@code event.proto} and
 * {@code summary.proto}.
 *
 * <p>The metrics of a run live elsewhere; this file is a view of them and is written anew when a run is resumed.
 */
public final class EventFile implements AutoCloseable {
    private static final String PREFIX = "events.out.tfevents.";
    private static final String SUFFIX = ".voco";
    private static final int BUFFER = 1 << 16;
    private static final int WIRE_VARINT = 0;
    private static final int WIRE_64 = 1;
    private static final int WIRE_BYTES = 2;
    private static final int WIRE_32 = 5;

    private final Path file;
    private final OutputStream out;

    private EventFile(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /**
     * Starts the event file of a run folder, {@code events.out.tfevents.<seconds>.voco}, and removes an earlier one,
     * because TensorBoard would draw both.
     *
     * @param wallTime seconds since 1970; also TensorBoard's order of files
     * @throws IOException if the folder cannot be written to
     * @throws IllegalArgumentException if the time is not a finite number from 0 on
     */
    public static EventFile create(Path folder, double wallTime) throws IOException {
        checkTime(wallTime);
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (Path path : old) {
                Files.delete(path);
            }
        }
        Path file = folder.resolve(String.format(Locale.ROOT, "%s%010d%s", PREFIX, (long) wallTime, SUFFIX));
        EventFile events = new EventFile(file, new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
        Message event = new Message().fixed64(1, wallTime).bytes(3, utf8("brain.Event:2"));
        events.write(event.encoded());
        events.flush();
        return events;
    }

    /** Where the events go. */
    public Path file() {
        return file;
    }

    /**
     * Adds one scalar; it is on its way to the disk after {@link #flush}.
     *
     * @param step the training step, from 0 on
     * @param wallTime seconds since 1970
     * @param tag the curve's name; TensorBoard groups by what stands before the first slash
     * @param value stored as float32; NaN and infinities are kept
     * @throws IOException if the file cannot be written
     * @throws IllegalArgumentException if the step is negative, the time is not finite or the tag is blank
     */
    public void append(long step, double wallTime, String tag, double value) throws IOException {
        checkTime(wallTime);
        if (step < 0) {
            throw new IllegalArgumentException("step " + step + " of '" + tag + "', expected 0 or more");
        }
        if (tag.isBlank()) {
            throw new IllegalArgumentException("the scalar at step " + step + " has a blank tag");
        }
        Message scalar = new Message().bytes(1, utf8(tag)).fixed32(2, (float) value);
        Message summary = new Message().bytes(1, scalar.encoded());
        write(new Message()
                .fixed64(1, wallTime)
                .varint(2, step)
                .bytes(5, summary.encoded())
                .encoded());
    }

    /**
     * Hands everything so far to the operating system, so that TensorBoard sees it.
     *
     * @throws IOException if the file cannot be written
     */
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException refused) {
            throw WriteFailure.of(file, BUFFER, refused);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void write(byte[] data) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(maskedCrc(record.array(), 0, Long.BYTES));
        record.put(data);
        record.putInt(maskedCrc(record.array(), 12, data.length));
        try {
            out.write(record.array());
        } catch (IOException refused) {
            throw WriteFailure.of(file, BUFFER, refused);
        }
    }

    private static int maskedCrc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xA282EAD8;
    }

    private static void checkTime(double wallTime) {
        if (!(wallTime >= 0) || Double.isInfinite(wallTime)) {
            throw new IllegalArgumentException("wall time " + wallTime + ", expected seconds since 1970");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The few protocol buffer fields that an event needs; each starts with (field number · 8 + wire type). */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            raw(field * 8L + WIRE_VARINT);
            raw(value);
            return this;
        }

        Message fixed64(int field, double value) {
            raw(field * 8L + WIRE_64);
            return little(Double.doubleToLongBits(value), Double.BYTES);
        }

        Message fixed32(int field, float value) {
            raw(field * 8L + WIRE_32);
            return little(Float.floatToIntBits(value), Float.BYTES);
        }

        Message bytes(int field, byte[] value) {
            raw(field * 8L + WIRE_BYTES);
            raw(value.length);
            out.writeBytes(value);
            return this;
        }

        byte[] encoded() {
            return out.toByteArray();
        }

        private Message little(long bits, int bytes) {
            for (int i = 0; i < bytes; i++) {
                out.write((int) (bits >>> (8 * i)));
            }
            return this;
        }

        /** Seven bits per byte, lowest first; the top bit says that more follow. */
        private void raw(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                out.write((int) ((rest & 0x7F) | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }
}
