package org.voco4j.corpus.cache;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.corpus.prepare.Quantised;
import org.voco4j.corpus.prepare.QuantisedCase;
import org.voco4j.file.AtomicFile;
import org.voco4j.file.FileReason;

/**
 * Prepared scans in a folder that any number of processes may share: read where they are there, made and kept where they
 * are not.
 *
 * <p>An entry is named by SHA-256 over the content of its files, the way it is prepared, and the versions of both the
 * format and the preparation: what changed has another name, and the old entry is not met. It holds what is trained on, 16
 * bits per voxel, so a value is the same with the cache and without. Entries are whole or absent at every moment; one that is
 * damaged all the same is deleted and made anew. Two processes that miss the same entry at the same moment both make it,
 * to the same bytes.
 *
 * <p>The cache only saves time. What it cannot read or write costs a warning and never a run.
 */
public final class DiskCache {
    private final Path folder;
    private final long quota;
    private final Consumer<String> warnings;
    private final CacheFolder entries;
    private final FileDigests digests = new FileDigests();
    private final Queue<CacheFile.Scratch> scratch = new ConcurrentLinkedQueue<>();
    private final Set<Path> used = ConcurrentHashMap.newKeySet();
    private final AtomicLong found = new AtomicLong();
    private final AtomicLong made = new AtomicLong();
    private final AtomicBoolean storing = new AtomicBoolean(true);
    private final AtomicBoolean saidTooSmall = new AtomicBoolean();

    private DiskCache(Path folder, long quota, Consumer<String> warnings) {
        this.folder = folder;
        this.quota = quota;
        this.warnings = warnings;
        this.entries = new CacheFolder(folder, quota);
    }

    /**
     * Opens a cache, making its folder where there is none.
     *
     * @param folder for entries of the cache alone
     * @param quota bytes that its entries may take together; entries being written come on top
     * @param warnings told what the user should know, from any thread
     * @throws IOException with a sentence if the folder cannot be made or zstd cannot be loaded
     */
    public static DiskCache open(Path folder, long quota, Consumer<String> warnings) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("the cache " + folder + " must be a folder, and is a file", e);
        } catch (IOException e) {
            throw new IOException("the cache folder " + folder + " cannot be made: " + e, e);
        }
        try {
            Zstd.compressBound(1);
        } catch (LinkageError e) {
            throw new IOException(
                    "the cache needs zstd, whose library cannot be unpacked or loaded here (" + e.getMessage()
                            + "); VOCO_JAVA_OPTS=-DZstdTempFolder=DIR unpacks it elsewhere",
                    e);
        }
        DiskCache cache = new DiskCache(folder.toRealPath(), quota, warnings);
        try {
            cache.entries.trim(); // the quota may be a smaller one than before
        } catch (IOException onlyRead) {
            // of use as it is; the first entry that cannot be written is told
        }
        return cache;
    }

    /**
     * Makes a case from its files.
     *
     * @param <T> what a prepared case is
     */
    @FunctionalInterface
    public interface Maker<T> {
        T make() throws IOException;
    }

    /** Reads an entry. */
    private interface Reader<T> {
        T read(CacheFile file) throws IOException;
    }

    /** Packs an entry. */
    private interface Writer<T> {
        AtomicFile.Content content(byte[] key, T scan, CacheFile.Scratch buffers);
    }

    /**
     * A prepared scan.
     *
     * @param files that it is made from, all of them
     * @param how everything else that it depends on
     */
    public Quantised image(List<Path> files, String how, Maker<Quantised> maker) throws IOException {
        return get(
                files,
                "image " + how,
                maker,
                CacheFile::image,
                (key, scan, buffers) -> CacheFile.content(key, scan, null, null, buffers));
    }

    /** The same with labels; the image's files come before those of the labels. */
    public QuantisedCase labelled(List<Path> files, String how, Maker<QuantisedCase> maker) throws IOException {
        return get(
                files,
                "labelled " + how,
                maker,
                CacheFile::labelled,
                (key, scan, buffers) -> CacheFile.content(key, scan.image(), scan.labels(), scan.back(), buffers));
    }

    private <T> T get(List<Path> files, String how, Maker<T> maker, Reader<T> reader, Writer<T> writer)
            throws IOException {
        byte[] key = key(files, how);
        Path file = entries.file(HexFormat.of().formatHex(key));
        CacheFile.Scratch buffers = scratch.poll();
        buffers = buffers == null ? new CacheFile.Scratch() : buffers;
        try {
            try (CacheFile entry = CacheFile.open(file, key, buffers)) {
                T scan = reader.read(entry);
                entries.touch(file);
                used.add(file);
                found.incrementAndGet();
                return scan;
            } catch (NoSuchFileException none) {
                // the usual reason to make it
            } catch (ClosedByInterruptException stopped) {
                throw stopped; // says nothing about the entry
            } catch (IOException damaged) {
                warnings.accept("The cache entry " + file + " is damaged and is made anew: " + damaged.getMessage());
                delete(file);
            }
            T scan = maker.make();
            made.incrementAndGet();
            if (storing.get() && isStill(key, files, how)) {
                store(file, writer.content(key, scan, buffers));
            }
            return scan;
        } finally {
            scratch.add(buffers);
        }
    }

    private byte[] key(List<Path> files, String how) throws IOException {
        DataDigest key = new DataDigest();
        key.word("voco4j " + CacheHeader.VERSION + " " + Preprocessing.REVISION + " " + files.size());
        for (Path file : files) {
            key.word(digests.of(file));
        }
        key.word(how);
        return key.digest();
    }

    /** Whether the files are as they were: those that changed while they were read would give the old name a new scan. */
    private boolean isStill(byte[] key, List<Path> files, String how) {
        try {
            return Arrays.equals(key, key(files, how));
        } catch (IOException gone) {
            return false;
        }
    }

    private void store(Path file, AtomicFile.Content content) {
        if (content.bytes() > quota) {
            sayTooSmall();
            return;
        }
        try {
            AtomicFile.writeShared(file, content);
        } catch (IOException refused) {
            if (!Files.exists(file)) { // some systems do not replace what another process made and somebody reads
                stopStoring(refused);
            }
            return;
        }
        used.add(file);
        try {
            if (entries.trim().stream().anyMatch(used::remove)) {
                sayTooSmall();
            }
        } catch (IOException unbounded) {
            stopStoring(unbounded);
        }
    }

    private void stopStoring(IOException reason) {
        boolean stopped = Thread.currentThread().isInterrupted(); // the run ends, and the disk did nothing wrong
        if (!stopped && storing.compareAndSet(true, false)) {
            warnings.accept(
                    "Prepared scans are not cached any more, and the run goes on without: " + FileReason.of(reason));
        }
    }

    private void sayTooSmall() {
        if (saidTooSmall.compareAndSet(false, true)) {
            warnings.accept(String.format(
                    Locale.ROOT,
                    "The scans of this run do not fit into the cache together (%,d bytes) and are made again and again; a"
                            + " larger --cache-size would keep them.",
                    quota));
        }
    }

    private static void delete(Path damaged) {
        try {
            Files.deleteIfExists(damaged);
        } catch (IOException kept) {
            // a folder that is only read; whoever may write to it replaces the entry
        }
    }

    /** Where it lies. */
    public Path folder() {
        return folder;
    }

    /** The bytes that its entries may take together. */
    public long quota() {
        return quota;
    }

    /** How often a scan was there. */
    public long found() {
        return found.get();
    }

    /** How often a scan was made. */
    public long made() {
        return made.get();
    }

    /** The bytes that entries of all processes take now. */
    public long usedBytes() throws IOException {
        return entries.usage().bytes();
    }
}
