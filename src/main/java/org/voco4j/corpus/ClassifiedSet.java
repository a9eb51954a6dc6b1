package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.list.PatientList;

/**
 * Scans with the classes that tables say they are of, with everything that was noticed about the files around them.
 *
 * <p>Opening reads headers only.
 *
 * @param cases the scans, by id
 * @param classes the names of the classes, in their order
 * @param exclusive whether a scan is of exactly one class; otherwise of any number
 * @param truth id → names of the classes that the scan is of
 * @param declaredHeldOut the ids that a table declares as held out; empty if none does
 * @param folds the ids held out in each fold that the tables declare; empty if they declare none
 * @param strata id → what the scan counts as in a stratified split: what its table says, or its class, the rarest of several
 * @param findings what was left out and why, and what else the user should know
 * @param grouped whether patients come from a table; otherwise every scan counts as a patient of its own
 * @param digest SHA-256 over the classes and each case's id, patient, classes, file sizes and first bytes
 */
public record ClassifiedSet(
        List<Case> cases,
        List<String> classes,
        boolean exclusive,
        Map<String, Set<String>> truth,
        Set<String> declaredHeldOut,
        List<Set<String>> folds,
        Map<String, String> strata,
        List<Finding> findings,
        boolean grouped,
        String digest) {

    /** Copies the collections. */
    public ClassifiedSet {
        cases = List.copyOf(cases);
        classes = List.copyOf(classes);
        truth = Map.copyOf(truth);
        declaredHeldOut = Set.copyOf(declaredHeldOut);
        folds = List.copyOf(folds);
        strata = Map.copyOf(strata);
        findings = List.copyOf(findings);
    }

    /**
     * Finds classified scans in tables: {@code .csv} with a column {@code class}, or one of 0 and 1 per label, those of
     * CC-CCII, and {@code Data_Entry_2017.csv} of NIH ChestX-ray14. Paths are relative to the table or absolute;
     * {@code val} is held out, {@code test} is left alone.
     *
     * @param data tables; of all of them scans have one class each, or all have any number
     * @param groups a CSV with the columns file_or_folder and patient, paths relative to it; null if tables say it, or every
     *     scan is of another patient
     * @param wanted the names of the classes in their order; empty for those of the tables, by number or name
     * @param dims of the scans: 3, or 2 for images of one slice
     * @throws IOException if an argument is no such table, there is no scan, a scan has two classes, or one that is not
     *     wanted; a damaged or missing file is a finding
     */
    public static ClassifiedSet open(List<Path> data, @Nullable Path groups, List<String> wanted, int dims)
            throws IOException {
        ClassifiedSetReader reader =
                new ClassifiedSetReader(groups == null ? null : PatientList.read(groups), wanted, dims);
        for (Path argument : data) {
            reader.add(argument);
        }
        return reader.finish();
    }
}
