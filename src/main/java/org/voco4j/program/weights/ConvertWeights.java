package org.voco4j.program.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.store.Scalars;
import org.voco4j.engine.store.StateDict;
import org.voco4j.engine.store.StoredTensor;
import org.voco4j.engine.store.TorchFile;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.recipe.UsageException;

/** Conversion of a network's weights from one format to another. */
public final class ConvertWeights {
    private static final String STATE = "state_dict";

    private final Task task;

    private ConvertWeights(Task task) {
        this.task = task;
    }

    /**
     * A conversion to do.
     *
     * @param from a {@code .safetensors}, {@code .pt} or {@code .pth} file, or the folder of a finished run
     * @param to the file to write, in the format that its name ends with; one that is there is replaced
     * @param removed taken off the names that begin with it; other names stay
     * @param added put before every name afterwards
     * @param half whether floating-point weights are written in half precision
     */
    public record Task(Path from, Path to, String removed, String added, boolean half) {

        /**
         * Checks what can be checked before anything is read.
         *
         * @throws UsageException if {@code to} has no such ending, or no folder to lie in
         */
        public Task {
            String name = name(to);
            if (!isTorch(name) && !name.endsWith(".safetensors")) {
                throw new UsageException("B: expected a name that ends with .safetensors, .pt or .pth, found " + to);
            }
            Path folder = to.toAbsolutePath().getParent();
            if (Files.isDirectory(to) || folder == null || !Files.isDirectory(folder)) {
                throw new UsageException("B: there is no folder for a file " + to);
            }
        }

        private static String name(Path file) {
            return file.toString().toLowerCase(Locale.ROOT);
        }

        private static boolean isTorch(String name) {
            return name.endsWith(".pt") || name.endsWith(".pth");
        }

        boolean toTorch() {
            return isTorch(name(to));
        }
    }

    /**
     * A file that was written.
     *
     * @param where the key under which the weights lay in the file read; empty if they were the whole of it
     * @param tensors how many there are
     * @param bytes the size of the file
     * @param scalars numbers and text beside the weights, by name
     * @param leftOut what was not taken along, in words
     */
    public record Outcome(String where, int tensors, long bytes, Map<String, String> scalars, List<String> leftOut) {}

    /**
     * Converts a file.
     *
     * @throws UsageException if there are no weights, or names or values do not allow it
     * @throws IOException if the file cannot be written
     */
    public static Outcome run(Task task) throws IOException {
        return new ConvertWeights(task).run();
    }

    private Outcome run() throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            StateDict weights = OpenedWeights.read(task.from, file -> {
                StateDict found = StateDict.of(file);
                tensors.putAll(tensors(file, found));
                return found;
            });
            if (task.toTorch()) {
                TorchFile.write(task.to, tree(tensors, weights.scalars()));
            } else {
                Safetensors.write(task.to, tensors, weights.scalars());
            }
            return new Outcome(
                    weights.where(), tensors.size(), Files.size(task.to), weights.scalars(), weights.others());
        }
    }

    private Map<String, Object> tree(Map<String, Tensor> tensors, Map<String, String> scalars) throws IOException {
        if (TorchCheckpoint.isCheckpoint(scalars)) {
            if (task.half || !(task.removed + task.added).isEmpty()) {
                throw new UsageException("--half and --prefix: a run's checkpoint goes to PyTorch as it is, so that its"
                        + " optimiser can go on; the run's folder or model.safetensors takes them");
            }
            return TorchCheckpoint.of(task.from, tensors, scalars);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        scalars.forEach((name, text) -> tree.put(name, Scalars.parse(text)));
        tree.put(STATE, tensors);
        return tree;
    }

    /** The weights under their new names; tensors that are one in the file are one object. */
    private Map<String, Tensor> tensors(WeightFile file, StateDict weights) throws IOException {
        if (weights.tensors().isEmpty()) {
            throw new UsageException(file.path() + " holds no weights to convert"
                    + (weights.others().isEmpty() ? "" : "; " + String.join("; ", weights.others())));
        }
        String removed = task.removed;
        if (weights.tensors().keySet().stream().noneMatch(name -> name.startsWith(removed))) {
            throw new UsageException("--prefix-remove: no weight has a name that begins with '" + removed
                    + "'; the first is " + weights.tensors().keySet().iterator().next());
        }
        Map<String, Tensor> once = new HashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, StoredTensor> entry : weights.tensors().entrySet()) {
            String old = entry.getKey();
            String name = task.added + (old.startsWith(removed) ? old.substring(removed.length()) : old);
            StoredTensor stored = entry.getValue();
            String place = stored + " " + stored.offset() + Arrays.toString(stored.strides()) + stored.storage();
            Tensor tensor = once.get(place);
            if (tensor == null) {
                tensor = converted(old, file.read(stored));
                once.put(place, tensor);
            }
            if (tensors.put(name, tensor) != null) {
                throw new UsageException("--prefix-remove: two weights would have the name " + name);
            }
        }
        return tensors;
    }

    private Tensor converted(String name, Tensor tensor) {
        if (!task.half || !tensor.type().isFloating() || tensor.type() == DType.F16) {
            return tensor;
        }
        double largest = Scalars.largest(tensor);
        if (largest >= Scalars.BEYOND_HALF) {
            throw new UsageException("--half: " + name + " has the value ±" + largest
                    + ", half precision ends at 65504; leave --half away");
        }
        return tensor.to(DType.F16);
    }
}
