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
import org.voco4j.volume.format.Formats;

/** Collects the cases of a {@link LabelledSet}, one argument after the other. */
final class LabelledSetReader {
    private static final String LAYOUTS =
            "a Decathlon dataset.json whose training entries have an image and a label, a .csv with the columns image and"
                    + " label, a folder with imagesTr and labelsTr (NAME.nii.gz or NAME_0000.nii.gz with NAME.nii.gz) or"
                    + " images and labels, or a folder of scans with their label maps beside them (NAME_seg.nii.gz) or in"
                    + " labels/";

    /** Images and their label maps, below a data folder; the first pair that is there. */
    private static final List<List<String>> FOLDERS =
            List.of(List.of("imagesTr", "labelsTr"), List.of("images", "labels"), List.of("", "labels"));

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
        if (Files.isDirectory(argument)) {
            addFolder(argument);
        } else if (Files.exists(argument) && ScanList.named(argument)) {
            addList(argument);
        } else {
            throw new IOException(argument + ": expected " + LAYOUTS + "; found "
                    + (Files.exists(argument)
                            ? FolderScan.otherKind(argument)
                            : "nothing there" + FileReason.absence(argument)));
        }
    }

    private void addFolder(Path folder) throws IOException {
        Path list = folder.resolve("dataset.json");
        if (Files.exists(list)) {
            names.add(list, ScanList.json(list), intake);
        }
        for (List<String> pair : FOLDERS) {
            Path images = folder.resolve(pair.get(0));
            Path maps = folder.resolve(pair.get(1));
            if (Files.isDirectory(images) && Files.isDirectory(maps)) {
                addPairs(folder, images, maps);
                return;
            }
        }
        List<Path> maps = new ArrayList<>();
        List<Path> images = new ArrayList<>();
        for (Path file : intake.scan(folder)) {
            (LabelMaps.byName(file.getFileName()) == null ? images : maps).add(file);
        }
        if (maps.isEmpty() || images.isEmpty()) {
            throw new IOException(folder + ": expected " + LAYOUTS
                    + "; found neither imagesTr with labelsTr nor labels in it" + Finding.reason(intake.findings()));
        }
        addBeside(folder, images, maps);
    }

    /** Pairs the images and label maps of each folder. */
    private void addBeside(Path root, List<Path> images, List<Path> maps) throws IOException {
        Map<Path, FolderPairs> byFolder = new TreeMap<>();
        for (Path map : maps) {
            pairs(byFolder, map).addMap(name(map), map);
        }
        for (Path image : images) {
            pairs(byFolder, image).addImage(name(image), image);
        }
        for (FolderPairs pairs : byFolder.values()) {
            pairs.close(
                    "beside it",
                    (files, map) -> addPair(files, root.relativize(files.first()), map, false, null, null));
        }
    }

    private FolderPairs pairs(Map<Path, FolderPairs> byFolder, Path file) {
        return byFolder.computeIfAbsent(file.resolveSibling(""), f -> new FolderPairs(intake, null));
    }

    private static String name(Path file) {
        return Formats.plain(file.getFileName());
    }

    /** Pairs two folders by name. */
    private void addPairs(Path folder, Path images, Path maps) throws IOException {
        FolderPairs pairs = new FolderPairs(intake, maps);
        for (Path map : intake.scan(maps)) {
            pairs.addMap(Formats.plain(maps.relativize(map)), map);
        }
        int channels = ChannelGroups.named(folder);
        ChannelGroups groups = new ChannelGroups(channels);
        for (Path image : intake.scan(images)) {
            String name = Formats.plain(images.relativize(image));
            if (!image.startsWith(maps) // labels/ lies among the scans
                    && !(channels > 1 && groups.add(name, image))) {
                pairs.addImage(name, image);
            }
        }
        groups.close(intake, pairs::addScan);
        Map<String, String> ids = new TreeMap<>();
        pairs.close("in " + images.getFileName(), (files, map) -> {
            Case scan = addPair(files, folder.relativize(files.first()), map, false, null, null);
            if (scan != null) {
                ids.put(ChannelGroups.scan(Formats.plain(images.relativize(files.first()))), scan.id());
            }
        });
        folds.read(folder, ids, intake);
    }

    private void addList(Path file) throws IOException {
        ScanList list = ScanList.read(file);
        list.remarks().forEach(remark -> intake.find(file, Finding.Kind.NOTE, remark));
        Path folder = file.toAbsolutePath().resolveSibling("");
        if (list.entries().isEmpty() && Files.isDirectory(folder.resolve("imagesTr"))) {
            addFolder(folder); // nnU-Net's dataset.json lists no cases
            return;
        }
        names.add(file, list.about(), intake);
        List<Path> missing = new ArrayList<>();
        for (ScanList.Entry entry : list.entries()) {
            if (entry.part() == ScanList.Part.TEST) {
                continue;
            }
            CaseCollector.Listed image = CaseCollector.Listed.of(file, entry);
            Path absent = image.missing();
            CaseCollector.Listed map = entry.label() == null ? null : CaseCollector.Listed.of(file, entry.label());
            if (absent != null) {
                missing.add(absent);
            } else if (map == null) {
                intake.find(image.file(), Finding.Kind.NO_LABEL, "left out: no label is listed for it");
            } else if (map.missing() != null) {
                String message =
                        "left out: its label map " + map.file() + " does not exist" + FileReason.absence(map.file());
                intake.find(image.file(), Finding.Kind.NO_LABEL, message);
            } else {
                Case scan = addPair(
                        image.images(),
                        image.below(),
                        map.file(),
                        entry.part() == ScanList.Part.VALIDATION,
                        entry.patient(),
                        entry.stratum());
                if (scan != null && entry.fold() != null) {
                    folds.add(file, entry.fold(), scan.id());
                }
            }
        }
        intake.missing(file, missing, list.entries().size() - (int) list.tests());
        if (list.tests() > 0) {
            intake.find(file, Finding.Kind.NOTE, "its " + list.tests() + " test images are left alone");
        }
    }

    private @Nullable Case addPair(
            ImageFiles images, Path below, Path map, boolean held, @Nullable String patient, @Nullable String stratum)
            throws IOException {
        Case taken = intake.isLabelMap(map) ? intake.take(images, below, false, patient, stratum) : null;
        if (taken != null) {
            labels.put(taken.id(), map);
        }
        Case scan = intake.caseOf(images.first());
        if (scan != null && held) {
            heldOut.add(scan.id()); // even if another list trains on it
        }
        return scan;
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
