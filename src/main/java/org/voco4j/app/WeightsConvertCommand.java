package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.store.Scalars;
import org.voco4j.engine.store.StateDict;
import org.voco4j.engine.store.StoredTensor;
import org.voco4j.engine.store.TorchFile;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.program.weights.TorchCheckpoint;
import org.voco4j.recipe.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code voco weights convert}: a network's weights from one format to another. */
@Command(
        name = "convert",
        description = "Writes the weights in a file to another file, in the format that its name ends with:"
                + " .safetensors, or .pt and .pth for PyTorch.",
        footer = {
            "",
            "Numbers and text beside the weights become the metadata of a .safetensors file.",
            "A .pt holds them beside 'state_dict', and torch.load(weights_only=True) reads it.",
            "A run's checkpoint becomes a .pt with 'optimizer' too, for torch.optim.AdamW.",
            "Optimisers and objects of other classes in A are left out, and named."
        })
final class WeightsConvertCommand implements Callable<Integer> {
    private static final String STATE = "state_dict";

    @Mixin
    private final Common common = new Common();

    @Parameters(
            index = "0",
            paramLabel = "A",
            description = "A .safetensors, .pt or .pth file, or the folder of a finished run.")
    private Path from = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "The file to write: .safetensors, .pt or .pth.")
    private Path to = Path.of("");

    @Option(
            names = "--prefix-remove",
            paramLabel = "P",
            defaultValue = "",
            description = "Take P off the names that begin with it, such as module. of networks trained in parallel;"
                    + " other names stay.")
    private String removed = "";

    @Option(
            names = "--prefix-add",
            paramLabel = "P",
            defaultValue = "",
            description = "Put P before every name, after --prefix-remove.")
    private String added = "";

    @Option(
            names = "--half",
            description = "Write floating-point weights in half precision (F16). Refused if a value is too large for"
                    + " it.")
    private boolean half;

    @Option(names = "--force", description = "Replace B if it exists.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = common.terminal();
        boolean torch = toTorch();
        Compute.prepare(common);
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            StateDict weights = WeightsCommand.read(from, file -> {
                StateDict found = StateDict.of(file);
                tensors.putAll(tensors(file, found));
                return found;
            });
            if (torch) {
                TorchFile.write(to, tree(tensors, weights.scalars()));
            } else {
                Safetensors.write(to, tensors, weights.scalars());
            }
            weights.others().forEach(other -> terminal.warn("Left out: " + other));
            report(terminal, weights, tensors.size());
        }
        return ExitCode.DONE;
    }

    private Map<String, Object> tree(Map<String, Tensor> tensors, Map<String, String> scalars) throws IOException {
        if (TorchCheckpoint.isCheckpoint(scalars)) {
            if (half || !(removed + added).isEmpty()) {
                throw new UsageException("--half and --prefix: a run's checkpoint goes to PyTorch as it is, so that its"
                        + " optimiser can go on; the run's folder or model.safetensors takes them");
            }
            return TorchCheckpoint.of(from, tensors, scalars);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        scalars.forEach((name, text) -> tree.put(name, Scalars.parse(text)));
        tree.put(STATE, tensors);
        return tree;
    }

    private void report(Terminal terminal, StateDict weights, int tensors) throws IOException {
        if (terminal.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("from", from.toString());
            document.put("to", to.toString());
            document.put("where", weights.where());
            document.put("tensors", tensors);
            document.put("bytes", Files.size(to));
            document.put("scalars", weights.scalars());
            document.put("leftOut", weights.others());
            terminal.document(document);
        }
        terminal.print(String.format(Locale.ROOT, "%s: %,d tensors, %,d bytes", to, tensors, Files.size(to)));
    }

    /** Whether B is a file of PyTorch; refuses what cannot be written before anything is read. */
    private boolean toTorch() {
        String name = to.toString().toLowerCase(Locale.ROOT);
        boolean torch = name.endsWith(".pt") || name.endsWith(".pth");
        if (!torch && !name.endsWith(".safetensors")) {
            throw new UsageException("B: expected a name that ends with .safetensors, .pt or .pth, found " + to);
        }
        Path folder = to.toAbsolutePath().getParent();
        if (Files.isDirectory(to) || folder == null || !Files.isDirectory(folder)) {
            throw new UsageException("B: there is no folder for a file " + to);
        }
        if (Files.exists(to) && !force) {
            throw new UsageException("B: " + to + " exists; --force replaces it");
        }
        return torch;
    }

    /** The weights under their new names; tensors that are one in the file are one object. */
    private Map<String, Tensor> tensors(WeightFile file, StateDict weights) throws IOException {
        if (weights.tensors().isEmpty()) {
            throw new UsageException(file.path() + " holds no weights to convert"
                    + (weights.others().isEmpty() ? "" : "; " + String.join("; ", weights.others())));
        }
        if (weights.tensors().keySet().stream().noneMatch(name -> name.startsWith(removed))) {
            throw new UsageException("--prefix-remove: no weight has a name that begins with '" + removed
                    + "'; the first is " + weights.tensors().keySet().iterator().next());
        }
        Map<String, Tensor> once = new HashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, StoredTensor> entry : weights.tensors().entrySet()) {
            String old = entry.getKey();
            String name = added + (old.startsWith(removed) ? old.substring(removed.length()) : old);
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
        if (!half || !tensor.type().isFloating() || tensor.type() == DType.F16) {
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
