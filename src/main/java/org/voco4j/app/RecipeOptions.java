package org.voco4j.app;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.recipe.RecipeTree;
import picocli.CommandLine.Option;

/** The options of commands that take a recipe; a command adds them with {@code @Mixin} beside {@link CommonOptions}. */
final class RecipeOptions {

    @Option(
            names = {"-r", "--recipe"},
            paramLabel = "R",
            description = "A shipped recipe (voco info lists them) or a YAML file.")
    private @Nullable String recipe;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Replace one value of the recipe, for example --set optim.lr=1e-4 or --set \"data.size=[96, 96, 64]\"."
                            + " Repeatable.")
    private List<String> overrides = new ArrayList<>();

    /** Whether a recipe is named. */
    boolean named() {
        return recipe != null;
    }

    /** Whether a recipe is named, or a value of one set. */
    boolean given() {
        return named() || !overrides.isEmpty();
    }

    /** Whether a recipe for fine-tuning is for classification. */
    boolean isClassification() {
        return RecipeTree.isClassification(recipe);
    }

    /**
     * The configuration asked for.
     *
     * @param kind the kind of run, {@code pretrain}, {@code finetune} or {@code classify}
     * @param unnamed the recipe to take when none is named, or null for the defaults alone
     * @param common supplies {@code --seed}
     */
    RecipeTree load(String kind, @Nullable String unnamed, CommonOptions common) {
        return load(kind, unnamed, List.of(), common);
    }

    /** The same over values of the command's own, which {@code --set} replaces. */
    RecipeTree load(String kind, @Nullable String unnamed, List<String> own, CommonOptions common) {
        List<String> all = new ArrayList<>(own);
        all.addAll(overrides);
        Long seed = common.seed();
        if (seed != null) {
            all.add("seed=" + seed);
        }
        return RecipeTree.load(kind, recipe == null ? unnamed : recipe, all);
    }
}
