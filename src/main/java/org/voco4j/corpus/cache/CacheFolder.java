package org.voco4j.corpus.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.voco4j.file.AtomicFile;

/**
 * The files of a cache, kept below a number of bytes: those used longest ago are deleted first.
 *
 * <p>The time of a file's last modification is that of its last use. One process at a time deletes, under a lock on a file;
 * nobody needs the lock for reading or writing entries. An entry that is deleted while somebody reads it stays readable to
 * them.
 */
final class CacheFolder {
    private static final String ENDING = ".prepared";
    private static final String LOCK = ".prepared-lock";

    /** What nobody has written to for so long belongs to a process that was killed. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    /** A process has a file lock as a whole, and loses it when it closes any channel to the file. */
    private static final Object ONE_THREAD = new Object();

    private final Path folder;
    private final long quota;
    private final AtomicBoolean waiting = new AtomicBoolean();

    CacheFolder(Path folder, long quota) {
        this.folder = folder;
        this.quota = quota;
    }

    /** What the folder holds. */
    record Usage(int entries, long bytes) {}

    private record Entry(Path file, long bytes, FileTime used) {}

    /** The place of an entry. */
    Path file(String name) {
        return folder.resolve(name + ENDING);
    }

    /** Notes that an entry is used. */
    void touch(Path entry) {
        try {
            Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
        } catch (IOException notOurs) {
            // deleted meanwhile, or a folder that is only read: its order is kept by those who write to it
        }
    }

    /**
     * Deletes what is beyond the quota, and what killed processes left half written.
     *
     * <p>Entries that were there before the call are counted, by this thread or by one that is about to count.
     *
     * @return the entries deleted
     */
    List<Path> trim() throws IOException {
        if (!waiting.compareAndSet(false, true)) {
            return List.of();
        }
        synchronized (ONE_THREAD) {
            waiting.set(false);
            try (FileChannel lock = FileChannel.open(
                            folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var held = lock.lock()) {
                AtomicFile.removeParts(folder, Instant.now().minus(ABANDONED));
                return held.isValid() ? evict() : List.of();
            } catch (OverlappingFileLockException e) {
                throw new IOException(folder.resolve(LOCK) + " is locked by another part of this program", e);
            }
        }
    }

    private List<Path> evict() throws IOException {
        List<Entry> entries = entries();
        entries.sort(Comparator.comparing(Entry::used).thenComparing(Entry::file));
        long bytes = entries.stream().mapToLong(Entry::bytes).sum();
        List<Path> deleted = new ArrayList<>();
        for (Entry eldest : entries) {
            if (bytes <= quota) {
                break;
            }
            Files.deleteIfExists(eldest.file);
            bytes -= eldest.bytes;
            deleted.add(eldest.file);
        }
        return deleted;
    }

    Usage usage() throws IOException {
        List<Entry> entries = entries();
        return new Usage(
                entries.size(), entries.stream().mapToLong(Entry::bytes).sum());
    }

    private List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path file : files) {
                try {
                    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                    entries.add(new Entry(file, now.size(), now.lastModifiedTime()));
                } catch (NoSuchFileException deleted) {
                    // by another process, or by whoever found it damaged
                }
            }
        }
        return entries;
    }
}
