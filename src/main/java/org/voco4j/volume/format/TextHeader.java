package org.voco4j.volume.format;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.VolumeFormatException;

/** A header of lines of text: read one by one, then asked for what its fields say, each in lower case and once. */
final class TextHeader implements Closeable {
    private static final int MOST_BYTES = 1 << 20;
    private static final int SHOWN = 40; // characters of the file in a sentence

    private final Path file;
    private final InputStream in;
    private final Map<String, String> fields = new HashMap<>();
    private int position;

    TextHeader(Path file) throws IOException {
        this.file = file;
        try {
            in = new BufferedInputStream(Files.newInputStream(file));
        } catch (NoSuchFileException e) {
            throw new VolumeFormatException(file, "a file", "none");
        }
    }

    /** The next line without its end; null at the end of the file. */
    @Nullable
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        boolean any = next >= 0;
        for (; next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
            if (++position > MOST_BYTES) {
                throw new VolumeFormatException(file, "a header of at most 1 MiB", "a longer one");
            }
        }
        position++;
        String text = line.toString(StandardCharsets.UTF_8);
        return any ? text.endsWith("\r") ? text.substring(0, text.length() - 1) : text : null;
    }

    /** Where the next line begins, in bytes. */
    int position() {
        return position;
    }

    void put(String name, String value) throws VolumeFormatException {
        if (fields.put(name, value) != null) {
            throw new VolumeFormatException(file, "each field of the header once", shown(name) + " twice");
        }
    }

    /** What the first of the names that is there says; null if none is. */
    @Nullable
    String find(String... names) {
        for (String name : names) {
            String value = fields.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    String require(String name) throws VolumeFormatException {
        String value = find(name);
        if (value == null) {
            throw new VolumeFormatException(file, "the field '" + name + "' in its header", "none");
        }
        return value;
    }

    /** A field's whole numbers, of which there have to be {@code count}. */
    long[] whole(String name, int count) throws VolumeFormatException {
        String value = require(name);
        String[] parts = value.strip().split("\\s+");
        long[] numbers = new long[count];
        try {
            for (int i = 0; i < count && parts.length == count; i++) {
                numbers[i] = Long.parseLong(parts[i]);
            }
        } catch (NumberFormatException e) {
            throw unlike(name, count, value);
        }
        if (parts.length != count) {
            throw unlike(name, count, value);
        }
        return numbers;
    }

    /** A field's numbers, separated by whatever is no number, of which there have to be {@code count}. */
    double[] numbers(String name, int count, String value) throws VolumeFormatException {
        String[] parts = value.strip().split("[\\s,]+");
        double[] numbers = new double[count];
        try {
            for (int i = 0; i < count && parts.length == count; i++) {
                numbers[i] = parts[i].equalsIgnoreCase("nan") ? Double.NaN : Double.parseDouble(parts[i]);
            }
        } catch (NumberFormatException e) {
            throw unlike(name, count, value);
        }
        if (parts.length != count) {
            throw unlike(name, count, value);
        }
        return numbers;
    }

    private VolumeFormatException unlike(String name, int count, String value) {
        String numbers = count == 1 ? " number" : " numbers";
        return new VolumeFormatException(file, count + numbers + " in '" + name + "'", "'" + shown(value) + "'");
    }

    /** The beginning of a text. */
    static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
