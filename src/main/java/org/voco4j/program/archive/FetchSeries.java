package org.voco4j.program.archive;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.voco4j.file.AtomicFile;
import org.voco4j.run.RunLog;
import org.voco4j.run.TimeSpan;

/**
 * Series of an archive in folders of their own, {@code OUT/SERIES-UID/INSTANCE-UID.dcm}.
 *
 * <p>A folder has its name only when all of its series is there; until then it is hidden ({@code .SERIES-UID.part}), and what it
 * holds is whole files, which another run keeps. A series that has grown in the archive gets what it lacks.
 */
public final class FetchSeries {
    private static final int AT_ONCE = 4; // requests on the way, for archives that are far away
    private static final double BETWEEN = 10; // seconds between two lines

    /**
     * What came.
     *
     * @param series where it lies, and how many objects it has
     * @param fetched objects that came now
     * @param kept objects that were there already
     * @param bytes that came now
     */
    public record Outcome(List<Fetched> series, int fetched, int kept, long bytes) {

        /** Copies the list. */
        public Outcome {
            series = List.copyOf(series);
        }
    }

    /**
     * A series on disk.
     *
     * @param series in the archive
     * @param folder with its files
     * @param instances how many
     */
    public record Fetched(DicomWeb.Series series, Path folder, int instances) {}

    private final DicomWeb archive;
    private final RunLog log;
    private final long begun = System.nanoTime();
    private final int missing;
    private long told = begun;
    private int fetched;
    private long bytes;

    private FetchSeries(DicomWeb archive, int missing, RunLog log) {
        this.archive = archive;
        this.missing = missing;
        this.log = log;
    }

    /**
     * Fetches series.
     *
     * @param out the folder for their folders
     * @throws IOException if the archive does not give all of it, or the disk does not take it; what came whole stays
     */
    public static Outcome run(DicomWeb archive, List<DicomWeb.Series> series, Path out, RunLog log) throws IOException {
        Map<DicomWeb.Series, List<String>> wanted = new LinkedHashMap<>();
        List<Fetched> places = new ArrayList<>();
        int all = 0;
        int missing = 0;
        for (DicomWeb.Series one : series) {
            List<String> instances = archive.instances(one);
            if (instances.isEmpty()) {
                throw new IOException("the archive lists no objects in the series " + one.uid());
            }
            Path folder = out.resolve(one.uid());
            List<String> lacking = lacking(instances, Files.isDirectory(folder) ? folder : part(folder));
            wanted.put(one, lacking);
            places.add(new Fetched(one, folder, instances.size()));
            all += instances.size();
            missing += lacking.size();
        }
        FetchSeries work = new FetchSeries(archive, missing, log);
        for (Fetched place : places) {
            work.fetch(place, wanted.getOrDefault(place.series(), List.of()));
        }
        return new Outcome(places, work.fetched, all - missing, work.bytes);
    }

    /** Where a series lies until it is whole. */
    private static Path part(Path folder) {
        return folder.resolveSibling("." + folder.getFileName() + ".part");
    }

    private static Path file(Path folder, String instance) {
        return folder.resolve(instance + ".dcm");
    }

    private static List<String> lacking(List<String> instances, Path folder) throws IOException {
        List<String> lacking = new ArrayList<>();
        for (String instance : instances) {
            Path file = file(folder, instance);
            if (!Files.exists(file) || !instance.equals(ObjectHead.instance(file))) {
                lacking.add(instance);
            }
        }
        return lacking;
    }

    private void fetch(Fetched place, List<String> instances) throws IOException {
        Path folder = place.folder();
        boolean whole = Files.isDirectory(folder);
        Path into = whole ? folder : Files.createDirectories(part(folder));
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE, work -> {
            Thread thread = new Thread(work, "voco-fetch");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> tries = new ArrayList<>();
            for (String instance : instances) {
                tries.add(pool.submit(() -> {
                    came(archive.fetch(place.series(), instance, file(into, instance)));
                    return instance;
                }));
            }
            for (Future<?> one : tries) {
                one.get();
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException failure ? failure : new IOException(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "stopped while fetching " + place.series().uid());
        } finally {
            end(pool);
        }
        AtomicFile.removeParts(into); // of runs that were killed
        if (!whole) {
            Files.move(into, folder, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Waits until what was on its way is whole or gone. */
    private static void end(ExecutorService pool) {
        pool.shutdownNow();
        try {
            pool.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void came(long length) {
        fetched++;
        bytes += length;
        long now = System.nanoTime();
        if ((now - told) / 1e9 >= BETWEEN && fetched < missing) {
            told = now;
            double left = (now - begun) / 1e9 / fetched * (missing - fetched);
            String line = String.format(
                    Locale.ROOT,
                    "%d of %d objects, %,d MiB, %s left",
                    fetched,
                    missing,
                    bytes >> 20,
                    TimeSpan.words(left));
            synchronized (log) {
                log.say(line);
            }
        }
    }
}
