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
import java.util.Locale;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.Formats;

/** SHA-256 over words, file sizes and files' first bytes: changes when the data do, costs no decoding. */
public final class DataDigest {
    private static final int FIRST_BYTES = 1024; // of each file: holds the header, zipped or not

    private static final List<String> HEADERS = List.of(".mhd", ".nhdr", ".hdr", ".hdr.gz");
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
     * Tells a scan from others, at the cost of four short reads of each of its files; of a header with a file of voxels by the latter
     * alone, since a copy's header may name its file otherwise.
     */
    public static String content(Path scan) throws IOException {
        List<Path> files = files(scan);
        return pieces(isPair(files) ? files.subList(1, 2) : files);
    }

    /** The same with headers: changes, too, when only that does which is said of the voxels. */
    public static String withHeaders(Path scan) throws IOException {
        return pieces(files(scan));
    }

    private static boolean isPair(List<Path> files) {
        String header = String.valueOf(files.get(0).getFileName()).toLowerCase(Locale.ROOT);
        return files.size() == 2 && HEADERS.stream().anyMatch(header::endsWith);
    }

    private static String pieces(List<Path> files) throws IOException {
        DataDigest digest = new DataDigest();
        for (Path file : files) {
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

    /** {@link #content(Path)} of a scan whose channels are files. */
    public static String content(List<Path> channels) throws IOException {
        return joined(channels, DataDigest::content);
    }

    /** {@link #withHeaders(Path)} of a scan whose channels are files. */
    public static String withHeaders(List<Path> channels) throws IOException {
        return joined(channels, DataDigest::withHeaders);
    }

    private interface OfFile {
        String digest(Path file) throws IOException;
    }

    private static String joined(List<Path> channels, OfFile of) throws IOException {
        if (channels.size() == 1) {
            return of.digest(channels.get(0));
        }
        DataDigest digest = new DataDigest();
        for (Path file : channels) {
            digest.word(of.digest(file));
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
