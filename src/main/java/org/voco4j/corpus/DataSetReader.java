package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the cases of a {@link DataSet}, one argument after the other. */
final class DataSetReader {
    private final Intake intake;
    private final Set<String> heldOut = new HashSet<>();

    DataSetReader(@Nullable PatientList patients) {
        intake = new Intake(patients);
    }

    void add(Path argument) throws IOException {
        if (Files.isDirectory(argument)) {
            addFolder(argument);
        } else if (!Files.exists(argument)) {
            throw new IOException(argument + ": expected a folder or a .json list of scans, found nothing there");
        } else if (argument.toString().toLowerCase(Locale.ROOT).endsWith(".json")) {
            addList(argument);
        } else if (intake.format.reads(argument)) {
            intake.take(argument, argument.getFileName(), true);
        } else {
            throw new IOException(argument
                    + ": expected a folder, a .json list of scans or a NIfTI file, found another kind of file");
        }
    }

    private void addFolder(Path folder) throws IOException {
        for (Path file : intake.scan(folder)) {
            Path below = folder.relativize(file);
            String named = LabelMaps.byName(below);
            if (named != null) {
                intake.find(file, Finding.Kind.LABEL_MAP, "left out as a label map: " + named);
            } else {
                intake.take(file, below, true);
            }
        }
    }

    private void addList(Path list) throws IOException {
        Decathlon entries = Decathlon.read(list);
        if (entries.entries().isEmpty()) {
            throw new IOException(list + ": expected images under training, validation or test, found none");
        }
        List<Path> missing = new ArrayList<>();
        int repeated = 0;
        for (Decathlon.Entry entry : entries.entries()) {
            Intake.Listed image = Intake.Listed.of(list, entry.image());
            if (!image.exists()) {
                missing.add(image.file());
                continue;
            }
            boolean first = intake.take(image.file(), image.below(), false) != null;
            Case scan = intake.caseOf(image.file());
            if (scan == null) {
                continue;
            }
            repeated += first ? 0 : 1;
            if (entry.part() == Decathlon.Part.VALIDATION) {
                heldOut.add(scan.id()); // even if another list trains on it
            }
        }
        if (repeated > 0) {
            String message = repeated
                    + " of its scans were named before and count once; what any list holds out is held" + " out";
            intake.find(list, Finding.Kind.NOTE, message);
        }
        intake.missing(list, missing, entries.entries().size());
        if (entries.tests() > 0) {
            String message = "its " + entries.tests() + " test images are trained on as well (no labels are read)";
            intake.find(list, Finding.Kind.NOTE, message);
        }
    }

    DataSet finish() throws IOException {
        List<Case> cases = intake.cases();
        DataDigest digest = new DataDigest();
        for (Case scan : cases) {
            digest.word(scan.id());
            digest.word(scan.patient());
            digest.file(scan.file());
        }
        return new DataSet(cases, heldOut, intake.findings(), intake.grouped(), digest.hex());
    }
}
