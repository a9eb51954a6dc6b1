package org.voco4j.program.scans;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Case;
import org.voco4j.corpus.Split;
import org.voco4j.file.AtomicFile;
import org.voco4j.run.RunFolder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which scans a pre-training run trains on and which it holds out: {@code split.json} in its folder.
 *
 * <p>Whoever measures with its weights later can tell from it what they have seen.
 *
 * @param training the scans trained on
 * @param heldOut the scans never trained on
 */
public record ScanSplit(List<Scan> training, List<Scan> heldOut) {
    private static final String FILE = "split.json";

    /**
     * A scan.
     *
     * @param name its id in the data set of the run
     * @param patient whose it is
     * @param content what {@link Case#content()} says of its file
     */
    public record Scan(String name, String patient, String content) {}

    /** Copies the lists. */
    public ScanSplit {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }

    public static ScanSplit of(Split<Case> split) throws IOException {
        return new ScanSplit(scans(split.training()), scans(split.heldOut()));
    }

    private static List<Scan> scans(List<Case> cases) throws IOException {
        List<Scan> scans = new ArrayList<>();
        for (Case one : cases) {
            scans.add(new Scan(one.id(), one.patient(), one.content()));
        }
        return scans;
    }

    public void write(RunFolder folder) throws IOException {
        String json = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(this);
        AtomicFile.write(folder.file(FILE), json + "\n");
    }

    /**
     * Reads the split of a run.
     *
     * @return null if the run left none
     */
    static @Nullable ScanSplit read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return JsonMapper.shared().readValue(Files.readString(file), ScanSplit.class);
        } catch (JacksonException damaged) {
            throw new IOException(file + " is damaged", damaged);
        }
    }

    /**
     * Which of some scans were trained on: an unchanged copy of a file is the same scan, whatever it is called.
     *
     * @param contents of the scans' files by the scans' names
     */
    List<String> trainedOn(List<String> names, Map<String, String> contents) {
        return among(training.stream(), names, contents);
    }

    /**
     * Which of some scans are here, trained on or held out, or are of a patient who has a scan here.
     *
     * @param contents of the scans' files by the scans' names
     * @param patients whose scans they are by the same
     */
    public List<String> holding(List<String> names, Map<String, String> contents, Map<String, String> patients) {
        Set<String> same = Set.copyOf(among(Stream.concat(training.stream(), heldOut.stream()), names, contents));
        Set<String> known = Stream.concat(training.stream(), heldOut.stream())
                .filter(scan -> !scan.patient().equals(scan.name())) // who is called as a scan may be nobody's patient
                .map(Scan::patient)
                .collect(Collectors.toSet());
        return names.stream()
                .filter(name -> same.contains(name) || known.contains(patients.getOrDefault(name, name)))
                .toList();
    }

    private static List<String> among(Stream<Scan> scans, List<String> names, Map<String, String> contents) {
        Set<String> known = scans.map(Scan::content).collect(Collectors.toSet());
        return names.stream()
                .filter(name -> known.contains(contents.getOrDefault(name, "unknown")))
                .toList();
    }
}
