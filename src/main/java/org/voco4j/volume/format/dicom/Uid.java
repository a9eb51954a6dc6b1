package org.voco4j.volume.format.dicom;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.regex.Pattern;

/** Identifiers of DICOM objects (PS3.5 section 9): numbers with dots, at most 64 characters, and so fit for addresses and names. */
public final class Uid {
    private static final Pattern FORM = Pattern.compile("[0-9]+(\\.[0-9]+)+");
    private static final int LONGEST = 64;
    private static final UUID NAMES = UUID.fromString("64907e53-2a1c-4b5e-9d0e-6a7f3c1b8e42"); // of this program

    private Uid() {}

    /** Whether a text is one. */
    public static boolean is(String text) {
        return text.length() <= LONGEST && FORM.matcher(text).matches();
    }

    /**
     * The one of what a text describes: always the same for the same text, under the root that needs no registration (PS3.5
     * annex B.2).
     */
    static String of(String text) {
        return "2.25." + new BigInteger(uuid(NAMES, text).toString().replace("-", ""), 16);
    }

    /** A UUID of version 5 (RFC 9562 section 5.5). */
    static UUID uuid(UUID space, String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(ByteBuffer.allocate(16)
                    .putLong(space.getMostSignificantBits())
                    .putLong(space.getLeastSignificantBits())
                    .array());
            ByteBuffer hash = ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
            long high = (hash.getLong() & ~0xf000L) | 0x5000;
            long low = (hash.getLong() & ~(3L << 62)) | (1L << 63);
            return new UUID(high, low);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
