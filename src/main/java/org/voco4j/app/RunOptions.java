package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.app.option.GeometryOption;
import org.voco4j.app.option.PatientOption;
import org.voco4j.app.process.UserFolders;
import org.voco4j.corpus.cache.DiskCache;
import org.voco4j.file.FileReason;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;
import org.voco4j.run.RunState;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that train on the user's scans; a command adds them with {@code @Mixin}. */
final class RunOptions {
    @Mixin
    private final PatientOption patients = new PatientOption();

    @Mixin
    final GeometryOption geometry = new GeometryOption();

    private static final long CACHE_SIZE = 20L << 30;

    @Option(names = "--out", required = true, paramLabel = "RUN", description = "The run folder.")
    private Path out = Path.of("");

    @Option(names = "--steps", paramLabel = "N", description = "Steps in all, instead of the recipe's.")
    private @Nullable Integer steps;

    @Option(names = "--resume", description = "Continue the run in RUN from its last checkpoint.")
    private boolean resume;

    @Option(
            names = "--cache",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "DIR",
            description = "Keep prepared scans in a folder, and take those that are there; several runs may share it."
                    + " Without DIR: voco4j in this user's folder for caches.")
    private @Nullable Path cache;

    @Option(
            names = "--cache-size",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            description = "What the cache may take, such as 100G (default: 20G); scans used longest ago leave first.")
    private @Nullable Long cacheSize;

    @Nullable
    Path groups() {
        return patients.groups();
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

    /** Opens the cache of prepared scans; null where none is asked for. */
    @Nullable
    DiskCache cache(RunLog log) {
        if (cache == null) {
            if (cacheSize != null) {
                throw new UsageException("--cache-size bounds the cache of --cache, which is not given");
            }
            return null;
        }
        Path folder = cache.toString().isEmpty() ? UserFolders.here().cache() : cache;
        try {
            return DiskCache.open(folder, cacheSize == null ? CACHE_SIZE : cacheSize, log::warn);
        } catch (IOException e) {
            throw new UsageException("--cache: " + FileReason.of(e), e);
        }
    }

    /** How the JSON document of a run begins. */
    Map<String, Object> document(RunState state, int taken, double seconds) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run", out.toString());
        document.put("state", state.name().toLowerCase(Locale.ROOT));
        document.put("steps", taken);
        document.put("seconds", seconds);
        return document;
    }
}
