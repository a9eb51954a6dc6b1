package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.corpus.list.ClassTable;
import org.voco4j.corpus.list.PatientList;
import org.voco4j.corpus.list.ScanList;

/** Collects the cases of a {@link ClassifiedSet}, one table after the other. */
final class ClassifiedSetReader {
    private final CaseCollector intake;
    private final List<String> wanted;
    private final List<Path> arguments = new ArrayList<>();
    private final Map<String, Integer> ranks = new TreeMap<>();
    private final Map<String, Set<String>> truth = new TreeMap<>(); // by case id
    private final Set<String> stratified = new HashSet<>(); // ids whose stratum a table names
    private final Set<String> heldOut = new HashSet<>();
    private final Folds folds = new Folds();
    private @Nullable Boolean exclusive; // what the tables so far are

    ClassifiedSetReader(@Nullable PatientList patients, List<String> wanted, int dims) {
        this.intake = new CaseCollector(patients, dims);
        this.wanted = wanted;
    }

    void add(Path argument) throws IOException {
        arguments.add(argument);
        if (!Files.isRegularFile(argument)
                || !argument.toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
            throw new IOException(argument + ": expected a .csv with the columns image and class, or image and one of 0"
                    + " and 1 per label, a table of CC-CCII, or Data_Entry_2017.csv of ChestX-ray14; found "
                    + (Files.exists(argument) ? "no such file" : "nothing there"));
        }
        intake.begin(argument);
        ClassTable table = ClassTable.read(argument, wanted);
        if (exclusive != null && exclusive != table.exclusive()) {
            throw new IOException(
                    argument + ": expected a table like " + arguments.get(0) + ", found one where scans have "
                            + (table.exclusive() ? "one class each" : "any number of labels"));
        }
        exclusive = table.exclusive();
        table.ranks().forEach(ranks::putIfAbsent);
        List<Path> missing = new ArrayList<>();
        int tests = 0;
        for (ClassTable.Item item : table.items()) {
            if (item.entry().part() == ScanList.Part.TEST) {
                tests++;
            } else {
                add(argument, item, missing);
            }
        }
        intake.missing(argument, missing, table.items().size() - tests);
        if (tests > 0) {
            intake.find(argument, Finding.Kind.NOTE, "its " + tests + " test images are left alone");
        }
    }

    private void add(Path table, ClassTable.Item item, List<Path> missing) throws IOException {
        ScanList.Entry entry = item.entry();
        Inventory.Scan image = Inventory.Scan.of(table, entry);
        Path absent = image.missing();
        if (absent != null) {
            missing.add(absent);
            return;
        }
        intake.take(image.images(), image.below(), false, entry.patient(), entry.stratum());
        Case scan = intake.caseOf(image.file());
        if (scan == null) {
            return;
        }
        Set<String> before = truth.putIfAbsent(scan.id(), item.classes());
        if (before != null && !before.equals(item.classes())) {
            throw new IOException(table + ": expected " + entry.image() + " to be " + words(before)
                    + " as it is where it was named first, found " + words(item.classes()));
        }
        if (entry.stratum() != null) {
            stratified.add(scan.id());
        }
        if (entry.part() == ScanList.Part.VALIDATION) {
            heldOut.add(scan.id()); // even if another table trains on it
        }
        if (entry.fold() != null) {
            folds.add(table, entry.fold(), scan.id());
        }
    }

    private static String words(Set<String> classes) {
        return classes.isEmpty() ? "without labels" : String.join(", ", new TreeSet<>(classes));
    }

    ClassifiedSet finish() throws IOException {
        List<String> classes = wanted;
        if (wanted.isEmpty()) {
            classes = ranks.keySet().stream()
                    .sorted(Comparator.comparing((String name) -> ranks.getOrDefault(name, 0))
                            .thenComparing(name -> name))
                    .toList();
        }
        boolean single = Boolean.TRUE.equals(exclusive);
        requireWanted(single);
        List<Case> cases = intake.cases();
        List<Finding> findings = intake.findings();
        if (cases.isEmpty()) {
            String why = findings.isEmpty()
                    ? ""
                    : ": " + findings.get(0).path() + ": " + findings.get(0).message();
            throw new IOException("no scan in "
                    + String.join(", ", arguments.stream().map(Path::toString).toList()) + " can be used" + why);
        }
        DataDigest digest = new DataDigest();
        digest.word(single + " " + classes);
        for (Case scan : cases) {
            digest.word(scan.id());
            digest.word(scan.patient());
            digest.word(words(truth.getOrDefault(scan.id(), Set.of())));
            for (Path file : scan.images().files()) {
                digest.file(file);
            }
        }
        return new ClassifiedSet(
                cases,
                classes,
                single,
                truth,
                heldOut,
                folds.heldOut(),
                strata(),
                findings,
                intake.grouped(),
                digest.hex());
    }

    /** Every class must be wanted; of labels, those that are wanted must be there, and others may be. */
    private void requireWanted(boolean single) throws IOException {
        if (wanted.isEmpty()) {
            return;
        }
        if (single && !wanted.containsAll(ranks.keySet())) {
            throw new IOException(arguments.get(0) + ": expected the classes " + String.join(", ", wanted)
                    + " that the recipe names, found " + String.join(", ", ranks.keySet()));
        }
        for (String name : wanted) {
            if (!single && !ranks.containsKey(name)) {
                throw new IOException(arguments.get(0) + ": the recipe names the label " + name
                        + ", and no scan of it has " + name + "; there are " + String.join(", ", ranks.keySet()));
            }
        }
    }

    /** What tables say, else the class; of several the one that the fewest scans have. */
    private Map<String, String> strata() {
        Map<String, Integer> counts = new TreeMap<>();
        truth.values().forEach(own -> own.forEach(name -> counts.merge(name, 1, Integer::sum)));
        Map<String, String> strata = new TreeMap<>(intake.strata());
        truth.forEach((id, own) -> {
            if (!stratified.contains(id)) {
                strata.put(
                        id,
                        own.stream()
                                .min(Comparator.comparing((String name) -> counts.getOrDefault(name, 0))
                                        .thenComparing(name -> name))
                                .orElse(""));
            }
        });
        return strata;
    }
}
