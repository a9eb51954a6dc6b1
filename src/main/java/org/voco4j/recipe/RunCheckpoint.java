package org.voco4j.recipe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.store.Checksum;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;

/**
 * All that training changes, in one {@code .safetensors} file: {@code task.*} what is trained, {@code optimizer.*} moments, and
 * in the metadata the step and a checksum of everything. Draws need no state: they are counted.
 */
final class RunCheckpoint {
    private static final String STATE = "task.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String CHECKSUM = "crc32c";

    private RunCheckpoint() {}

    /** What is trained, its optimiser and how far it is, as they are now; {@code kind} is the kind of run. */
    static AtomicFile.Content of(String kind, Map<String, Tensor> state, AdamW optimizer, int step, double best) {
        Map<String, Tensor> tensors = tensors(state, optimizer);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("kind", format(kind));
        metadata.put("step", Integer.toString(step));
        metadata.put("best", Double.toString(best));
        metadata.put(CHECKSUM, Checksum.of(tensors, metadata));
        return Safetensors.content(tensors, metadata);
    }

    private static String format(String kind) {
        return "voco-" + kind + "-checkpoint";
    }

    private static Map<String, Tensor> tensors(Map<String, Tensor> state, AdamW optimizer) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        state.forEach((name, tensor) -> all.put(STATE + name, tensor));
        optimizer.state().forEach((name, tensor) -> all.put(OPTIMIZER + name, tensor));
        return all;
    }

    /** Where a run stands. */
    record Place(int step, double best) {}

    /**
     * Takes over a state, once all of it is known to be right.
     *
     * @throws IOException if the file is damaged or of another network, with its name and what is wrong; nothing is
     *     changed then
     */
    static Place load(Path path, String kind, Map<String, Tensor> state, AdamW optimizer) throws IOException {
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
            Place place = new Place(
                    Integer.parseInt(metadata.getOrDefault("step", "")),
                    Double.parseDouble(metadata.getOrDefault("best", "")));
            state.forEach((name, tensor) -> tensor.copyInPlace(get(contents, STATE + name)));
            Map<String, Tensor> moments = new LinkedHashMap<>();
            optimizer.state().keySet().forEach(name -> moments.put(name, get(contents, OPTIMIZER + name)));
            optimizer.load(moments);
            return place;
        } catch (NumberFormatException unfit) {
            throw new IOException(path + " does not tell its step: " + unfit.getMessage(), unfit);
        }
    }

    private static Tensor get(Safetensors.Contents contents, String name) {
        return Objects.requireNonNull(contents.tensors().get(name));
    }

    private static void checkSame(Path path, String what, Object expected, @Nullable Object found) throws IOException {
        if (!expected.equals(found)) {
            throw new IOException(path + " is not a whole checkpoint of this run: " + what + ": expected " + expected
                    + ", found " + (found == null ? "none" : found));
        }
    }
}
