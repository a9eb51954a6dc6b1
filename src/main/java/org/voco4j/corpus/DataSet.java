package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.list.PatientList;

/**
 * The scans that were named on the command line, with everything that was noticed about the files around them.
 *
 * <p>Opening reads headers, and of each file as many slices as it takes to tell a scan from a label map; nothing is
 * preprocessed. Cases are in order of their id.
 */
public final class DataSet {
    private final List<Case> cases;
    private final Set<String> declaredHeldOut;
    private final List<Finding> findings;
    private final boolean grouped;
    private final Map<String, String> strata;
    private final String digest;

    DataSet(
            List<Case> cases,
            Set<String> heldOut,
            List<Finding> findings,
            boolean grouped,
            Map<String, String> strata,
            String digest) {
        this.cases = List.copyOf(cases);
        this.declaredHeldOut = Set.copyOf(heldOut);
        this.findings = List.copyOf(findings);
        this.grouped = grouped;
        this.strata = Map.copyOf(strata);
        this.digest = digest;
    }

    /**
     * Finds the scans in folders (searched recursively, hidden files left out), lists or single files. Lists are Decathlon
     * {@code .json} ({@code validation} is held out, {@code training} and {@code test} are trained on), nnssl
     * {@code pretrain_data.json} and {@code .csv} tables; paths are relative to the list. In an nnU-Net folder the files
     * {@code NAME_0000}, {@code NAME_0001}, … are the channels that its {@code dataset.json} names. A file that is named
     * several times counts once, and is held out if any list says so.
     *
     * @param data folders, lists or files, in any mixture
     * @param groups a CSV with the columns file_or_folder and patient, paths relative to it; null if every scan is of
     *     another patient
     * @throws IOException if an argument does not exist or a list cannot be understood; a damaged scan is a finding
     */
    public static DataSet open(List<Path> data, @Nullable Path groups) throws IOException {
        return open(data, groups, 1, 3);
    }

    /**
     * Finds scans of which it is known how many channels they have: those of a folder without a {@code dataset.json}, and
     * those named as files, lie in files {@code NAME_0000}, {@code NAME_0001}, … or in one 4-D file.
     *
     * @param channels 1 for what {@link #open(List, Path)} finds
     * @param dims 3, or 2 for images of one slice, pictures among them
     * @throws IOException as {@link #open(List, Path)}
     */
    public static DataSet open(List<Path> data, @Nullable Path groups, int channels, int dims) throws IOException {
        return open(data, groups, channels, dims, false);
    }

    /**
     * Finds the scans that somebody wants a result for, each of them: as {@link #open(List, Path, int, int)}, but no word in
     * a name makes a label map of one. What holds nothing but labels is one still, as is one value in every voxel; a
     * finding says so. Label maps in a folder for them beside that of the images are passed over with a note.
     *
     * @throws IOException as {@link #open(List, Path)}
     */
    public static DataSet given(List<Path> data, int channels, int dims) throws IOException {
        return open(data, null, channels, dims, true);
    }

    private static DataSet open(List<Path> data, @Nullable Path groups, int channels, int dims, boolean given)
            throws IOException {
        PatientList patients = groups == null ? null : PatientList.read(groups);
        DataSetReader reader = new DataSetReader(patients, channels, dims, given);
        for (Path argument : data) {
            reader.add(argument);
        }
        return reader.finish();
    }

    /** The scans, by id. */
    public List<Case> cases() {
        return cases;
    }

    /** The ids that a list declares as held out; empty if none does. */
    public Set<String> declaredHeldOut() {
        return declaredHeldOut;
    }

    /** What was left out and why, and what else the user should know. */
    public List<Finding> findings() {
        return findings;
    }

    /** Id → what the scan counts as in a stratified split: its data set, or what its list says. */
    public Map<String, String> strata() {
        return strata;
    }

    /** Whether patients come from a list; otherwise every scan counts as a patient of its own. */
    public boolean grouped() {
        return grouped;
    }

    /** SHA-256 over each scan's id, patient, file size and first bytes: changes when the data do, costs no decoding. */
    public String digest() {
        return digest;
    }
}
