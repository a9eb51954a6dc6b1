package org.voco4j.program.predict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.ScanFile;
import org.voco4j.downstream.segment.Segmenter.Segmentation;
import org.voco4j.file.AtomicFile;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.dicom.SegmentationObject;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The result for one scan on disk: the label map, probabilities if asked for ({@code probabilities/ID/000} of the first
 * logit, and so on), and {@code ID.prediction.json}, which is written last: the scan's files, what it was made of, and what was written.
 *
 * @param labels the label map
 * @param probabilities the folder of the probabilities; nothing is there where none are asked for
 * @param json the record
 * @param ending of the files, such as {@code .nii.gz}
 */
record PredictedFile(Path labels, Path probabilities, Path json, String ending) {
    /** What scans are read from, and voxels written to. */
    static final VolumeFormat FORMAT = Formats.any(2);

    /**
     * The files of an id.
     *
     * @throws IOException if the id leads out of the folder
     */
    static PredictedFile of(Path folder, String id, String ending) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        if (!root.resolve(id).normalize().startsWith(root)) {
            throw new IOException("the scan listed as " + id + " would lie outside " + folder);
        }
        return new PredictedFile(
                folder.resolve(id + ending),
                folder.resolve("probabilities").resolve(id),
                folder.resolve(id + ".prediction.json"),
                ending);
    }

    /** Whether everything is there as it was written, made of the same. */
    boolean isMadeOf(Map<String, Object> origin) {
        try {
            if (!Files.exists(json)) {
                return false;
            }
            JsonNode record = JsonMapper.shared().readTree(Files.readAllBytes(json));
            Map<String, String> contents = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> file : record.path("written").properties()) {
                contents.put(file.getKey(), content(file.getKey()));
            }
            return contents.containsKey(name(labels))
                    && record.path("of").equals(tree(origin))
                    && record.path("written").equals(tree(contents));
        } catch (IOException | JacksonException unusable) {
            return false; // it is made again
        }
    }

    /**
     * Writes a result; the record of what was there before goes first, so that it never stands beside other voxels.
     *
     * @param object as what the label map is written; null: as voxels
     */
    void write(List<Path> files, Map<String, Object> origin, Segmentation result, @Nullable SegmentationObject object)
            throws IOException {
        Files.deleteIfExists(json);
        Files.createDirectories(labels.toAbsolutePath().resolveSibling(""));
        if (object == null) {
            FORMAT.writeLabels(result.labels().toVolume(), labels);
        } else {
            object.write(result.labels(), FORMAT.files(files.get(0)), labels);
        }
        List<String> written = new ArrayList<>(List.of(name(labels)));
        for (int k = 0; k < result.probabilities().size(); k++) {
            Files.createDirectories(probabilities);
            Path file = probabilities.resolve(String.format(Locale.ROOT, "%03d%s", k, ending));
            FORMAT.write(result.probabilities().get(k), file);
            written.add(name(file));
        }
        Map<String, String> contents = new LinkedHashMap<>();
        for (String name : written) {
            contents.put(name, content(name));
        }
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("files", files.stream().map(Path::toString).toList());
        record.put("of", origin);
        record.put("written", contents);
        AtomicFile.write(
                json, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(record) + "\n");
    }

    /** A file as seen from the record. */
    private String name(Path file) {
        return json.toAbsolutePath()
                .resolveSibling("")
                .relativize(file.toAbsolutePath())
                .toString()
                .replace('\\', '/');
    }

    private String content(String name) throws IOException {
        return ScanFile.content(json.toAbsolutePath().resolveSibling(name));
    }

    private static JsonNode tree(Object value) {
        JsonMapper json = JsonMapper.shared();
        return json.readTree(json.writeValueAsString(value));
    }
}
