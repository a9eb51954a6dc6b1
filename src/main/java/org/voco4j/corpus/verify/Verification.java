package org.voco4j.corpus.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.DataSet;
import org.voco4j.corpus.Finding;
import org.voco4j.corpus.Inventory.Role;
import org.voco4j.corpus.LabelledSet;
import org.voco4j.corpus.list.PatientList;
import org.voco4j.corpus.verify.Check.Level;
import org.voco4j.corpus.verify.VerifyList.Listed;
import org.voco4j.file.FileReason;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.VolumeHeader;

/**
 * Reads every file of a data set to its last voxel and says what is wrong: with each file, with label maps beside their
 * images, with scans that share content, and with the whole.
 *
 * <p>Voxels stream by slices; what is kept of a scan is its means over blocks of 10 mm. A file that fails is a finding,
 * and the others go on.
 */
public final class Verification {
    private final List<FileFacts> files;
    private final PairChecks pairs;
    private final @Nullable PatientList patients;
    private final List<Check> checks;

    private Verification(List<FileFacts> files, PairChecks pairs, @Nullable PatientList patients, List<Check> checks) {
        this.files = files;
        this.pairs = pairs;
        this.patients = patients;
        this.checks = checks;
    }

    /** Hears how far a verification is. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Another file was read.
         *
         * @param done files read
         * @param files files in all
         * @param secondsLeft as predicted from the bytes read so far
         */
        void read(int done, int files, double secondsLeft);
    }

    /**
     * Verifies data.
     *
     * @param data folders, Decathlon {@code .json} lists or files, in any mixture, as for {@link DataSet#open} and
     *     {@link LabelledSet#open}
     * @param groups a CSV with the columns file_or_folder and patient, paths relative to it, or null
     * @param threads files that are read at once
     * @throws IOException if an argument does not exist, a list cannot be understood, or there is no file to read
     * @throws InterruptedException if interrupted while files are read
     */
    public static Verification run(List<Path> data, @Nullable Path groups, int threads, Progress progress)
            throws IOException, InterruptedException {
        PatientList patients = groups == null ? null : PatientList.read(groups);
        VolumeFormat format = Formats.any();
        VerifyList list = new VerifyList(format);
        for (Path argument : data) {
            list.add(argument);
        }
        if (list.files().isEmpty()) {
            throw new IOException("there is no scan to verify in "
                    + String.join(", ", data.stream().map(Path::toString).toList())
                    + "; voco reads " + Formats.words() + Finding.reason(list.findings()));
        }
        List<FileFacts> files = new ArrayList<>(read(list.files(), format, threads, progress));
        files.sort(Comparator.comparing(file -> file.listed().file));
        PairChecks pairs = new PairChecks(files, list.unread());
        pairs.compareLabels(files, SetChecks.usualOrientation(files));
        FileChecks each = new FileChecks(mostlyCt(files));
        files.forEach(file -> each.check(file, pairs.image(file) != null));
        Duplicates duplicates = new Duplicates(format, patients);
        duplicates.compare(files);
        SetChecks set = new SetChecks(files);
        set.orientations();
        set.names();
        set.classes(list.declared());
        if (patients != null && groups != null) {
            set.patients(patients, groups);
        }
        List<Check> checks = new ArrayList<>(list.checks());
        checks.addAll(each.checks());
        checks.addAll(pairs.checks());
        checks.addAll(duplicates.checks());
        checks.addAll(set.checks());
        checks.sort(
                Comparator.comparing(Check::level).thenComparing(Check::path).thenComparing(Check::kind));
        return new Verification(files, pairs, patients, List.copyOf(checks));
    }

    private static boolean mostlyCt(List<FileFacts> files) {
        int images = 0;
        int likeCt = 0;
        for (FileFacts file : files) {
            VoxelFacts voxels = file.voxels();
            if (file.isImage() && voxels != null) {
                images++;
                likeCt += FileChecks.looksLikeCt(voxels) ? 1 : 0;
            }
        }
        return 2 * likeCt > images;
    }

    private static List<FileFacts> read(List<Listed> files, VolumeFormat format, int threads, Progress progress)
            throws InterruptedException, IOException {
        ExecutorService pool = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "voco-verify");
            thread.setDaemon(true);
            return thread;
        });
        try {
            ExecutorCompletionService<FileFacts> reading = new ExecutorCompletionService<>(pool);
            double bytes = 0;
            for (Listed file : files) {
                bytes += Files.size(file.file);
                reading.submit(() -> facts(file, format));
            }
            long began = System.nanoTime();
            double read = 0;
            List<FileFacts> facts = new ArrayList<>();
            for (int i = 1; i <= files.size(); i++) {
                FileFacts file = reading.take().get();
                facts.add(file);
                read += Files.size(file.listed().file);
                double seconds = (System.nanoTime() - began) * 1e-9;
                progress.read(i, files.size(), read == 0 ? 0 : seconds * (bytes - read) / read);
            }
            return facts;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // facts() catches what a file may cause
        } finally {
            pool.shutdownNow();
        }
    }

    private static FileFacts facts(Listed listed, VolumeFormat format) {
        VolumeHeader header = null;
        boolean cut = false;
        try {
            header = format.header(listed.file);
            cut = format.isCut(listed.file);
            VoxelFacts voxels = new VoxelFacts(header, listed.role == Role.LABEL);
            format.visit(listed.file, voxels);
            return new FileFacts(listed, header, cut, voxels, voxels.takeBlocks(), null);
        } catch (VolumeFormatException e) {
            return new FileFacts(listed, header, cut, null, null, e);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            VolumeFormatException fault =
                    new VolumeFormatException(listed.file, "a file that can be read", FileReason.why(e));
            return new FileFacts(listed, header, cut, null, null, fault);
        }
    }

    /** Everything that was found, errors first. */
    public List<Check> checks() {
        return checks;
    }

    /** How many findings are of a level. */
    public long count(Level level) {
        return checks.stream().filter(check -> check.level() == level).count();
    }

    /** What was read, in words: "14 images and 8 label maps". */
    public String read() {
        long images = files.stream().filter(FileFacts::isImage).count();
        return images
                + (images == 1 ? " image and " : " images and ")
                + (files.size() - images)
                + (files.size() - images == 1 ? " label map" : " label maps");
    }

    /**
     * For a JSON document: {@code files} with what each holds, {@code findings} with what is wrong with each,
     * {@code sharedContent} with pairs of files that are sound but share something, and how many there are of each level.
     */
    public Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        for (Level level : Level.values()) {
            document.put(level.name().toLowerCase(Locale.ROOT) + "s", count(level));
        }
        document.put("findings", documents(false));
        document.put("sharedContent", documents(true));
        document.put(
                "files",
                files.stream()
                        .map(file -> file.document(
                                pairs.image(file), patients == null ? null : patients.of(file.listed().file)))
                        .toList());
        return document;
    }

    private List<Map<String, Object>> documents(boolean pairs) {
        return checks.stream()
                .filter(check -> (check.other() != null) == pairs)
                .map(Check::document)
                .toList();
    }
}
