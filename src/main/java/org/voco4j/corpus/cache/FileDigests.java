package org.voco4j.corpus.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of whole files, each read once while it does not change.
 *
 * <p>Size and times do not show every change (a copy that keeps the time, an edit within the tick of a clock), so the
 * content is read at least once per process. After that a file counts as unchanged while its size, identity, time of
 * modification and, where the system has it, time of the last change of its attributes are as they were, provided that
 * all of that was old when it was read.
 */
final class FileDigests {
    /** What changed within this time before it was read may change again without its times showing it. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final int PIECE = 1 << 16;

    private final Map<Path, Known> known = new ConcurrentHashMap<>();

    private record Known(Stamp stamp, String digest) {}

    private record Stamp(long size, @Nullable Object identity, FileTime modified, FileTime changed) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            FileTime modified = now.lastModifiedTime();
            boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
            FileTime changed = unix ? (FileTime) Files.getAttribute(file, "unix:ctime") : modified;
            return new Stamp(now.size(), now.fileKey(), modified, changed);
        }

        boolean isSettledAt(Instant time) {
            Instant settled = time.minus(SETTLED);
            return modified.toInstant().isBefore(settled) && changed.toInstant().isBefore(settled);
        }
    }

    /** The digest of a file's bytes as they are now. */
    String of(Path file) throws IOException {
        Instant begin = Instant.now();
        Stamp stamp = Stamp.of(file);
        Known before = known.get(file);
        if (before != null && before.stamp.equals(stamp)) {
            return before.digest;
        }
        DataDigest digest = new DataDigest();
        byte[] piece = new byte[PIECE];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                digest.bytes(piece, read);
            }
        }
        String found = digest.hex();
        if (stamp.isSettledAt(begin)) {
            known.put(file, new Known(stamp, found));
        }
        return found;
    }
}
