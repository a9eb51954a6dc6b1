package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The list of a Medical Segmentation Decathlon data set: training, validation and test, each an
 * array of paths or of objects with an {@code image}.
 *
 * @param entries the images, in the order of the file
 * @param tests how many of them are test images
 */
record Decathlon(List<Entry> entries, int tests) {

    /** An image, relative to the list; whether it is held out. */
    record Entry(String image, boolean heldOut) {}

    static Decathlon read(Path file) throws IOException {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new IOException(file + ": expected a JSON list of scans, found " + e.getOriginalMessage(), e);
        }
        List<Entry> entries = new ArrayList<>();
        int tests = 0;
        for (String part : List.of("training", "validation", "test")) {
            int index = 0;
            for (JsonNode node : root.path(part)) {
                JsonNode image = node.isObject() ? node.path("image") : node;
                if (!image.isString()) {
                    throw new IOException(
                            file + ": expected the path of one image in " + part + "[" + index + "], found " + node);
                }
                entries.add(new Entry(image.asString(), part.equals("validation")));
                tests += part.equals("test") ? 1 : 0;
                index++;
            }
        }
        if (entries.isEmpty()) {
            throw new IOException(file + ": expected images under training, validation or test, found none");
        }
        return new Decathlon(List.copyOf(entries), tests);
    }
}
