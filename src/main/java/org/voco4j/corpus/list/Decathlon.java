package org.voco4j.corpus.list;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.voco4j.file.JsonFile;
import tools.jackson.databind.JsonNode;

/**
 * The list of a Medical Segmentation Decathlon data set: training, validation and test, each an array of paths or of
 * objects with an {@code image} and, for segmentation, a {@code label}. Other words for these three, such as {@code train}
 * and {@code val}, are understood and remarked on.
 *
 * <p>An array of images is a scan of several channels. Where {@code modality} (or nnU-Net's {@code channel_names}) names
 * several channels, a single image is a 4-D file that holds them all. A {@code fold} says in which fold a scan is held
 * out, as in MONAI's lists for BraTS. nnU-Net's {@code dataset} names the {@code images} and the {@code label} of each
 * scan. Other keys are left alone.
 */
public final class Decathlon {
    private Decathlon() {}

    static ScanList read(Path file, JsonNode root) throws IOException {
        int channels = channels(root);
        List<ScanList.Entry> entries = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        for (ScanList.Part part : ScanList.Part.values()) {
            for (Map.Entry<String, JsonNode> array : root.properties()) {
                String key = array.getKey();
                boolean own = key.equals(FindingWords.part(part));
                if (own || (array.getValue().isArray() && ScanList.Part.named(key) == part)) {
                    add(file, key, array.getValue(), part, channels, entries);
                    if (!own) {
                        remarks.add("its key '" + key + "' is read as " + FindingWords.part(part));
                    }
                }
            }
        }
        for (Map.Entry<String, JsonNode> scan : root.path("dataset").properties()) {
            List<String> images = images(scan.getValue().path("images"));
            if (images.isEmpty()) {
                throw new IOException(file + ": expected the paths of images for the scan '" + scan.getKey()
                        + "' in dataset, found " + scan.getValue());
            }
            String label = scan.getValue().path("label").asString("");
            entries.add(new ScanList.Entry(
                    images, images.size(), label.isEmpty() ? null : label, ScanList.Part.TRAINING, null, null, null));
        }
        return new ScanList(List.copyOf(entries), root, List.copyOf(remarks));
    }

    private static void add(
            Path file, String key, JsonNode array, ScanList.Part part, int channels, List<ScanList.Entry> entries)
            throws IOException {
        int index = 0;
        for (JsonNode node : array) {
            List<String> images = images(node.isObject() ? node.path("image") : node);
            if (images.isEmpty()) {
                throw new IOException(file + ": expected the path of one image, or those of its channels, in " + key
                        + "[" + index + "], found " + node);
            }
            JsonNode label = node.path("label");
            entries.add(new ScanList.Entry(
                    images,
                    images.size() > 1 ? images.size() : channels,
                    label.isString() ? label.asString() : null,
                    part,
                    JsonFile.whole(node.path("fold")),
                    null,
                    null));
            index++;
        }
    }

    /** How many channels a {@code dataset.json} names; 1 if it names none. */
    public static int channels(JsonNode root) {
        return Math.max(
                1,
                Math.max(
                        root.path("channel_names").size(), root.path("modality").size()));
    }

    private static List<String> images(JsonNode node) {
        if (node.isString()) {
            return List.of(node.asString());
        }
        List<String> images = new ArrayList<>();
        for (JsonNode image : node) {
            if (!node.isArray() || !image.isString()) {
                return List.of();
            }
            images.add(image.asString());
        }
        return images;
    }
}
