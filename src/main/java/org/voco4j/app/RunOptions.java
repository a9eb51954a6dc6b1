package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.recipe.Pretrain;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.RunFolder;
import picocli.CommandLine.Option;

/** The options of commands that train on the user's scans; a command adds them with {@code @Mixin}. */
final class RunOptions {
    @Option(
            names = "--groups",
            paramLabel = "CSV",
            description = "Which files are of one patient: columns file_or_folder and patient, paths relative to it."
                    + " Without it every scan counts as a patient of its own.")
    private @Nullable Path groups;

    @Option(names = "--out", required = true, paramLabel = "RUN", description = "The run folder.")
    private Path out = Path.of("");

    @Option(names = "--steps", paramLabel = "N", description = "Steps in all, instead of the recipe's.")
    private @Nullable Integer steps;

    @Option(names = "--resume", description = "Continue the run in RUN from its last checkpoint.")
    private boolean resume;

    @Nullable
    Path groups() {
        return groups;
    }

    Path out() {
        return out;
    }

    /** The recipe with the number of steps asked for. */
    RecipeTree apply(RecipeTree recipe) {
        return steps == null ? recipe : recipe.with(List.of("steps=" + steps));
    }

    /** Opens the run folder. */
    RunFolder open(RecipeTree recipe) throws IOException {
        return RunFolder.open(out, recipe, resume);
    }

    /** How the JSON document of a run begins. */
    Map<String, Object> document(Pretrain.State state, int taken, double seconds) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run", out.toString());
        document.put("state", state.name().toLowerCase(Locale.ROOT));
        document.put("steps", taken);
        document.put("seconds", seconds);
        return document;
    }
}
