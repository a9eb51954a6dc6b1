package org.voco4j.recipe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.corpus.Preprocessing;
import org.voco4j.engine.store.StateDict;
import org.voco4j.engine.store.WeightFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a fine-tuned model's file says about its classes and how scans are prepared for it; its weights are not read.
 *
 * @param file where it says so
 * @param about its metadata
 */
record ModelFacts(Path file, Map<String, String> about) {
    private static final String PREFIX = "voco4j.";
    private static final List<String> ALWAYS = List.of("spacing", "foreground", "size");
    private static final List<String> DATA =
            List.of("intensity", "window", "percentiles", "spacing", "foreground", "size");

    /**
     * Reads the metadata of a model.
     *
     * @param path a run's folder, or its {@code model.safetensors}
     * @throws UsageException if there is none, it is damaged, or no segmentation model of voco finetune
     */
    static ModelFacts read(Path path) {
        Path file = PretrainedWeights.file(path);
        try (WeightFile contents = WeightFile.open(file)) {
            Map<String, String> about = StateDict.of(contents).scalars();
            if (!"segmentation".equals(about.get(PREFIX + "kind"))) {
                throw new UsageException(file + ": expected the model.safetensors of a finished run of voco finetune,"
                        + " found weights that say nothing of classes and preprocessing");
            }
            return new ModelFacts(file, about);
        } catch (IOException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * From a scan as stored to what the model works on.
     *
     * @throws UsageException if the file does not say it; nothing is guessed
     */
    Preprocessing preprocessing() {
        List<String> values = new ArrayList<>();
        for (String key : ALWAYS) {
            if (!about.containsKey(PREFIX + key)) {
                throw new UsageException(file + ": its metadata have no " + PREFIX + key
                        + ", so it is not known how scans are prepared for it");
            }
        }
        for (String key : DATA) {
            String value = about.get(PREFIX + key);
            if (value != null) {
                values.add("data." + key + "=" + yaml(key, value));
            }
        }
        return RecipeTree.load("finetune", null, values)
                .bind(FinetuneRecipe.class)
                .data()
                .preprocessing();
    }

    /** A triple is written "1.5 x 1.5 x 1.5 mm" or "96x96x64" in a model, and as a list in a recipe. */
    private static String yaml(String key, String value) {
        return value.equals("null") || !(key.equals("spacing") || key.equals("size"))
                ? value
                : "[" + value.replace(" mm", "").replaceAll("\\s*x\\s*", ", ") + "]";
    }

    /** Name → raw values as its recipe has them, in the order of the classes; empty where the data named them. */
    Map<String, List<Integer>> labels() {
        Map<String, List<Integer>> labels = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : json("labels").properties()) {
            List<Integer> values = new ArrayList<>();
            entry.getValue().forEach(value -> values.add(value.asInt()));
            labels.put(entry.getKey(), values);
        }
        return labels;
    }

    /** The names of the classes, in order. */
    List<String> classes() {
        List<String> classes = new ArrayList<>();
        json("classes").forEach(name -> classes.add(name.asString()));
        return classes;
    }

    private JsonNode json(String key) {
        String text = about.getOrDefault(PREFIX + key, "null");
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw new UsageException(file + ": its metadata " + PREFIX + key + " is no JSON: " + text, e);
        }
    }
}
