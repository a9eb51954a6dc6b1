package org.voco4j.program.pretrain;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;

/**
 * What a finished pre-training run left, from its model file alone: the file's metadata say how scans are prepared, what
 * is cut from them and how the network is built.
 *
 * @param file where it was read from, for messages
 * @param recipe the configuration of the run
 * @param weights by published key, on the CPU
 */
public record PretrainedModel(Path file, PretrainRecipe recipe, Map<String, Tensor> weights) {
    public static final String KIND = "pretrained-encoder";
    public static final String CONFIG = "voco4j.config";

    /**
     * Reads a model file.
     *
     * @param path a run's folder, or the {@code model.safetensors} of one
     * @throws UsageException if there is none, it is damaged, or not what {@code voco pretrain} leaves
     */
    public static PretrainedModel read(Path path) {
        PretrainedWeights read = PretrainedWeights.read(path);
        Map<String, String> about = read.about();
        String kind = about.getOrDefault("voco4j.kind", about.get("kind"));
        String config = about.get(CONFIG);
        if (config == null || !KIND.equals(kind)) {
            throw new UsageException("--weights: " + path + " " + found(kind)
                    + "; expected the model.safetensors of a finished run of voco pretrain");
        }
        PretrainRecipe recipe = RecipeTree.load("pretrain", null, List.of())
                .over(config, "--weights: " + path + ", " + CONFIG)
                .bind(PretrainRecipe.class);
        return new PretrainedModel(path, recipe, read.tensors());
    }

    private static String found(@Nullable String kind) {
        if (kind == null || kind.equals(KIND)) {
            return "does not say how its network was built and its scans were prepared (no " + CONFIG
                    + " in its metadata)";
        }
        return "holds weights of another kind (" + kind + ")";
    }
}
