package org.voco4j.program.preprocess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.ScanFile;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.file.AtomicFile;
import org.voco4j.file.FileReason;
import org.voco4j.file.JsonFile;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.Nifti;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A prepared scan on disk: {@code ID.nii.gz}, of several channels {@code ID_0000.nii.gz}, {@code ID_0001.nii.gz} and so on, its labels in {@code labels/} under the same name where it has some, and
 * {@code ID.preprocessing.json}, which is written last: of what it was made, what was written, and the way back.
 *
 * @param images the voxels of each channel, float32
 * @param label its classes, or null
 * @param json the record of both
 */
record PreparedFile(List<Path> images, @Nullable Path label, Path json) {

    /**
     * The files of an id.
     *
     * @throws IOException if the id leads out of the folder
     */
    static PreparedFile of(Path folder, String id, int channels, boolean labels) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        if (!root.resolve(id).normalize().startsWith(root)) {
            throw new IOException("the scan listed as " + id + " would lie outside " + folder);
        }
        return new PreparedFile(
                names(id, channels).stream().map(folder::resolve).toList(),
                labels ? folder.resolve("labels").resolve(id + ".nii.gz") : null,
                folder.resolve(id + ".preprocessing.json"));
    }

    /** What the files of the channels are called. */
    static List<String> names(String id, int channels) {
        return IntStream.range(0, channels)
                .mapToObj(c -> id + (channels == 1 ? "" : String.format(Locale.ROOT, "_%04d", c)) + ".nii.gz")
                .toList();
    }

    /** Whether everything is there as it was written, made of the same. */
    boolean isMadeOf(Map<String, Object> origin) {
        try {
            if (!Files.exists(json)) {
                return false;
            }
            JsonNode record = JsonMapper.shared().readTree(Files.readAllBytes(json));
            return record.path("of").equals(tree(origin))
                    && record.path("written").equals(tree(contents()));
        } catch (IOException | JacksonException unusable) {
            return false; // it is made again
        }
    }

    /** Writes a scan; a record of what was there before goes first, so that it never stands beside other voxels. */
    void write(List<Path> files, Map<String, Object> origin, Preprocessing.Prepared scan) throws IOException {
        Files.deleteIfExists(json);
        Nifti nifti = new Nifti();
        Files.createDirectories(json.toAbsolutePath().resolveSibling(""));
        for (int c = 0; c < images.size(); c++) {
            nifti.write(scan.image().volumes().get(c), images.get(c));
        }
        LabelMap labels = scan.labels();
        if (label != null && labels != null) {
            Files.createDirectories(label.toAbsolutePath().resolveSibling(""));
            nifti.write(labels.toVolume(), label, Nifti.Stored.UINT8);
        }
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("files", files.stream().map(Path::toString).toList());
        record.put("of", origin);
        record.put("written", contents());
        record.put("back", InversePreprocessingJson.of(scan.back()));
        AtomicFile.write(
                json, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(record) + "\n");
    }

    private List<String> contents() throws IOException {
        List<String> contents = new ArrayList<>();
        for (Path image : images) {
            contents.add(ScanFile.content(image));
        }
        if (label != null) {
            contents.add(ScanFile.content(label));
        }
        return contents;
    }

    private static JsonNode tree(Object value) {
        JsonMapper json = JsonMapper.shared();
        return json.readTree(json.writeValueAsString(value));
    }

    /**
     * Brings a result from a prepared grid to the grid of the scan's file: classes (whole numbers 0 … 255) by nearest
     * neighbours, other values from between voxels; 0 where nothing was prepared.
     *
     * @param result on the prepared grid, in whatever orientation
     * @param json the record of the prepared scan
     * @param out the file to write
     * @throws UsageException if the record is none, or the result lies on another grid
     */
    static void bringBack(Path result, Path json, Path out) throws IOException {
        InversePreprocessing back;
        try {
            back = InversePreprocessingJson.read(JsonFile.read(json).path("back"));
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(
                    json + ": expected the .preprocessing.json of a prepared scan (" + FileReason.why(e) + ")", e);
        }
        Volume found;
        try {
            found = Orient.toRas(Formats.any().read(result));
        } catch (IOException e) {
            throw new UsageException(FileReason.of(e), e);
        }
        try {
            LabelMap classes = classes(found);
            if (classes != null) {
                Formats.any(2).writeLabels(back.labels(classes).toVolume(), out);
            } else {
                Formats.any(2).write(back.values(found, 0), out);
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException(result + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable LabelMap classes(Volume volume) {
        try {
            return LabelMap.of(volume);
        } catch (IllegalArgumentException notWhole) {
            return null;
        }
    }
}
