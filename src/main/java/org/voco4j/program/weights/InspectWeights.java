package org.voco4j.program.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.voco4j.engine.store.StateDict;
import org.voco4j.engine.store.StoredTensor;
import org.voco4j.network.recognise.Architecture;
import org.voco4j.recipe.UsageException;

/** Contents of a file of weights, found without reading their values or executing anything. */
public final class InspectWeights {
    private InspectWeights() {}

    /**
     * A part of a network: the tensors whose names begin alike.
     *
     * @param tensors how many there are
     * @param parameters the floating-point numbers in them
     * @param largest the rest of the name, number format and shape of the largest
     */
    public record Part(String name, int tensors, long parameters, String largest) {}

    /**
     * Contents of a file.
     *
     * @param file the file itself where a run's folder was named
     * @param format in words
     * @param bytes the size of the file
     * @param weights the tensors, and what lies beside them
     * @param networks what names and shapes tell
     */
    public record Outcome(Path file, String format, long bytes, StateDict weights, List<Architecture> networks) {

        /** The number of parameters; indices and counters are none. */
        public long parameters() {
            return InspectWeights.parameters(weights.tensors().values());
        }

        /** The number of tensors of each number format. */
        public Map<String, Integer> types() {
            Map<String, Integer> types = new TreeMap<>();
            weights.tensors()
                    .values()
                    .forEach(tensor -> types.merge(tensor.type().name(), 1, Integer::sum));
            return types;
        }

        /** The parts of the network, by what follows the beginning that all names share. */
        public List<Part> parts() {
            return InspectWeights.parts(weights.tensors());
        }
    }

    /**
     * Looks into a file.
     *
     * @param path a {@code .safetensors}, {@code .pt} or {@code .pth} file, or the folder of a finished run
     * @throws UsageException if it cannot be read
     */
    public static Outcome run(Path path) {
        return OpenedWeights.read(path, file -> {
            StateDict weights = StateDict.of(file);
            Map<String, long[]> shapes = new LinkedHashMap<>();
            weights.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
            return new Outcome(file.path(), file.format(), file.bytes(), weights, Architecture.recognise(shapes));
        });
    }

    private static List<Part> parts(Map<String, StoredTensor> tensors) {
        String shared = sharedParts(List.copyOf(tensors.keySet()));
        Map<String, Map<String, StoredTensor>> groups = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            int dot = name.indexOf('.', shared.length());
            groups.computeIfAbsent(dot < 0 ? name : name.substring(0, dot), part -> new LinkedHashMap<>())
                    .put(name, tensor);
        });
        List<Part> parts = new ArrayList<>();
        groups.forEach((part, inside) ->
                parts.add(new Part(part, inside.size(), parameters(inside.values()), largest(part, inside))));
        return parts;
    }

    private static String largest(String part, Map<String, StoredTensor> tensors) {
        String largest = "";
        long most = -1;
        for (Map.Entry<String, StoredTensor> entry : tensors.entrySet()) {
            if (entry.getValue().count() > most) {
                most = entry.getValue().count();
                String inside = entry.getKey().substring(part.length());
                largest = (inside.isEmpty() ? "" : inside.substring(1) + " ") + entry.getValue();
            }
        }
        return largest;
    }

    /** The leading parts, dots included, that all names have in common; never a whole name. */
    private static String sharedParts(List<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        String shared = names.get(0);
        shared = shared.substring(0, shared.lastIndexOf('.') + 1);
        for (String name : names) {
            while (!name.startsWith(shared)) {
                shared = shared.substring(0, shared.lastIndexOf('.', shared.length() - 2) + 1);
            }
        }
        return shared;
    }

    private static long parameters(Collection<StoredTensor> tensors) {
        return tensors.stream()
                .filter(tensor -> tensor.type().isFloating())
                .mapToLong(StoredTensor::count)
                .sum();
    }
}
