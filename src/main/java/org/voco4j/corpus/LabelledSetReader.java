package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects the cases of a {@link LabelledSet}, one argument after the other. */
final class LabelledSetReader {
    private static final String LAYOUTS =
            "a Decathlon dataset.json whose training entries have an image and a label, a folder with imagesTr and"
                    + " labelsTr (NAME.nii.gz or NAME_0000.nii.gz with NAME.nii.gz), or a folder of scans with their"
                    + " label maps in labels/ under the same names";

    private final Intake intake;
    private final List<Path> arguments = new ArrayList<>();
    private final Map<String, Path> labels = new TreeMap<>(); // by case id
    private final Set<String> heldOut = new HashSet<>();
    private final LabelNames names = new LabelNames();

    LabelledSetReader(@Nullable PatientList patients) {
        intake = new Intake(patients);
    }

    void add(Path argument) throws IOException {
        arguments.add(argument);
        if (Files.isDirectory(argument)) {
            addFolder(argument);
        } else if (Files.exists(argument)
                && argument.toString().toLowerCase(Locale.ROOT).endsWith(".json")) {
            addList(argument);
        } else {
            throw new IOException(argument + ": expected " + LAYOUTS + "; found "
                    + (Files.exists(argument) ? "another kind of file" : "nothing there"));
        }
    }

    private void addFolder(Path folder) throws IOException {
        Path list = folder.resolve("dataset.json");
        if (Files.exists(list)) {
            names.add(list, Decathlon.read(list).names(), intake);
        }
        Path images = folder.resolve("imagesTr");
        Path maps = folder.resolve("labelsTr");
        if (Files.isDirectory(images) && Files.isDirectory(maps)) {
            addPairs(folder, images, maps);
        } else if (Files.isDirectory(folder.resolve("labels"))) {
            addPairs(folder, folder, folder.resolve("labels"));
        } else {
            throw new IOException(
                    folder + ": expected " + LAYOUTS + "; found neither imagesTr with labelsTr nor labels in it");
        }
    }

    /** Pairs two folders by name. */
    private void addPairs(Path folder, Path images, Path maps) throws IOException {
        Map<String, Path> unpaired = new TreeMap<>();
        for (Path map : intake.scan(maps)) {
            unpaired.put(Intake.plain(maps.relativize(map)), map);
        }
        Map<String, Path> byName = Map.copyOf(unpaired);
        for (Path image : intake.scan(images)) {
            if (image.startsWith(maps)) {
                continue; // labels/ lies among the scans
            }
            String name = Intake.plain(images.relativize(image));
            String base = name.replaceFirst("_\\d{4}$", "");
            String first = byName.containsKey(name) || !name.endsWith("_0000") ? name : base;
            Path map = byName.get(first);
            if (map != null) {
                unpaired.remove(first);
                addPair(image, folder.relativize(image), map, false);
            } else if (byName.containsKey(base)) {
                String message = "left out: a further channel of " + base + ", and only _0000 is read";
                intake.find(image, Finding.Kind.NOTE, message);
            } else {
                String message = "left out: no label map of this name lies in " + maps.getFileName();
                intake.find(image, Finding.Kind.NO_LABEL, message);
            }
        }
        unpaired.forEach((name, map) -> intake.find(
                map, Finding.Kind.NO_IMAGE, "left out: no image of this name lies in " + images.getFileName()));
    }

    private void addList(Path file) throws IOException {
        Decathlon list = Decathlon.read(file);
        Path folder = file.toAbsolutePath().resolveSibling("");
        if (list.entries().isEmpty() && Files.isDirectory(folder.resolve("imagesTr"))) {
            addFolder(folder); // nnU-Net's dataset.json lists no cases
            return;
        }
        names.add(file, list.names(), intake);
        List<Path> missing = new ArrayList<>();
        for (Decathlon.Entry entry : list.entries()) {
            if (entry.part() == Decathlon.Part.TEST) {
                continue;
            }
            Intake.Listed image = Intake.Listed.of(file, entry.image());
            Intake.Listed map = entry.label() == null ? null : Intake.Listed.of(file, entry.label());
            if (!image.exists()) {
                missing.add(image.file());
            } else if (map == null) {
                intake.find(image.file(), Finding.Kind.NO_LABEL, "left out: no label is listed for it");
            } else if (!map.exists()) {
                String message = "left out: its label map " + map.file() + " does not exist";
                intake.find(image.file(), Finding.Kind.NO_LABEL, message);
            } else {
                addPair(image.file(), image.below(), map.file(), entry.part() == Decathlon.Part.VALIDATION);
            }
        }
        intake.missing(file, missing, list.entries().size() - (int) list.tests());
        if (list.tests() > 0) {
            intake.find(file, Finding.Kind.NOTE, "its " + list.tests() + " test images are left alone");
        }
    }

    private void addPair(Path image, Path below, Path map, boolean held) throws IOException {
        Case taken = intake.isLabelMap(map) ? intake.take(image, below, false) : null;
        if (taken != null) {
            labels.put(taken.id(), map);
        }
        Case scan = intake.caseOf(image);
        if (scan != null && held) {
            heldOut.add(scan.id()); // even if another list trains on it
        }
    }

    LabelledSet finish() throws IOException {
        List<LabelledCase> cases = new ArrayList<>();
        DataDigest digest = new DataDigest();
        digest.word(names.toString());
        for (Case scan : intake.cases()) {
            Path map = labels.get(scan.id());
            if (map != null) {
                cases.add(new LabelledCase(scan.id(), scan.file(), map, scan.patient()));
                digest.word(scan.id());
                digest.word(scan.patient());
                digest.file(scan.file());
                digest.file(map);
            }
        }
        List<Finding> findings = intake.findings();
        if (cases.isEmpty()) {
            String why = findings.isEmpty()
                    ? ""
                    : "; " + findings.get(0).path() + ": " + findings.get(0).message();
            throw new IOException("no labelled scan in "
                    + String.join(", ", arguments.stream().map(Path::toString).toList()) + ": expected " + LAYOUTS
                    + why);
        }
        return new LabelledSet(cases, names.byValue(), heldOut, findings, intake.grouped(), digest.hex());
    }
}
