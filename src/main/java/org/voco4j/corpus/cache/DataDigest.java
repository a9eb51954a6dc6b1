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
     * headers are often alike.
     */
    public static String content(Path scan) throws IOException {
        Path voxels = voxels(scan);
        DataDigest digest = new DataDigest();
        try (FileChannel channel = FileChannel.open(voxels)) {
            long last = Math.max(0, channel.size() - PIECE);
            digest.word(Long.toString(channel.size()));
            for (int i = 0; i < PIECES; i++) {
                ByteBuffer piece = ByteBuffer.allocate(PIECE);
                long at = last * i / (PIECES - 1);
                while (piece.hasRemaining() && channel.read(piece, at + piece.position()) > 0) {
                    // until the piece is whole or the file ends
                }
                digest.sha.update(piece.flip());
            }
        }
        return digest.hex();
    }

    private static Path voxels(Path scan) throws IOException {
        try {
            List<Path> files = Formats.any().files(scan);
            return files.get(files.size() - 1);
        } catch (VolumeFormatException unreadable) {
            return scan; // which is said elsewhere
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

    public void file(Path file) throws IOException {
        sha.update(ByteBuffer.allocate(8).putLong(Files.size(file)).flip());
        try (InputStream in = Files.newInputStream(file)) {
            sha.update(in.readNBytes(FIRST_BYTES));
        }
    }

    public String hex() {
        return HexFormat.of().formatHex(digest());
    }

    byte[] digest() {
        return sha.digest();
    }
}
