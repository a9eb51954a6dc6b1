package org.voco4j.program.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a DICOM file on their way to the disk: which object it is (PS3.10 section 7.1, Media Storage SOP Instance
 * UID).
 */
final class ObjectHead extends OutputStream {
    private static final int KEPT = 1 << 10; // what comes before the UID is the preamble and three short elements
    private static final int PREAMBLE = 128;
    private static final int INSTANCE = 3; // the element's number in group 2
    private static final Set<String> LONG = Set.of("OB", "OW", "UN", "UT", "SQ"); // with four bytes for their length

    private final OutputStream out;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream(KEPT);

    ObjectHead(OutputStream out) {
        this.out = out;
    }

    /** Which object a file is; null if it is no whole head of one. */
    static @Nullable String instance(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return instance(in.readNBytes(KEPT));
        }
    }

    /** Which object went through; null if it was none. */
    @Nullable
    String instance() {
        return instance(head.toByteArray());
    }

    private static @Nullable String instance(byte[] bytes) {
        ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < PREAMBLE + 4 || !text(bytes, PREAMBLE, 4).equals("DICM")) {
            return null;
        }
        int at = PREAMBLE + 4;
        while (at + 12 <= bytes.length && head.getShort(at) == 2) {
            int element = head.getShort(at + 2) & 0xffff;
            boolean wide = LONG.contains(text(bytes, at + 4, 2));
            long length = wide ? head.getInt(at + 8) & 0xffffffffL : head.getShort(at + 6) & 0xffff;
            long next = at + (wide ? 12 : 8) + length;
            if (next > bytes.length) {
                return null;
            }
            if (element == INSTANCE) {
                return text(bytes, (int) (next - length), (int) length).replaceFirst("[\\x00 ]+$", "");
            }
            at = (int) next;
        }
        return null;
    }

    private static String text(byte[] bytes, int at, int length) {
        return new String(bytes, at, length, StandardCharsets.US_ASCII);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int at, int length) throws IOException {
        head.write(bytes, at, Math.min(length, KEPT - head.size()));
        out.write(bytes, at, length);
    }
}
