package org.voco4j.corpus.list;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.JsonFile;
import org.voco4j.file.StandIn;
import tools.jackson.databind.JsonNode;

/**
 * What a file lists, whatever its layout.
 *
 * @param entries the scans, in the order of the file; an nnU-Net {@code dataset.json} lists none
 * @param about the root of a JSON list, for what it says beside the scans; missing for a table
 * @param remarks what was read that its format calls otherwise
 */
public record ScanList(List<Entry> entries, JsonNode about, List<String> remarks) {

    /** Which part of the list an entry stands in. */
    public enum Part {
        TRAINING,
        VALIDATION,
        TEST;

        /** The part that a word means, or null. */
        static @Nullable Part named(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "train", "training" -> TRAINING;
                case "val", "valid", "validation" -> VALIDATION;
                case "test", "testing" -> TEST;
                default -> null;
            };
        }
    }

    /**
     * One scan; paths as written in the list.
     *
     * @param images a file for each channel, or a single one
     * @param channels how many channels are declared; more than {@code images} if one file holds them all
     * @param label its label map; null if it has none that is a path
     * @param fold the fold in which it is held out, from 0; null if the list has none
     * @param patient whose it is; null if the list does not say
     * @param stratum what it counts as in a stratified split; null if the list does not say
     */
    public record Entry(
            List<String> images,
            int channels,
            @Nullable String label,
            Part part,
            @Nullable Integer fold,
            @Nullable String patient,
            @Nullable String stratum) {

        /** The file of the first channel, or of all. */
        public String image() {
            return images.get(0);
        }
    }

    /** Whether a file is called as a list is. */
    public static boolean named(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".json") || name.endsWith(".csv");
    }

    /**
     * Reads a Decathlon or nnssl {@code .json}, or a {@code .csv}.
     *
     * @throws IOException with the file and the place in it if it cannot be understood
     */
    public static ScanList read(Path file) throws IOException {
        return read(file, System.getenv());
    }

    /** The same with the variables of another environment. */
    public static ScanList read(Path file, Map<String, String> environment) throws IOException {
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
            return CsvList.read(file);
        }
        JsonNode root = json(file);
        return Nnssl.isIn(root) ? Nnssl.read(file, root, environment) : Decathlon.read(file, root);
    }

    /** Refuses what lies in the place of a list. */
    static void requireList(Path file) throws IOException {
        String standIn = StandIn.of(file);
        if (standIn != null) {
            throw new IOException(file + ": expected a list, found " + standIn);
        }
    }

    /** The root of a JSON file. */
    public static JsonNode json(Path file) throws IOException {
        requireList(file);
        return JsonFile.read(file);
    }

    /** How many test images there are. */
    public long tests() {
        return entries.stream().filter(entry -> entry.part == Part.TEST).count();
    }
}
