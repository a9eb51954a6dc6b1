package org.voco4j.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file so that its name never shows half of it: beside its place, synced, then renamed.
 *
 * <p>Whatever is killed at whatever moment, the path holds the old content or the new one.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes content to a stream. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything; the stream is not to be closed. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Replaces a file.
     *
     * @throws IOException if the content fails or the folder cannot be written; the old file is untouched then
     */
    public static void write(Path path, Content content) throws IOException {
        Path beside = path.resolveSibling("." + path.getFileName() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                    beside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(beside);
            throw failure;
        }
    }

    /** Replaces a text file (UTF-8). */
    public static void write(Path path, String text) throws IOException {
        write(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
