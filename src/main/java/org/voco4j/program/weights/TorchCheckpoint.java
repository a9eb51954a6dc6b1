package org.voco4j.program.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.optim.TorchState;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.voco.Teacher;
import org.voco4j.pretext.voco.VoCo;
import org.voco4j.pretext.voco.VoCoMethod;
import org.voco4j.pretext.voco.VoCoOptions;
import org.voco4j.pretext.voco.VoCoSettings;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunCheckpoint;

/**
 * A run's checkpoint as programs on PyTorch keep theirs: {@code state_dict}, {@code optimizer}, {@code step}.
 *
 * <p>What the optimiser's groups are and at which rate the next step goes, {@code config.yaml} beside the checkpoint says.
 */
public final class TorchCheckpoint {
    private TorchCheckpoint() {}

    /** Whether a file with this metadata is a checkpoint of a run. */
    public static boolean isCheckpoint(Map<String, String> metadata) {
        return RunCheckpoint.isKind("pretrain", metadata) || RunCheckpoint.isKind("finetune", metadata);
    }

    /**
     * The checkpoint as a tree for {@code TorchFile}; its optimiser's state is that of {@code torch.optim.AdamW}, or
     * {@code SGD}, over the weights in their order.
     *
     * @param path of the checkpoint, in its run's folder
     * @param tensors all of the file by name
     * @throws UsageException if there is no configuration beside it
     * @throws IOException if that cannot be read
     */
    public static Map<String, Object> of(Path path, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        Path config = path.resolveSibling("config.yaml");
        if (!Files.isRegularFile(config)) {
            throw new UsageException(
                    path + " is a run's checkpoint, but there is no config.yaml beside it that tells how its"
                            + " optimiser is set");
        }
        String yaml = Files.readString(config);
        Map<String, Tensor> state = new LinkedHashMap<>(RunCheckpoint.state(tensors));
        int step = RunCheckpoint.step(metadata);
        Map<String, Object> optimizer;
        if (RunCheckpoint.isKind("pretrain", metadata)) {
            PretrainRecipe recipe = recipe("pretrain", yaml, config).bind(PretrainRecipe.class);
            VoCoSettings voco = recipe.pretext().of(new VoCoMethod());
            VoCoOptions options = voco.options(recipe.setup(Device.CPU));
            String front = VoCo.front(options);
            PretrainRecipe.Optim o = recipe.optim();
            Optimizer moving = o.optimizer(List.of(new PretextTask.Group(moved(tensors, state, front), 1, 1)));
            optimizer = optimizer(moving, tensors, o.schedule(recipe.steps())::rate, step);
            Module network = voco.networks(recipe.setup(Device.CPU)).get();
            state.putAll(constants(front, network));
            if (options.teacher() == Teacher.NETWORK) {
                state.putAll(constants("teacher.", network));
            }
        } else {
            FinetuneRecipe recipe = recipe("finetune", yaml, config).bind(FinetuneRecipe.class);
            FinetuneRecipe.Optim o = recipe.optim();
            Encoder encoder = recipe.model()
                    .encode(Backbone.CHANNELS, recipe.patch().size().edges());
            Optimizer moving = o.optimizer(moved(tensors, state, ""), encoder);
            optimizer = optimizer(moving, tensors, o.rate(recipe.steps()), step);
            state.putAll(constants("", encoder));
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("state_dict", state);
        tree.put("optimizer", optimizer);
        tree.put("step", (long) step);
        return tree;
    }

    /** What follows from a network's form, and which a checkpoint of ours leaves out. */
    private static Map<String, Tensor> constants(String prefix, Module network) {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        network.stateDict().forEach((name, tensor) -> constants.put(prefix + name, tensor));
        network.state().keySet().forEach(name -> constants.remove(prefix + name));
        return constants;
    }

    private static RecipeTree recipe(String kind, String yaml, Path config) {
        return RecipeTree.load(kind, null, List.of()).over(yaml, config.toString());
    }

    /** The weights that the optimiser has a state of, by their names there. */
    private static Map<String, Tensor> moved(Map<String, Tensor> tensors, Map<String, Tensor> state, String prefix) {
        Set<String> kept = RunCheckpoint.moments(tensors).keySet().stream()
                .map(entry -> entry.substring(0, entry.lastIndexOf('.')))
                .collect(Collectors.toSet());
        Map<String, Tensor> moved = new LinkedHashMap<>();
        state.forEach((name, weight) -> {
            String own = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
            if (name.startsWith(prefix) && kept.contains(own)) {
                moved.put(own, weight);
            }
        });
        return moved;
    }

    private static Map<String, Object> optimizer(
            Optimizer optimizer, Map<String, Tensor> tensors, IntToDoubleFunction rate, int step) {
        optimizer.load(RunCheckpoint.moments(tensors));
        return TorchState.of(optimizer, rate.applyAsDouble(step));
    }
}
