package org.voco4j.corpus;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.voco4j.volume.format.VolumeFormat;

/**
 * Preprocessed volumes on demand: read, prepared and rounded when first asked for, then kept up to a number of bytes,
 * those asked for longest ago leaving first.
 *
 * <p>Safe for any number of threads. Threads that ask for the same case at once wait for one of them to load it. What
 * is kept is what was handed out, so the budget never changes a value, only the time.
 */
public final class VolumeStore {

    /** Makes the volume of a case. */
    @FunctionalInterface
    public interface Loader {
        /**
         * The volume of a case.
         *
         * @throws IOException if it cannot be read, with the file in the message
         */
        Quantised load(String id) throws IOException;
    }

    private final Loader loader;
    private final long budget;
    private final Map<String, Entry> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long loads;

    /** Loads by any means and keeps up to {@code budget} bytes. */
    public VolumeStore(Loader loader, long budget) {
        this.loader = loader;
        this.budget = budget;
    }

    /** Reads the cases' files; an unusable scan is an IOException that names its file and says why. */
    public static VolumeStore ofFiles(
            Collection<Case> cases, VolumeFormat format, Preprocessing preprocessing, long budget) {
        Map<String, Case> byId = new LinkedHashMap<>();
        cases.forEach(scan -> byId.put(scan.id(), scan));
        return new VolumeStore(
                id -> {
                    Case scan = byId.get(id);
                    if (scan == null) {
                        throw new IllegalArgumentException("no case " + id + " among " + byId.size());
                    }
                    try {
                        return Quantised.of(preprocessing.apply(format.read(scan.file())));
                    } catch (IllegalArgumentException e) {
                        throw new IOException(scan.file() + ": " + e.getMessage(), e);
                    }
                },
                budget);
    }

    /** Serves volumes that are in memory already, by case id. */
    public static VolumeStore ofVolumes(Map<String, Quantised> volumes) {
        Map<String, Quantised> copy = Map.copyOf(volumes);
        return new VolumeStore(
                id -> {
                    Quantised volume = copy.get(id);
                    if (volume == null) {
                        throw new IllegalArgumentException("no case " + id + " among " + copy.size());
                    }
                    return volume;
                },
                0);
    }

    /**
     * The volume of a case.
     *
     * @throws IOException if it cannot be read or used, with the file in the message
     * @throws InterruptedException if interrupted while another thread loads it
     */
    public Quantised get(String id) throws IOException, InterruptedException {
        Entry entry;
        boolean first = false;
        synchronized (kept) {
            entry = kept.get(id);
            if (entry == null) {
                entry = new Entry();
                kept.put(id, entry);
                loads++;
                first = true;
            }
        }
        if (first) {
            load(id, entry);
        }
        try {
            return entry.volume.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e);
        }
    }

    /** How often a volume had to be made. */
    public long loads() {
        synchronized (kept) {
            return loads;
        }
    }

    /** The bytes that are kept now. */
    public long keptBytes() {
        synchronized (kept) {
            return bytes;
        }
    }

    private void load(String id, Entry entry) {
        try {
            Quantised volume = loader.load(id);
            synchronized (kept) {
                entry.bytes = volume.bytes();
                bytes += entry.bytes;
                evict();
            }
            entry.volume.complete(volume);
        } catch (IOException | RuntimeException | Error e) {
            synchronized (kept) {
                kept.remove(id); // the next one to ask tries again
            }
            entry.volume.completeExceptionally(e);
        }
    }

    /** Lets go of what does not fit, asked for longest ago first; what is still being loaded stays. */
    private void evict() {
        var eldest = kept.values().iterator();
        while (bytes > budget && eldest.hasNext()) {
            long freed = eldest.next().bytes;
            if (freed > 0) {
                bytes -= freed;
                eldest.remove();
            }
        }
    }

    private static final class Entry {
        final CompletableFuture<Quantised> volume = new CompletableFuture<>();
        long bytes; // 0 until loaded; guarded by kept
    }
}
