package org.voco4j.program.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parts of a body {@code multipart/related} as they arrive (RFC 2046 section 5.1.1, PS3.18 section 8.6.1.2), in the memory of
 * one buffer.
 *
 * <p>A part ends where the boundary stands, whatever lengths its headers name, and a body that ends before its last boundary
 * is a broken one.
 */
final class MultipartReader {
    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary\\s*=\\s*(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))", Pattern.CASE_INSENSITIVE);
    private static final int MOST_AROUND = 1 << 14; // bytes before the first part, after the last, and of a header
    private static final int MOST_HEADERS = 100;

    private final InputStream in;
    private final String from;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private boolean inside = true; // what comes before the first boundary is skipped as a part is

    /**
     * Reads a body.
     *
     * @param contentType of the answer
     * @param from whose it is, to begin a sentence with
     * @throws ArchiveFailure if the type is another, or names no boundary
     */
    MultipartReader(InputStream in, String contentType, String from) throws ArchiveFailure {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/related") || !boundary.find()) {
            throw ArchiveFailure.lasting(from + ": expected multipart/related with a boundary, found "
                    + (contentType.isEmpty() ? "no type" : ServerWords.shortened(contentType)));
        }
        String text = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
        this.in = in;
        this.from = from;
        this.delimiter = ("\r\n--" + text).getBytes(StandardCharsets.ISO_8859_1);
        buffer[end++] = '\r'; // the first boundary may stand at the very beginning
        buffer[end++] = '\n';
    }

    /**
     * Goes on to the first or the next part; what is left of the one before is skipped.
     *
     * @return false after the last one
     */
    boolean next() throws IOException {
        if (inside) {
            copy(OutputStream.nullOutputStream(), MOST_AROUND);
        }
        String line = line();
        if (line.startsWith("--")) {
            in.readNBytes(MOST_AROUND); // the connection serves the next request only when all is read
            return false;
        }
        if (!line.isBlank()) {
            throw broken("ends no part and begins none after a boundary");
        }
        int headers = 0;
        while (!line().isEmpty()) {
            if (++headers > MOST_HEADERS) {
                throw broken("has a part with more than " + MOST_HEADERS + " headers");
            }
        }
        inside = true;
        return true;
    }

    /**
     * Copies what is left of a part.
     *
     * @param most bytes that it may have
     * @return how many it had
     */
    long copy(OutputStream out, long most) throws IOException {
        long copied = 0;
        while (true) {
            int found = find();
            int ready = found >= 0 ? found : Math.max(at, end - delimiter.length + 1); // a boundary may have begun
            copied += ready - at;
            if (copied > most) {
                throw ArchiveFailure.lasting(
                        String.format(Locale.ROOT, "%s: the answer has a part of more than %,d bytes", from, most));
            }
            out.write(buffer, at, ready - at);
            at = ready;
            if (found >= 0) {
                at += delimiter.length;
                inside = false;
                return copied;
            }
            fill();
        }
    }

    /** Where the next boundary in the buffer begins, or -1. */
    private int find() {
        for (int i = at; i <= end - delimiter.length; i++) {
            if (Arrays.equals(buffer, i, i + delimiter.length, delimiter, 0, delimiter.length)) {
                return i;
            }
        }
        return -1;
    }

    /** A line without its end; after the last boundary the body may end with it too. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            while (at < end) {
                char next = (char) (buffer[at++] & 0xff);
                if (next == '\n') {
                    return line.toString().stripTrailing();
                }
                line.append(next);
            }
            if (line.toString().startsWith("--")) {
                return line.toString();
            }
            if (line.length() > MOST_AROUND) {
                throw broken("has a part whose headers do not end");
            }
            fill();
        }
    }

    /** Reads on behind what is not used yet. */
    private void fill() throws IOException {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            throw broken("ends before its last boundary");
        }
        end += read;
    }

    private ArchiveFailure broken(String how) {
        return ArchiveFailure.passing(from + ": the answer " + how, null);
    }
}
