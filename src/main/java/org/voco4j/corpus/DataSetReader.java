package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.corpus.list.PatientList;
import org.voco4j.corpus.list.ScanList;

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
        Inventory found = Inventory.of(argument, intake.format, channels, given);
        found.remarks().forEach(remark -> intake.find(argument, Finding.Kind.NOTE, remark));
        found.findings().forEach(intake::find);
        for (Inventory.Item item : found.items()) {
            if (item.role() == Inventory.Role.LABEL) {
                intake.find(item.file(), Finding.Kind.LABEL_MAP, "left out as a label map: " + item.word());
            }
        }
        List<Path> missing = new ArrayList<>();
        int repeated = 0;
        int tests = 0;
        boolean folds = false;
        for (Inventory.Scan listed : found.scans()) {
            tests += listed.part() == ScanList.Part.TEST ? 1 : 0;
            Path absent = listed.missing();
            if (absent != null) {
                missing.add(absent);
                continue;
            }
            Case first =
                    intake.take(listed.images(), listed.below(), !found.listed(), listed.patient(), listed.stratum());
            Case scan = intake.caseOf(listed.file());
            if (scan == null) {
                continue;
            }
            folds |= listed.fold() != null;
            repeated += first == null ? 1 : 0;
            if (listed.part() == ScanList.Part.VALIDATION) {
                heldOut.add(scan.id()); // even if another list trains on it
            }
        }
        intake.missing(argument, missing, found.scans().size());
        if (repeated > 0 && found.listed()) {
            String message =
                    repeated + " of its scans were named before and count once; what any list holds out is held out";
            intake.find(argument, Finding.Kind.NOTE, message);
        }
        if (tests > 0 && found.listed()) {
            String message = "its " + tests + " test images are trained on as well (no labels are read)";
            intake.find(argument, Finding.Kind.NOTE, message);
        }
        if (folds) {
            intake.find(argument, Finding.Kind.NOTE, "its folds hold nothing out of pre-training");
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
