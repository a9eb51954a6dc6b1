package org.voco4j.recipe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * All that training changes, in one {@code .safetensors} file: {@code task.*} what is trained, {@code optimizer.*} moments, and
 * the step in the metadata. Draws need no state: they are counted.
 */
final class RunCheckpoint {
    private static final String STATE = "task.";
    private static final String OPTIMIZER = "optimizer.";

    private RunCheckpoint() {}

    /** Writes what is trained, its optimiser and how far it is; {@code kind} is the kind of run. */
    static void save(Path path, String kind, Map<String, Tensor> state, AdamW optimizer, int step, double best)
            throws IOException {
        Map<String, Tensor> all = new LinkedHashMap<>();
        state.forEach((name, tensor) -> all.put(STATE + name, tensor));
        optimizer.state().forEach((name, tensor) -> all.put(OPTIMIZER + name, tensor));
        Safetensors.write(
                path,
                all,
                Map.of(
                        "kind",
                        "voco-" + kind + "-checkpoint",
                        "step",
                        Integer.toString(step),
                        "best",
                        Double.toString(best)));
    }

    /** Where a run stands. */
    record Place(int step, double best) {}

    /**
     * Takes over a state.
     *
     * @throws IOException if the file is damaged or of another network, with its name and what is wrong
     */
    static Place load(Path path, Map<String, Tensor> state, AdamW optimizer) throws IOException {
        try (Scope scope = Scope.open()) {
            Safetensors.Contents contents = Safetensors.read(path);
            state.forEach((name, tensor) -> tensor.copyInPlace(get(contents, STATE + name)));
            Map<String, Tensor> moments = new LinkedHashMap<>();
            optimizer.state().keySet().forEach(name -> moments.put(name, get(contents, OPTIMIZER + name)));
            optimizer.load(moments);
            return new Place(
                    Integer.parseInt(contents.metadata().getOrDefault("step", "")),
                    Double.parseDouble(contents.metadata().getOrDefault("best", "NaN")));
        } catch (RuntimeException unfit) {
            throw new IOException(path + " is not a checkpoint of this run: " + unfit.getMessage(), unfit);
        }
    }

    private static Tensor get(Safetensors.Contents contents, String name) {
        Tensor tensor = contents.tensors().get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("it lacks " + name);
        }
        return tensor;
    }
}
