package org.voco4j.corpus.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.Formats;

/** SHA-256 over words, file sizes and files' first bytes: changes when the data do, costs no decoding. */
public final class DataDigest {
    private static final int FIRST_BYTES = 1024; // of each file: holds the header, zipped or not

    private static final int PIECES = 4;
    private static final int PIECE = 4096; // the last holds the checksum of what is zipped

    private final MessageDigest sha;

    public DataDigest() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /**
     * Tells a scan's file from others, at the cost of four short reads; for a pair, the file with the voxels, since
     * headers are often alike; for slices, all of them.
     */
    public static String content(Path scan) throws IOException {
        List<Path> files = files(scan);
        DataDigest digest = new DataDigest();
        for (Path file : files.size() == 2 ? files.subList(1, 2) : files) {
            digest.pieces(file);
        }
        return digest.hex();
    }

    private void pieces(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long last = Math.max(0, channel.size() - PIECE);
            word(Long.toString(channel.size()));
            for (int i = 0; i < PIECES; i++) {
                ByteBuffer piece = ByteBuffer.allocate(PIECE);
                long at = last * i / (PIECES - 1);
                while (piece.hasRemaining() && channel.read(piece, at + piece.position()) > 0) {
                    // until the piece is whole or the file ends
                }
                sha.update(piece.flip());
            }
        }
    }

    private static List<Path> files(Path scan) throws IOException {
        try {
            return Formats.any().files(scan);
        } catch (VolumeFormatException unreadable) {
            return List.of(scan); // which is said elsewhere
        }
    }

    /** The same for a scan of several files. */
    public static String content(List<Path> scan) throws IOException {
        if (scan.size() == 1) {
            return content(scan.get(0));
        }
        DataDigest digest = new DataDigest();
        for (Path file : scan) {
            digest.word(content(file));
        }
        return digest.hex();
    }

    public void word(String word) {
        sha.update((word + "\0").getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte[] bytes, int count) {
        sha.update(bytes, 0, count);
    }

    /** The size and the first bytes of each file that a volume is made of. */
    public void file(Path scan) throws IOException {
        for (Path file : files(scan)) {
            sha.update(ByteBuffer.allocate(8).putLong(Files.size(file)).flip());
            try (InputStream in = Files.newInputStream(file)) {
                sha.update(in.readNBytes(FIRST_BYTES));
            }
        }
    }

    public String hex() {
        return HexFormat.of().formatHex(digest());
    }

    byte[] digest() {
        return sha.digest();
    }
}
