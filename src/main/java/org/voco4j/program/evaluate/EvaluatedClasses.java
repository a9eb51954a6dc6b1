package org.voco4j.program.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.label.LabelCoding;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.label.Regions;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.format.VolumeFormat;

/**
 * What is compared: the classes or regions, and which raw values they have in predictions and in truth.
 *
 * <p>What the user says holds for both. Otherwise each side's own list says what its values are called, and the classes
 * are those of the predictions, found in truth by name; so a model of a few classes is measured on data that have more,
 * and on data that number them otherwise. Where one side names nothing, the other's values hold for both; where none
 * does, every value is a class named by its number.
 */
record EvaluatedClasses(LabelCoding prediction, LabelCoding truth) {

    /**
     * The classes to compare.
     *
     * @param asked {@code NAME=VALUE,NAME=VALUE+VALUE}, a dataset.json or labels.json, a fine-tuning recipe or a model; null
     *     for what the data say
     * @throws UsageException if that cannot be understood, or the two sides do not go together
     * @throws IOException if only the label maps could say it, and none can be read
     */
    static EvaluatedClasses of(@Nullable String asked, ResultPairs pairs, VolumeFormat format) throws IOException {
        try {
            if (asked != null) {
                return asked(asked);
            }
            if (pairs.regions() != null) {
                Regions own = pairs.predictedRegions();
                LabelCoding real = LabelCoding.of(pairs.regions());
                return own != null && own.names().equals(real.names())
                        ? new EvaluatedClasses(LabelCoding.of(own), real)
                        : both(real);
            }
            SortedMap<Integer, String> predicted = named(pairs.predicted());
            SortedMap<Integer, String> real = named(pairs.labels());
            if (predicted.isEmpty() || real.isEmpty()) {
                SortedMap<Integer, String> one = predicted.isEmpty() ? real : predicted;
                return both(schema(Map.of(), one.isEmpty() ? pairs.values(format) : one));
            }
            LabelCoding prediction = schema(Map.of(), predicted);
            return new EvaluatedClasses(prediction, schema(valuesOf(prediction.names(), real), new TreeMap<>()));
        } catch (IllegalArgumentException e) {
            throw new UsageException("classes: " + e.getMessage(), e);
        }
    }

    private static EvaluatedClasses both(LabelCoding coding) {
        return new EvaluatedClasses(coding, coding);
    }

    private static LabelCoding schema(Map<String, List<Integer>> values, SortedMap<Integer, String> named) {
        return LabelCoding.of(LabelSchema.of(values, named));
    }

    /** Without the background. */
    private static SortedMap<Integer, String> named(SortedMap<Integer, String> labels) {
        SortedMap<Integer, String> classes = new TreeMap<>(labels);
        classes.remove(0);
        return classes;
    }

    /** The values that truth has for names, however their words are joined; its ignore label stays one. */
    private static Map<String, List<Integer>> valuesOf(List<String> names, SortedMap<Integer, String> labels) {
        Map<String, List<Integer>> byName = new LinkedHashMap<>();
        labels.forEach((value, name) ->
                byName.computeIfAbsent(plain(name), n -> new ArrayList<>()).add(value));
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        for (String name : names) {
            List<Integer> found = byName.remove(plain(name));
            if (found == null) {
                throw new IllegalArgumentException("the predictions have a class '" + name + "', truth has "
                        + String.join(", ", labels.values())
                        + "; --labels says which values are compared under which name");
            }
            values.put(name, found);
        }
        List<Integer> ignored = byName.get("ignore");
        if (ignored != null) {
            values.put("ignore", ignored);
        }
        return values;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", " ").strip();
    }

    private static EvaluatedClasses asked(String asked) {
        Path path = path(asked);
        if (path == null || !Files.exists(path)) {
            return asked.contains("=") ? both(schema(written(asked), new TreeMap<>())) : ofRecipe(asked);
        }
        String name = asked.toLowerCase(Locale.ROOT);
        if (name.endsWith(".json")) {
            return ofList(path);
        }
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            return ofRecipe(asked);
        }
        ModelLabels labels = Evaluate.card(path).labels();
        return both(
                labels.regions()
                        ? LabelCoding.of(new Regions(labels.values(), labels.order()))
                        : schema(labels.values(), new TreeMap<>()));
    }

    private static @Nullable Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            return null; // then it is none
        }
    }

    private static EvaluatedClasses ofList(Path list) {
        try {
            ResultPairs.LabelledNames names = ResultPairs.named(list);
            Regions regions = names.regions();
            return both(regions != null ? LabelCoding.of(regions) : schema(Map.of(), names.labels()));
        } catch (IOException e) {
            throw new UsageException("--labels: " + e.getMessage(), e);
        }
    }

    private static EvaluatedClasses ofRecipe(String recipe) {
        FinetuneRecipe bound = RecipeTree.load("finetune", recipe, List.of()).bind(FinetuneRecipe.class);
        Regions regions = bound.overlapping();
        if (regions != null) {
            return both(LabelCoding.of(regions));
        }
        Map<String, List<Integer>> labels = bound.labels();
        if (labels.isEmpty()) {
            throw new UsageException("--labels: the recipe " + recipe + " names no classes (its labels are empty)");
        }
        return both(schema(labels, new TreeMap<>()));
    }

    /** Reads {@code spleen=1,kidneys=2+3}. */
    private static Map<String, List<Integer>> written(String text) {
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        for (String each : text.split(",", -1)) {
            int at = each.lastIndexOf('=');
            List<Integer> listed = new ArrayList<>();
            for (String value : each.substring(at + 1).split("\\+", -1)) {
                if (at < 1 || !value.strip().matches("\\d{1,9}")) {
                    throw new UsageException(
                            "--labels: expected NAME=VALUE or NAME=VALUE+VALUE between commas, found '" + each + "'");
                }
                listed.add(Integer.valueOf(value.strip()));
            }
            if (values.put(each.substring(0, at).strip(), listed) != null) {
                throw new UsageException("--labels: '" + each.substring(0, at).strip() + "' stands there twice");
            }
        }
        return values;
    }
}
