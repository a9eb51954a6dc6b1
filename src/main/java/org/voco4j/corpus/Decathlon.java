package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The list of a Medical Segmentation Decathlon data set: training, validation and test, each an
 * array of paths or of objects with an {@code image} and, for segmentation, a {@code label}.
 *
 * @param entries the images, in the order of the file; nnU-Net lists none
 * @param names what the file calls its label values, missing or of any form
 */
record Decathlon(List<Entry> entries, JsonNode names) {

    /** Which part of the list an entry stands in. */
    enum Part {
        TRAINING,
        VALIDATION,
        TEST
    }

    /** An image and its label map, both as written in the list; null if it has no label that is a path. */
    record Entry(String image, @Nullable String label, Part part) {}

    static Decathlon read(Path file) throws IOException {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new IOException(file + ": expected a JSON list of scans, found " + e.getOriginalMessage(), e);
        }
        List<Entry> entries = new ArrayList<>();
        for (Part part : Part.values()) {
            String key = part.name().toLowerCase(Locale.ROOT);
            int index = 0;
            for (JsonNode node : root.path(key)) {
                JsonNode image = node.isObject() ? node.path("image") : node;
                if (!image.isString()) {
                    throw new IOException(
                            file + ": expected the path of one image in " + key + "[" + index + "], found " + node);
                }
                JsonNode label = node.path("label");
                entries.add(new Entry(image.asString(), label.isString() ? label.asString() : null, part));
                index++;
            }
        }
        return new Decathlon(List.copyOf(entries), root.path("labels"));
    }

    /** How many test images there are. */
    long tests() {
        return entries.stream().filter(entry -> entry.part == Part.TEST).count();
    }
}
