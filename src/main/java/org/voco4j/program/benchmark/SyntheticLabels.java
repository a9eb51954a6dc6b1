package org.voco4j.program.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.label.Regions;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.recipe.UsageException;

/**
 * What a network that is only timed tells apart: what its recipe names, else classes with numbers for names.
 *
 * @param values name → values in label maps
 * @param regions where they overlap; null where they are classes
 */
record SyntheticLabels(
        Map<String, List<Integer>> values, @Nullable Regions regions) {
    private static final int USUAL = 14;
    private static final int MOST = 255; // one value of a label map is for voxels to ignore

    /**
     * Those of a recipe.
     *
     * @param classes how many, the background among them, where the recipe names none; null: 14, as in BTCV
     * @throws UsageException if there cannot be so many, or the recipe names its own
     */
    static SyntheticLabels of(FinetuneRecipe recipe, @Nullable Integer classes) {
        Regions regions = recipe.overlapping();
        if (regions != null || !recipe.labels().isEmpty()) {
            requireNone(classes, "the recipe names its own");
            return new SyntheticLabels(
                    regions == null
                            ? LabelSchema.of(recipe.labels(), new TreeMap<>()).values()
                            : regions.values(),
                    regions);
        }
        int count = classes == null ? USUAL : classes;
        if (count < 2 || count > MOST) {
            throw new UsageException("--classes must be from 2 to " + MOST + ", not " + count);
        }
        Map<String, List<Integer>> numbered = new LinkedHashMap<>();
        for (int k = 1; k < count; k++) {
            numbered.put("class " + k, List.of(k));
        }
        return new SyntheticLabels(numbered, null);
    }

    /**
     * Refuses a number of classes that would not count.
     *
     * @param why it would not
     */
    static void requireNone(@Nullable Integer classes, String why) {
        if (classes != null) {
            throw new UsageException("--classes says how many classes there are where nothing else does, but " + why);
        }
    }

    /** What a network says of a voxel: a logit for each class and the background, or one for each region. */
    int outputs() {
        return values.size() + (regions == null ? 1 : 0);
    }
}
