package org.voco4j.corpus.list;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * nnssl's {@code pretrain_data.json}: a collection of data sets, of subjects, of sessions, each with a list of images.
 *
 * <p>A subject of a data set is a patient and a data set a stratum; every image is trained on, whatever its modality. A
 * path begins with the name of an environment variable ({@code $nnssl_raw/…}), is absolute, or relative to the list.
 * Masks are not read.
 */
final class Nnssl {
    private Nnssl() {}

    static boolean isIn(JsonNode root) {
        return root.path("datasets").isObject();
    }

    static ScanList read(Path file, JsonNode root, Map<String, String> environment) throws IOException {
        List<ScanList.Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> set : root.path("datasets").properties()) {
            for (Map.Entry<String, JsonNode> subject :
                    set.getValue().path("subjects").properties()) {
                String patient = set.getKey() + "/" + subject.getKey();
                for (Map.Entry<String, JsonNode> session :
                        subject.getValue().path("sessions").properties()) {
                    for (JsonNode image : session.getValue().path("images")) {
                        JsonNode path = image.path("image_path");
                        if (!path.isString()) {
                            throw new IOException(file + ": expected an image_path in every image of session "
                                    + session.getKey() + " of subject " + patient + ", found " + image);
                        }
                        List<String> images = List.of(resolve(file, path.asString(), environment));
                        entries.add(new ScanList.Entry(
                                images, 1, null, ScanList.Part.TRAINING, null, patient, set.getKey()));
                    }
                }
            }
        }
        return new ScanList(List.copyOf(entries), root, List.of());
    }

    private static String resolve(Path file, String path, Map<String, String> environment) throws IOException {
        if (!path.startsWith("$")) {
            return path;
        }
        int end = path.indexOf('/') < 0 ? path.length() : path.indexOf('/');
        String name = path.substring(1, end);
        String folder = environment.get(name);
        if (folder == null || folder.isBlank()) {
            throw new IOException(file + ": its paths begin with $" + name + ": set the environment variable " + name
                    + " to the folder that this stands for");
        }
        return folder + path.substring(end);
    }
}
