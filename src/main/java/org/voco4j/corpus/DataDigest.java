package org.voco4j.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over words, file sizes and files' first bytes: changes when the data do, costs no decoding. */
final class DataDigest {
    private static final int FIRST_BYTES = 1024; // of each file: holds the header, zipped or not

    private final MessageDigest sha;

    DataDigest() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    void word(String word) {
        sha.update((word + "\0").getBytes(StandardCharsets.UTF_8));
    }

    void file(Path file) throws IOException {
        sha.update(ByteBuffer.allocate(8).putLong(Files.size(file)).flip());
        try (InputStream in = Files.newInputStream(file)) {
            sha.update(in.readNBytes(FIRST_BYTES));
        }
    }

    String hex() {
        return HexFormat.of().formatHex(sha.digest());
    }
}
