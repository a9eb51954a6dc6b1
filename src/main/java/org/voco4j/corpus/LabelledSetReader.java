package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.corpus.list.PatientList;
import org.voco4j.corpus.list.ScanList;
import org.voco4j.file.FileReason;

/** Collects the cases of a {@link LabelledSet}, one argument after the other. */
final class LabelledSetReader {
    private static final String LAYOUTS =
            "a Decathlon dataset.json whose training entries have an image and a label, a .csv with the columns image and"
                    + " label, a folder with imagesTr and labelsTr (NAME.nii.gz or NAME_0000.nii.gz with NAME.nii.gz) or"
                    + " images and labels, or a folder of scans with their label maps beside them (NAME_seg.nii.gz) or in"
                    + " labels/";

    private final CaseCollector intake;
    private final List<Path> arguments = new ArrayList<>();
    private final Map<String, Path> labels = new TreeMap<>(); // by case id
    private final Set<String> heldOut = new HashSet<>();
    private final Folds folds = new Folds();
    private final LabelNames names = new LabelNames();

    LabelledSetReader(@Nullable PatientList patients, int dims) {
        intake = new CaseCollector(patients, dims);
    }

    void add(Path argument) throws IOException {
        arguments.add(argument);
        intake.begin(argument);
        if (!Files.isDirectory(argument) && !(Files.exists(argument) && ScanList.named(argument))) {
            throw new IOException(argument + ": expected " + LAYOUTS + "; found "
                    + (Files.exists(argument)
                            ? FolderScan.otherKind(argument)
                            : "nothing there" + FileReason.absence(argument)));
        }
        Inventory found = Inventory.of(argument, intake.format);
        found.remarks().forEach(remark -> intake.find(argument, Finding.Kind.NOTE, remark));
        if (!found.listed() && !found.isLabelled()) {
            throw new IOException(argument + ": expected " + LAYOUTS
                    + "; found neither imagesTr with labelsTr nor labels in it" + Finding.reason(found.findings()));
        }
        found.labelFindings().forEach(intake::find);
        if (found.about() != null) {
            names.add(found.about(), found.json(), intake::find);
        }
        List<Path> missing = new ArrayList<>();
        int tests = 0;
        for (Inventory.Scan scan : found.scans()) {
            if (scan.part() == ScanList.Part.TEST) {
                tests++;
                continue;
            }
            Path absent = scan.missing();
            if (absent != null) {
                missing.add(absent);
            } else if (scan.label() != null) {
                add(argument, scan, scan.label());
            } else if (found.listed()) {
                intake.find(scan.file(), Finding.Kind.NO_LABEL, "left out: no label is listed for it");
            }
        }
        intake.missing(argument, missing, found.scans().size() - tests);
        if (tests > 0 && found.listed()) {
            intake.find(argument, Finding.Kind.NOTE, "its " + tests + " test images are left alone");
        }
        Map<String, String> ids = new TreeMap<>();
        for (Map.Entry<String, Inventory.Scan> scan : found.byName().entrySet()) {
            Case taken = intake.caseOf(scan.getValue().file());
            if (taken != null) {
                ids.put(scan.getKey(), taken.id());
            }
        }
        if (found.pairs() != null) {
            folds.read(found.root(), ids, intake::find);
        }
    }

    private void add(Path list, Inventory.Scan scan, Path label) throws IOException {
        if (!Files.exists(label)) {
            String message = "left out: its label map " + label + " does not exist" + FileReason.absence(label);
            intake.find(scan.file(), Finding.Kind.NO_LABEL, message);
            return;
        }
        Case taken = intake.isLabelMap(label)
                ? intake.take(scan.images(), scan.below(), false, scan.patient(), scan.stratum())
                : null;
        if (taken != null) {
            labels.put(taken.id(), label);
        }
        Case known = intake.caseOf(scan.file());
        if (known != null && scan.part() == ScanList.Part.VALIDATION) {
            heldOut.add(known.id()); // even if another list trains on it
        }
        if (known != null && scan.fold() != null) {
            folds.add(list, scan.fold(), known.id());
        }
    }

    LabelledSet finish() throws IOException {
        List<LabelledCase> cases = new ArrayList<>();
        DataDigest digest = new DataDigest();
        digest.word(names.toString());
        for (Case scan : intake.cases()) {
            Path map = labels.get(scan.id());
            if (map != null) {
                cases.add(new LabelledCase(scan.id(), scan.images(), map, scan.patient()));
                digest.word(scan.id());
                digest.word(scan.patient());
                for (Path file : scan.images().files()) {
                    digest.file(file);
                }
                digest.file(map);
            }
        }
        List<Finding> findings = intake.findings();
        if (cases.isEmpty()) {
            throw new IOException("no labelled scan in "
                    + String.join(", ", arguments.stream().map(Path::toString).toList()) + ": expected " + LAYOUTS
                    + Finding.reason(findings));
        }
        return new LabelledSet(
                cases,
                names.byValue(),
                names.regions(),
                heldOut,
                folds.heldOut(),
                intake.strata(),
                findings,
                intake.grouped(),
                digest.hex());
    }
}
