package org.voco4j.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file so that its name never shows half of it: beside its place, synced, then renamed.
 *
 * <p>Whatever is killed at whatever moment, the path holds the old content or the new one.
 */
public final class AtomicFile {
    private static final String PART = ".part";

    private AtomicFile() {}

    /** Writes content to a stream. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything; the stream is not to be closed. */
        void writeTo(OutputStream out) throws IOException;

        /** How many bytes that are, or -1 where only writing shows it. */
        default long bytes() {
            return -1;
        }
    }

    /**
     * Replaces a file.
     *
     * @throws IOException if the content fails or the folder cannot be written; the old file is untouched then, what was
     *     written of the new one is gone
     */
    public static void write(Path path, Content content) throws IOException {
        replace(path, beside(path, ""), null, content);
    }

    /**
     * Replaces a file that other processes and threads may be replacing at the same moment: each writes beside under a name
     * of its own, and the last one to rename wins.
     *
     * @throws IOException as {@link #write(Path, Content)}
     */
    public static void writeShared(Path path, Content content) throws IOException {
        replace(path, beside(path, "." + UUID.randomUUID()), null, content);
    }

    /** Replaces a text file (UTF-8). */
    public static void write(Path path, String text) throws IOException {
        write(path, new Bytes(text));
    }

    /**
     * Replaces a file and keeps the one before under another name in the same folder, where it replaces what was there.
     *
     * <p>Whatever is killed at whatever moment, the path holds the old content or the new one, or kept holds the old one and
     * there is nothing at the path.
     *
     * @throws IOException as {@link #write(Path, Content)}
     */
    public static void write(Path path, Path kept, Content content) throws IOException {
        replace(path, beside(path, ""), kept, content);
    }

    private static boolean isOf(FileSystemException failure, Path path) {
        return path.toString().equals(failure.getFile());
    }

    private static Path beside(Path path, String own) {
        return path.resolveSibling("." + path.getFileName() + own + PART);
    }

    private static void replace(Path path, Path beside, @Nullable Path kept, Content content) throws IOException {
        try {
            try (FileChannel channel = FileChannel.open(
                    beside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                Sink sink = new Sink(channel);
                OutputStream out = new BufferedOutputStream(sink, 1 << 16);
                content.writeTo(out);
                out.flush();
                sink.sync();
            }
            if (kept != null && Files.exists(path)) {
                Files.deleteIfExists(kept); // freeing a large file takes a while, and must not come between the renames
                Files.move(path, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (Refused refused) {
            Files.deleteIfExists(beside); // first: what it took is free again
            throw WriteFailure.of(path, Math.max(content.bytes(), refused.bytes), refused.reason);
        } catch (FileSystemException failure) {
            if (Files.exists(beside)) { // where its folder is none, deleting would fail too
                Files.delete(beside);
            }
            if (!isOf(failure, beside) && !isOf(failure, path)) {
                throw failure; // about a file that the content is made of
            }
            throw new IOException(path + " cannot be written: " + FileReason.why(failure), failure);
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(beside);
            throw failure;
        }
    }

    /**
     * Removes what processes that were killed left half written in a folder.
     *
     * <p>Only for a folder that nobody else writes to.
     */
    public static void removeParts(Path folder) throws IOException {
        removeParts(folder, Instant.MAX);
    }

    /** The same for a folder that others write to: only what nobody has written to since then. */
    public static void removeParts(Path folder, Instant since) throws IOException {
        try (var parts = Files.newDirectoryStream(folder, ".*" + PART)) {
            for (Path part : parts) {
                try {
                    if (Files.getLastModifiedTime(part).toInstant().isBefore(since)) {
                        Files.delete(part);
                    }
                } catch (NoSuchFileException finished) {
                    // renamed meanwhile, or removed by another process
                }
            }
        }
    }

    private static final class Bytes implements Content {
        private final byte[] bytes;

        Bytes(String text) {
            bytes = text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }

        @Override
        public long bytes() {
            return bytes.length;
        }
    }

    /** The disk did not take it, as opposed to a content that could not be made. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final long bytes;
        private final IOException reason;

        Refused(long bytes, IOException reason) {
            super(reason);
            this.bytes = bytes;
            this.reason = reason;
        }
    }

    /** Counts what goes to the disk. */
    private static final class Sink extends OutputStream {
        private final FileChannel channel;
        private final OutputStream out;
        private long bytes;

        Sink(FileChannel channel) {
            this.channel = channel;
            this.out = Channels.newOutputStream(channel);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] b, int from, int length) throws IOException {
            bytes += length;
            try {
                out.write(b, from, length);
            } catch (IOException reason) {
                throw new Refused(bytes, reason);
            }
        }

        void sync() throws IOException {
            try {
                channel.force(true);
            } catch (IOException reason) {
                throw new Refused(bytes, reason);
            }
        }
    }
}
