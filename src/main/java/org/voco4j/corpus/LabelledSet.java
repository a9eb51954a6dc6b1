package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.list.PatientList;

/**
 * The labelled scans that were named on the command line, with everything that was noticed about the files around them.
 *
 * <p>Opening reads headers only.
 *
 * @param cases the scans with their label maps, by id
 * @param labels raw label value → name, as the data's {@code dataset.json} has it, the background included; empty if
 *     there is none
 * @param regions the overlapping regions that the data's {@code dataset.json} has instead of classes; null if it has none
 * @param declaredHeldOut the ids that a list declares as held out; empty if none does
 * @param folds the ids held out in each fold that the data declare; empty if they declare none
 * @param strata id → what the scan counts as in a stratified split: its data set, or what its list says
 * @param findings what was left out and why, and what else the user should know
 * @param grouped whether patients come from a list; otherwise every scan counts as a patient of its own
 * @param digest SHA-256 over the labels' names and each case's id, patient, file sizes and first bytes
 */
public record LabelledSet(
        List<LabelledCase> cases,
        SortedMap<Integer, String> labels,
        @Nullable Regions regions,
        Set<String> declaredHeldOut,
        List<Set<String>> folds,
        Map<String, String> strata,
        List<Finding> findings,
        boolean grouped,
        String digest) {

    /** Copies the collections. */
    public LabelledSet {
        cases = List.copyOf(cases);
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        declaredHeldOut = Set.copyOf(declaredHeldOut);
        folds = List.copyOf(folds);
        strata = Map.copyOf(strata);
        findings = List.copyOf(findings);
    }

    /**
     * Finds labelled scans in lists and folders.
     *
     * <p>Lists are Decathlon {@code .json} ({@code validation} is held out, {@code test} is left alone) and {@code .csv}
     * tables; paths are relative to the list or absolute. Folders are {@code imagesTr} with {@code labelsTr},
     * {@code images} with {@code labels}, scans with a folder {@code labels}, or label maps beside their scans, paired by
     * names that are equal, {@code NAME_0000} and {@code NAME}, or equal but for words such as image and label. Of a
     * folder's {@code dataset.json} the labels' names, regions and channels are read, of its {@code splits_final.json} the
     * folds.
     *
     * @param data lists and folders, in any mixture
     * @param groups a CSV with the columns file_or_folder and patient, paths relative to it, read for the images; null
     *     if every scan is of another patient
     * @throws IOException if an argument is none of these, nothing is labelled, or two arguments give one label value
     *     different names; a damaged or missing file is a finding
     */
    public static LabelledSet open(List<Path> data, @Nullable Path groups) throws IOException {
        return open(data, groups, 3);
    }

    /**
     * Finds scans of so many axes: 3, or 2 for images of one slice, pictures among them.
     *
     * @throws IOException as {@link #open(List, Path)}
     */
    public static LabelledSet open(List<Path> data, @Nullable Path groups, int dims) throws IOException {
        PatientList patients = groups == null ? null : PatientList.read(groups);
        LabelledSetReader reader = new LabelledSetReader(patients, dims);
        for (Path argument : data) {
            reader.add(argument);
        }
        return reader.finish();
    }
}
