package org.voco4j.program.scans;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Finding;
import org.voco4j.corpus.ImageFiles;
import org.voco4j.corpus.Sample;
import org.voco4j.corpus.Split;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.corpus.cache.DiskCache;
import org.voco4j.file.FileReason;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.run.RunRecord;

/**
 * Scans on disk as training data: found, every one tried before anything is trained, split by patient.
 *
 * <p>A scan that cannot be used is named with the reason and left out; the others go on.
 */
public final class OpenedData {
    /** Reads and prepares a scan. */
    @FunctionalInterface
    public interface Preparation {
        /** The prepared scan of an id. */
        Object of(String id) throws IOException, InterruptedException;
    }

    private static final int NAMED = 12; // of many scans, in the line that tells how many there are

    private OpenedData() {}

    /** Finds data. */
    @FunctionalInterface
    public interface Opening<T> {
        T open() throws IOException;
    }

    /** What was found, or the complaint as one about the command line. */
    public static <T> T opened(Opening<T> opening) {
        try {
            return opening.open();
        } catch (IOException e) {
            throw new UsageException(FileReason.of(e), e);
        }
    }

    /**
     * Refuses scans of several channels.
     *
     * @throws UsageException with the first of them
     */
    public static void requireOneChannel(List<ImageFiles> scans, String what) {
        for (ImageFiles scan : scans) {
            if (scan.channels() > 1) {
                throw new UsageException(scan.first() + ": is of a scan of " + scan.channels() + " channels, and "
                        + what + " takes scans of one channel; a list or a .csv can name one file for each scan");
            }
        }
    }

    /**
     * How many channels every scan has.
     *
     * @throws UsageException if not all have the same number
     */
    public static int channels(List<ImageFiles> scans) {
        Map<Integer, ImageFiles> first = new TreeMap<>();
        scans.forEach(scan -> first.putIfAbsent(scan.channels(), scan));
        if (first.size() > 1) {
            throw new UsageException("the scans must all have the same number of channels, found "
                    + first.entrySet().stream()
                            .map(entry ->
                                    entry.getKey() + " in " + entry.getValue().first())
                            .collect(Collectors.joining(", ")));
        }
        return first.isEmpty() ? 1 : first.keySet().iterator().next();
    }

    /** Says whose the scans are. */
    public static void tellPatients(String what, List<? extends Sample> usable, boolean grouped, RunLog log) {
        long patients = usable.stream().map(Sample::patient).distinct().count();
        log.say(usable.size() + " " + what + " of " + patients + " patients"
                + (grouped ? "." : ": without --groups every scan counts as a patient of its own."));
    }

    /**
     * Holds scans out by patient and says what is trained on.
     *
     * @throws UsageException if nothing is left to train on
     */
    public static <C extends Sample> Split<C> split(
            List<C> usable, Set<String> declared, double fraction, long seed, Map<String, String> strata, RunLog log) {
        return told(chosen(usable, declared, fraction, seed, strata), log);
    }

    /**
     * Holds scans out by patient.
     *
     * @throws UsageException if nothing is left to train on
     */
    public static <C extends Sample> Split<C> chosen(
            List<C> scans, Set<String> declared, double fraction, long seed, Map<String, String> strata) {
        try {
            return fraction == 0
                    ? new Split<>(scans, List.of())
                    : Split.heldOut(scans, declared, fraction, seed, strata);
        } catch (IllegalArgumentException nothingLeft) {
            throw new UsageException(String.valueOf(nothingLeft.getMessage()), nothingLeft);
        }
    }

    /** Says what is trained on. */
    static <C extends Sample> Split<C> told(Split<C> split, RunLog log) {
        List<String> held = split.heldOut().stream().map(Sample::id).toList();
        long patients = split.heldOut().stream().map(Sample::patient).distinct().count();
        log.say("Training on " + split.training().size() + ", holding out "
                + (held.isEmpty() ? "none" : held.size() + " scans")
                + (patients == held.size() ? "" : " of " + patients + " patients")
                + (held.isEmpty() ? "" : ": " + names(held)));
        return split;
    }

    /** Names for a line: the first of them where there are many. */
    public static String names(List<String> names) {
        String first = String.join(", ", names.stream().limit(NAMED).toList());
        return names.size() > NAMED ? first + " and " + (names.size() - NAMED) + " more" : first;
    }

    /** At most so many items, evenly spread: of data sets that stand one after the other, each has its share. */
    public static <T> List<T> spread(List<T> items, int most) {
        int count = Math.min(most, items.size());
        return IntStream.range(0, count)
                .mapToObj(i -> items.get((int) ((long) i * items.size() / count)))
                .toList();
    }

    /** At most so many scans to measure on: of as many patients as there are, evenly spread, then further ones of theirs. */
    public static <C extends Sample> List<C> measured(List<C> heldOut, int most) {
        Map<String, C> first = new LinkedHashMap<>();
        heldOut.forEach(scan -> first.putIfAbsent(scan.patient(), scan));
        Set<C> chosen = new LinkedHashSet<>(spread(List.copyOf(first.values()), most));
        for (C scan : heldOut) {
            if (chosen.size() < most && !chosen.contains(scan)) {
                chosen.add(scan);
            }
        }
        return heldOut.stream().filter(chosen::contains).toList();
    }

    /** Bytes that scans may take: they live on the Java heap, so the wish (in MiB) is bounded by half of it. */
    public static long budget(int mebibytes) {
        return Math.min(mebibytes * (1L << 20), Runtime.getRuntime().maxMemory() / 2);
    }

    /** Says what was noticed about files, and how many are left out for being what they are. */
    public static void tell(List<Finding> findings, RunLog log) {
        for (Finding finding : findings) {
            String line = finding.line();
            if (Set.of(Finding.Kind.LABEL_MAP, Finding.Kind.FURTHER_CHANNEL, Finding.Kind.NOTE)
                    .contains(finding.kind())) {
                log.say(line);
            } else {
                log.warn(line);
            }
        }
        tellCount(findings, Finding.Kind.LABEL_MAP, "as label maps", log);
        tellCount(findings, Finding.Kind.NO_IMAGE, "as label maps without an image", log);
        tellCount(findings, Finding.Kind.NO_LABEL, "as images without a label map", log);
    }

    private static void tellCount(List<Finding> findings, Finding.Kind kind, String what, RunLog log) {
        long count = findings.stream().filter(finding -> finding.kind() == kind).count();
        if (count > 0) {
            log.say(count + (count == 1 ? " file is" : " files are") + " left out " + what + ".");
        }
    }

    /** Says what was noticed about scans that somebody gave: with a warning, and as the result, what keeps one from its own. */
    public static List<String> failures(List<Finding> findings, RunLog log) {
        List<String> failures = new ArrayList<>();
        for (Finding finding : findings) {
            switch (finding.kind()) {
                case UNREADABLE, MISSING_CHANNEL, UNSUPPORTED_FORMAT, SAME_NAME, LABEL_MAP -> {
                    failures.add(finding.line());
                    log.warn(finding.line());
                }
                case PICTURES, NO_PATIENT, NO_LABEL, NO_IMAGE, NO_CLASSES, FURTHER_CHANNEL, NOT_A_SCAN, NOTE ->
                    log.say(finding.line());
            }
        }
        return failures;
    }

    /** Id → what tells a scan's file from others. */
    public static Map<String, String> contents(List<? extends Sample> scans) throws IOException {
        Map<String, String> contents = new LinkedHashMap<>();
        for (Sample scan : scans) {
            contents.put(scan.id(), scan.content());
        }
        return contents;
    }

    /** Says what the cache spared and how full it is. */
    public static void tell(@Nullable DiskCache cache, RunLog log) throws IOException {
        if (cache != null) {
            log.say(String.format(
                    Locale.ROOT,
                    "Cache: %d of %d scans were there; it holds %,d of at most %,d MiB in %s",
                    cache.found(),
                    cache.found() + cache.made(),
                    cache.usedBytes() >> 20,
                    cache.quota() >> 20,
                    cache.folder()));
        }
    }

    /** Reads and prepares every scan once, several at a time. */
    public static <C extends Sample> List<C> usable(List<C> cases, Preparation preparation, int workers, RunLog log)
            throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(workers, work -> {
            Thread thread = new Thread(work, "voco-prepare");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> tries = new ArrayList<>();
            for (C scan : cases) {
                tries.add(pool.submit((Callable<Object>) () -> preparation.of(scan.id())));
            }
            List<C> usable = new ArrayList<>();
            for (int i = 0; i < tries.size(); i++) {
                try {
                    tries.get(i).get();
                    usable.add(cases.get(i));
                } catch (ExecutionException failed) {
                    Throwable cause = failed.getCause();
                    log.warn("Left out: " + FileReason.of(cause == null ? failed : cause));
                }
                if ((i + 1) % 10 == 0 || i + 1 == tries.size()) {
                    log.say("Prepared " + (i + 1) + " of " + tries.size() + " scans");
                }
            }
            return usable;
        } finally {
            pool.shutdownNow();
        }
    }

    /**
     * Pins which scans a run trains on and which it holds out: the same files may be usable today and not tomorrow, where memory is short,
     * and one more or less moves others from one side to the other.
     *
     * @throws UsageException if they are not those that the run began with
     */
    public static void pin(RunRecord record, List<String> training, List<String> heldOut) {
        DataDigest digest = new DataDigest();
        digest.word(training.toString());
        digest.word(heldOut.toString());
        record.pin("scans", digest.hex().substring(0, 16));
    }
}
