package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.file.AtomicFile;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.Nifti;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes labelled scans as nnU-Net takes them: {@code imagesTr/NAME_0000.nii.gz} for each channel,
 * {@code labelsTr/NAME.nii.gz} with the classes 0…K, {@code dataset.json} and {@code splits_final.json} (which nnU-Net
 * looks for in its folder of preprocessed data). {@link LabelledSet#open} reads the folder back.
 */
public final class NnunetRaw {
    private static final String ENDING = ".nii.gz";

    private NnunetRaw() {}

    /**
     * Writes a data set; what lies in the folder under the same names is replaced.
     *
     * @param scans scans that all have as many channels as there are names
     * @param channels what the channels are called; nnU-Net normalises {@code CT} as CT and everything else by z-scores
     * @param folds the folds to declare; none if empty
     * @throws IOException if a scan cannot be read, or a file cannot be written
     * @throws IllegalArgumentException if a scan has another number of channels, or a fold holds another scan
     */
    public static void write(
            List<LabelledCase> scans,
            LabelSchema schema,
            List<String> channels,
            List<Split<LabelledCase>> folds,
            Path folder)
            throws IOException {
        Map<String, String> names = names(scans);
        Path images = Files.createDirectories(folder.resolve("imagesTr"));
        Path labels = Files.createDirectories(folder.resolve("labelsTr"));
        for (LabelledCase scan : scans) {
            if (scan.images().channels() != channels.size()) {
                throw new IllegalArgumentException(scan.id() + " has "
                        + scan.images().channels() + " channels, expected " + channels.size() + ": " + channels);
            }
            String name = name(names, scan);
            writeImages(scan.images(), images, name);
            LabelMap map = consecutive(scan.classes(Formats.any(), schema), schema);
            new Nifti().write(map.toVolume(), labels.resolve(name + ENDING), Nifti.Stored.UINT8);
        }
        writeJson(folder.resolve("dataset.json"), about(scans.size(), schema, channels));
        if (!folds.isEmpty()) {
            ArrayNode splits = JsonMapper.shared().createArrayNode();
            for (Split<LabelledCase> fold : folds) {
                ObjectNode parts = splits.addObject();
                fold.training().forEach(scan -> parts.withArray("train").add(name(names, scan)));
                fold.heldOut().forEach(scan -> parts.withArray("val").add(name(names, scan)));
            }
            writeJson(folder.resolve("splits_final.json"), splits);
        }
    }

    /** Id → a name without folders, unique. */
    private static Map<String, String> names(List<LabelledCase> scans) {
        Map<String, String> names = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (LabelledCase scan : scans) {
            String plain = ChannelGroups.scanName(scan.id());
            String name = plain;
            for (int i = 2; !taken.add(name); i++) {
                name = plain + "-" + i;
            }
            names.put(scan.id(), name);
        }
        return names;
    }

    private static String name(Map<String, String> names, LabelledCase scan) {
        String name = names.get(scan.id());
        if (name == null) {
            throw new IllegalArgumentException("a fold holds " + scan.id() + ", which is not among the scans");
        }
        return name;
    }

    /** Files as they are where they can be, so that not a bit is lost; all are read, so that none is damaged. */
    private static void writeImages(ImageFiles images, Path folder, String name) throws IOException {
        Channels read = images.read(Formats.any());
        for (int c = 0; c < images.channels(); c++) {
            Path to = folder.resolve(name + "_%04d".formatted(c) + ENDING);
            Path from = images.inEachFile() == 1 ? images.files().get(c) : images.first();
            if (images.inEachFile() == 1
                    && from.toString().toLowerCase(Locale.ROOT).endsWith(ENDING)) {
                AtomicFile.write(to, out -> Files.copy(from, out));
            } else {
                new Nifti().write(read.volumes().get(c), to);
            }
        }
    }

    /** nnU-Net wants the voxels to ignore to have the value after the last class. */
    private static LabelMap consecutive(LabelMap map, LabelSchema schema) {
        if (schema.ignored().isEmpty()) {
            return map;
        }
        byte[] classes = map.classes().clone();
        for (int i = 0; i < classes.length; i++) {
            classes[i] =
                    map.at(i) == LabelSchema.IGNORE ? (byte) (schema.names().size() + 1) : classes[i];
        }
        return new LabelMap(map.shape(), map.affine(), classes);
    }

    private static ObjectNode about(int scans, LabelSchema schema, List<String> channels) {
        ObjectNode about = JsonMapper.shared().createObjectNode();
        ObjectNode names = about.putObject("channel_names");
        for (int c = 0; c < channels.size(); c++) {
            names.put(Integer.toString(c), channels.get(c));
        }
        ObjectNode labels = about.putObject("labels");
        labels.put("background", 0);
        for (String name : schema.names()) {
            labels.put(name, labels.size());
        }
        if (!schema.ignored().isEmpty()) {
            labels.put(LabelSchema.IGNORE_NAME, labels.size());
        }
        about.put("numTraining", scans);
        about.put("file_ending", ENDING);
        return about;
    }

    private static void writeJson(Path file, Object root) throws IOException {
        String text = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root);
        AtomicFile.write(file, text + "\n");
    }
}
