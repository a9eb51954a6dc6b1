package org.voco4j.corpus.list;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * NIH ChestX-ray14 as it is handed out: {@code Data_Entry_2017.csv}, and its images beside it, in {@code images*} or in
 * {@code images*}/{@code images}.
 *
 * <p>What {@code test_list.txt} beside it names, and what {@code train_val_list.txt} leaves out, is of the test part.
 */
final class ChestXray14 {
    private static final String IMAGE = "Image Index";
    private static final String FINDINGS = "Finding Labels";
    private static final String PATIENT = "Patient ID";
    private static final String NOTHING = "No Finding";

    private ChestXray14() {}

    static boolean isIn(CsvTable table) {
        return table.has(IMAGE) && table.has(FINDINGS) && table.has(PATIENT);
    }

    /** The images, in the order of the rows. */
    static List<ScanList.Entry> entries(CsvTable table) throws IOException {
        Path folder = table.file().toAbsolutePath().resolveSibling("");
        Map<String, String> places = places(folder);
        Set<String> kept = names(folder.resolve("train_val_list.txt"));
        Set<String> tests = names(folder.resolve("test_list.txt"));
        List<ScanList.Entry> entries = new ArrayList<>();
        for (CsvTable.Row row : table.rows()) {
            String image = table.value(row, IMAGE);
            String patient = table.value(row, PATIENT);
            if (image.isEmpty() || patient.isEmpty()) {
                throw table.wrong(row, image.isEmpty() ? IMAGE : PATIENT, "a name");
            }
            boolean test = tests.contains(image) || (!kept.isEmpty() && !kept.contains(image));
            entries.add(new ScanList.Entry(
                    List.of(places.getOrDefault(image, image)),
                    1,
                    null,
                    test ? ScanList.Part.TEST : ScanList.Part.TRAINING,
                    null,
                    "ChestX-ray14 " + patient,
                    null));
        }
        return entries;
    }

    /** What was found in an image: none, one or several labels. */
    static Set<String> findings(CsvTable table, CsvTable.Row row) throws IOException {
        Set<String> findings = new LinkedHashSet<>();
        for (String name : table.value(row, FINDINGS).split("\\|", -1)) {
            if (name.isBlank()) {
                throw table.wrong(row, FINDINGS, "labels separated by |, or " + NOTHING);
            }
            findings.add(name.strip());
        }
        findings.remove(NOTHING);
        return findings;
    }

    /** Name of an image → its path below the folder. */
    private static Map<String, String> places(Path folder) throws IOException {
        Map<String, String> places = new HashMap<>();
        for (Path parts : folders(folder)) {
            Path inner = parts.resolve("images");
            for (Path each : Files.isDirectory(inner) ? List.of(parts, inner) : List.of(parts)) {
                try (Stream<Path> files = Files.list(each)) {
                    files.forEach(file -> places.putIfAbsent(
                            String.valueOf(file.getFileName()),
                            folder.relativize(file).toString()));
                }
            }
        }
        return places;
    }

    private static List<Path> folders(Path folder) throws IOException {
        List<Path> folders = new ArrayList<>(List.of(folder));
        try (Stream<Path> below = Files.list(folder)) {
            below.filter(Files::isDirectory)
                    .filter(each -> String.valueOf(each.getFileName()).startsWith("images"))
                    .sorted()
                    .forEach(folders::add);
        }
        return folders;
    }

    private static Set<String> names(Path list) throws IOException {
        Set<String> names = new HashSet<>();
        if (Files.exists(list)) {
            for (String line : Files.readAllLines(list)) {
                names.add(line.strip());
            }
            names.remove("");
        }
        return names;
    }
}
