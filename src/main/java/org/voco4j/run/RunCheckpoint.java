package org.voco4j.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.store.Checksum;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;

/**
 * All that training changes, in one {@code .safetensors} file: {@code task.*} what is trained, {@code optimizer.*} moments, and
 * in the metadata the step and a checksum of everything. Draws need no state: they are counted.
 */
public final class RunCheckpoint {
    private static final String STATE = "task.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String CHECKSUM = "crc32c";

    private RunCheckpoint() {}

    /** What is trained, its optimiser and how far it is, as they are now; {@code kind} is the kind of run. */
    public static AtomicFile.Content of(
            String kind, Map<String, Tensor> state, Optimizer optimizer, int step, double best) {
        Map<String, Tensor> tensors = tensors(state, optimizer);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("kind", format(kind));
        metadata.put("step", Integer.toString(step));
        metadata.put("best", Double.toString(best));
        metadata.put(CHECKSUM, Checksum.of(tensors, metadata));
        return Safetensors.content(tensors, metadata);
    }

    /** Whether a file with this metadata is a checkpoint of such a run. */
    public static boolean isKind(String kind, Map<String, String> metadata) {
        return format(kind).equals(metadata.get("kind"));
    }

    /** What is trained, of all tensors of a checkpoint, by the names it has in the run. */
    public static Map<String, Tensor> state(Map<String, Tensor> tensors) {
        return below(STATE, tensors);
    }

    /** The optimiser's state, of all tensors of a checkpoint. */
    public static Map<String, Tensor> moments(Map<String, Tensor> tensors) {
        return below(OPTIMIZER, tensors);
    }

    private static Map<String, Tensor> below(String prefix, Map<String, Tensor> tensors) {
        Map<String, Tensor> some = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                some.put(name.substring(prefix.length()), tensor);
            }
        });
        return some;
    }

    /**
     * How far the run is that a checkpoint is of.
     *
     * @throws NumberFormatException if the metadata do not tell
     */
    public static int step(Map<String, String> metadata) {
        return Integer.parseInt(metadata.getOrDefault("step", ""));
    }

    private static String format(String kind) {
        return "voco-" + kind + "-checkpoint";
    }

    private static Map<String, Tensor> tensors(Map<String, Tensor> state, Optimizer optimizer) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        state.forEach((name, tensor) -> all.put(STATE + name, tensor));
        optimizer.state().forEach((name, tensor) -> all.put(OPTIMIZER + name, tensor));
        return all;
    }

    /** Where a run stands. */
    public record Place(int step, double best) {}

    /**
     * Takes over a state, once all of it is known to be right.
     *
     * @throws IOException if the file is damaged or of another network, with its name and what is wrong; nothing is
     *     changed then
     */
    public static Place load(Path path, String kind, Map<String, Tensor> state, Optimizer optimizer)
            throws IOException {
        try (Scope scope = Scope.open()) {
            Safetensors.Contents contents = Safetensors.read(path);
            Map<String, String> metadata = new LinkedHashMap<>(contents.metadata());
            checkSame(path, "kind", format(kind), metadata.get("kind"));
            String checksum = metadata.remove(CHECKSUM);
            checkSame(path, "checksum", checksum == null ? "one" : checksum, Checksum.of(contents.tensors(), metadata));
            Map<String, Tensor> mine = tensors(state, optimizer);
            checkSame(path, "number of tensors", mine.size(), contents.tensors().size());
            for (Map.Entry<String, Tensor> entry : mine.entrySet()) {
                Tensor theirs = contents.tensors().get(entry.getKey());
                String found = theirs == null ? null : theirs.toString(); // number format and shape
                checkSame(path, entry.getKey(), entry.getValue().toString(), found);
            }
            Place place = new Place(step(metadata), Double.parseDouble(metadata.getOrDefault("best", "")));
            Map<String, Tensor> values = state(contents.tensors());
            state.forEach((name, tensor) -> tensor.copyInPlace(Objects.requireNonNull(values.get(name))));
            optimizer.load(moments(contents.tensors()));
            return place;
        } catch (NumberFormatException unfit) {
            throw new IOException(path + " does not tell its step: " + unfit.getMessage(), unfit);
        }
    }

    private static void checkSame(Path path, String what, Object expected, @Nullable Object found) throws IOException {
        if (!expected.equals(found)) {
            throw new IOException(path + " is not a whole checkpoint of this run: " + what + ": expected " + expected
                    + ", found " + (found == null ? "none" : found));
        }
    }
}
