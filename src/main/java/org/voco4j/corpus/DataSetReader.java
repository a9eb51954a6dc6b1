package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.corpus.list.PatientList;
import org.voco4j.corpus.list.ScanList;
import org.voco4j.file.FileReason;
import org.voco4j.volume.format.Formats;

/** Collects the cases of a {@link DataSet}, one argument after the other. */
final class DataSetReader {
    private final int channels; // of every scan, where nothing else says it
    private final boolean given;
    private final CaseCollector intake;
    private final Set<String> heldOut = new HashSet<>();

    /** Reads data sets; of scans that are given for themselves a name alone leaves none out. */
    DataSetReader(@Nullable PatientList patients, int channels, int dims, boolean given) {
        this.channels = channels;
        this.given = given;
        intake = new CaseCollector(patients, dims, given);
    }

    void add(Path argument) throws IOException {
        intake.begin(argument);
        if (Files.isDirectory(argument)) {
            addFolder(argument);
        } else if (!Files.exists(argument)) {
            throw new IOException(argument + ": expected a folder or a .json or .csv list of scans, found nothing there"
                    + FileReason.absence(argument));
        } else if (ScanList.named(argument)) {
            addList(argument);
        } else if (intake.format.reads(argument)) {
            addFile(argument);
        } else {
            throw new IOException(argument
                    + ": expected a folder, a .json or .csv list of scans or a file of " + intake.format.name()
                    + ", found " + FolderScan.otherKind(argument));
        }
    }

    private void addFolder(Path folder) throws IOException {
        int named = Math.max(channels, ChannelGroups.named(folder));
        ChannelGroups groups = new ChannelGroups(named);
        for (Path file : intake.scan(folder)) {
            Path below = folder.relativize(file);
            String label = given ? null : LabelMaps.byName(below);
            if (label != null) {
                intake.find(file, Finding.Kind.LABEL_MAP, "left out as a label map: " + label);
            } else if (given && isOfTheSet(folder, below, file)) {
                intake.find(file, Finding.Kind.NOTE, "left out: a label map of the data set around it");
            } else if (named == 1 || !groups.add(Formats.plain(below), file)) {
                intake.take(new ImageFiles(List.of(file), channels), below, true, null, null);
            }
        }
        groups.close(
                intake, (name, images) -> intake.take(images, folder.relativize(images.first()), true, null, null));
    }

    /** Label maps that lie where a data set has its own are known without a doubt, and nobody wants them segmented. */
    private boolean isOfTheSet(Path folder, Path below, Path file) {
        try {
            return LabelMaps.byLayout(folder, below, intake.format) && LabelMaps.byContent(file, intake.format) != null;
        } catch (IOException e) {
            return false; // it is tried as a scan, and named
        }
    }

    private void addFile(Path file) throws IOException {
        List<Path> files = channels == 1 ? List.of(file) : ChannelGroups.beside(file, channels);
        for (Path channel : files) {
            if (!Files.exists(channel)) {
                throw new IOException(
                        file + ": of the " + channels + " channels of this scan " + channel + " is missing");
            }
        }
        intake.take(new ImageFiles(files, channels), files.get(0).getFileName(), true, null, null);
    }

    private void addList(Path file) throws IOException {
        ScanList list = ScanList.read(file);
        list.remarks().forEach(remark -> intake.find(file, Finding.Kind.NOTE, remark));
        Path folder = file.toAbsolutePath().resolveSibling("");
        if (list.entries().isEmpty() && list.about().has("channel_names")) {
            addFolder(folder); // nnU-Net's dataset.json lists no cases
            return;
        }
        if (list.entries().isEmpty()) {
            throw new IOException(file + ": expected images under training, validation or test, found none");
        }
        List<Path> missing = new ArrayList<>();
        int repeated = 0;
        boolean folds = false;
        for (ScanList.Entry entry : list.entries()) {
            CaseCollector.Listed image = CaseCollector.Listed.of(file, entry);
            Path absent = image.missing();
            if (absent != null) {
                missing.add(absent);
                continue;
            }
            Case first = intake.take(image.images(), image.below(), false, entry.patient(), entry.stratum());
            Case scan = intake.caseOf(image.file());
            if (scan == null) {
                continue;
            }
            folds |= entry.fold() != null;
            repeated += first == null ? 1 : 0;
            if (entry.part() == ScanList.Part.VALIDATION) {
                heldOut.add(scan.id()); // even if another list trains on it
            }
        }
        if (repeated > 0) {
            String message = repeated
                    + " of its scans were named before and count once; what any list holds out is held" + " out";
            intake.find(file, Finding.Kind.NOTE, message);
        }
        intake.missing(file, missing, list.entries().size());
        if (list.tests() > 0) {
            String message = "its " + list.tests() + " test images are trained on as well (no labels are read)";
            intake.find(file, Finding.Kind.NOTE, message);
        }
        if (folds) {
            intake.find(file, Finding.Kind.NOTE, "its folds hold nothing out of pre-training");
        }
    }

    DataSet finish() throws IOException {
        List<Case> cases = intake.cases();
        DataDigest digest = new DataDigest();
        for (Case scan : cases) {
            digest.word(scan.id());
            digest.word(scan.patient());
            for (Path file : scan.images().files()) {
                digest.file(file);
            }
        }
        return new DataSet(cases, heldOut, intake.findings(), intake.grouped(), intake.strata(), digest.hex());
    }
}
