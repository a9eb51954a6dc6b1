package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.cache.CaseStore;
import org.voco4j.corpus.cache.DiskCache;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.corpus.prepare.Quantised;
import org.voco4j.volume.format.VolumeFormat;

/** Preprocessed volumes on demand, as a {@link CaseStore} keeps them. */
public final class VolumeStore {
    private final CaseStore<Quantised> store;

    /** Loads by any means and keeps up to {@code budget} bytes. */
    public VolumeStore(CaseStore.Loader<Quantised> loader, long budget) {
        this.store = new CaseStore<>(loader, Quantised::bytes, budget);
    }

    /**
     * Reads the cases' files; an unusable scan is an IOException that names its file and says why.
     *
     * @param cache where prepared scans are looked for first and kept, or null
     */
    public static VolumeStore ofFiles(
            Collection<Case> cases,
            VolumeFormat format,
            Preprocessing preprocessing,
            @Nullable DiskCache cache,
            long budget) {
        Map<String, Case> byId = new LinkedHashMap<>();
        cases.forEach(scan -> byId.put(scan.id(), scan));
        return new VolumeStore(
                id -> {
                    Case scan = byId.get(id);
                    if (scan == null) {
                        throw new IllegalArgumentException("no case " + id + " among " + byId.size());
                    }
                    DiskCache.Maker<Quantised> maker = () -> read(scan, format, preprocessing);
                    return cache == null
                            ? maker.make()
                            : cache.image(files(scan, format), preprocessing.toString(), maker);
                },
                budget);
    }

    private static List<Path> files(Case scan, VolumeFormat format) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path channel : scan.images().files()) {
            files.addAll(format.files(channel));
        }
        return files;
    }

    private static Quantised read(Case scan, VolumeFormat format, Preprocessing preprocessing) throws IOException {
        try {
            return Quantised.of(
                    preprocessing.prepare(scan.images().read(format), null, 1).image());
        } catch (IllegalArgumentException e) {
            throw new IOException(scan.file() + ": " + e.getMessage(), e);
        }
    }

    /**
     * The volume of a case.
     *
     * @throws IOException if it cannot be read or used, with the file in the message
     * @throws InterruptedException if interrupted while another thread loads it
     */
    public Quantised get(String id) throws IOException, InterruptedException {
        return store.get(id);
    }

    /** How often a volume had to be made. */
    public long loads() {
        return store.loads();
    }

    /** The bytes that are kept now. */
    public long keptBytes() {
        return store.keptBytes();
    }
}
