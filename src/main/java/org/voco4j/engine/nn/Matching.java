package org.voco4j.engine.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.voco4j.engine.tensor.Tensor;

/** A file beside a network: which of its values go where. Changes neither. */
final class Matching {
    private final Map<String, Tensor> network;
    private final Map<String, Tensor> file;
    private final Map<String, List<Long>> here;
    private final Map<String, List<Long>> inFile;
    private final Set<String> constants;
    private final Set<String> uncalled;
    private final LoadRequest request;
    private final Map<String, String> names; // of the network → of the file
    private final Adaptation adaptation;

    private final Map<String, Tensor> values = new LinkedHashMap<>();
    private final List<String> loaded = new ArrayList<>();
    private final Map<String, String> adapted = new LinkedHashMap<>();
    private final List<String> notInFile = new ArrayList<>();
    private final List<LoadReport.Misfit> misfits = new ArrayList<>();
    private final List<String> notWanted = new ArrayList<>();
    private final List<String> own = new ArrayList<>();
    private final List<String> passedOver = new ArrayList<>();
    private final LoadReport report;

    /**
     * Compares.
     *
     * @param network all its tensors by name, in its order
     * @param constants the names of those that nothing changes
     * @param uncalled the names of those that no forward pass reads
     * @throws IllegalArgumentException if the file is of a network with another number of axes, or not one weight fits
     */
    Matching(
            Map<String, Tensor> network,
            Set<String> constants,
            Set<String> uncalled,
            Map<String, Tensor> file,
            LoadRequest request) {
        this.network = network;
        this.file = file;
        this.constants = constants;
        this.uncalled = uncalled;
        this.request = request;
        here = shapes(network);
        inFile = shapes(file);
        Map<String, List<Long>> asked = new LinkedHashMap<>(here);
        asked.keySet().removeIf(request.wanted().negate());
        asked.keySet().removeAll(uncalled);
        Renaming renaming = Renaming.choose(asked, inFile, request.role());
        names = renaming.names(network.keySet(), file.keySet());
        String first = here.keySet().stream()
                .filter(name -> Adaptation.isKernel(here(name)))
                .findFirst()
                .orElse("");
        adaptation = new Adaptation(request, here(first), inFile(first));
        network.keySet().forEach(this::place);
        if (constants.containsAll(loaded)) {
            throw new IllegalArgumentException(NothingFits.sentence(here, inFile, asked.keySet()));
        }
        Set<String> unused = new LinkedHashSet<>(file.keySet());
        unused.removeAll(new HashSet<>(names.values()));
        report = new LoadReport(
                loaded, adapted, notInFile, misfits, notWanted, own, passedOver, List.copyOf(unused), renaming);
    }

    /** What the weights and buffers become, by the network's names. */
    Map<String, Tensor> values() {
        return values;
    }

    LoadReport report() {
        return report;
    }

    private void place(String name) {
        Tensor value = file.get(names.getOrDefault(name, ""));
        boolean constant = constants.contains(name);
        if (uncalled.contains(name)) {
            (value == null ? own : passedOver).add(name);
        } else if (constant && (value == null || !inFile(name).equals(here(name)))) {
            own.add(name);
        } else if (!request.wanted().test(name)) {
            notWanted.add(name);
        } else if (value == null) {
            notInFile.add(name);
        } else if (constant) {
            compare(name, value);
        } else if (inFile(name).equals(here(name))) {
            loaded.add(name);
            values.put(name, value);
        } else {
            adapt(name, value);
        }
    }

    private void compare(String name, Tensor value) {
        double[] mine = Objects.requireNonNull(network.get(name)).toDoubles();
        if (Arrays.equals(value.toDoubles(), mine)) {
            loaded.add(name);
        } else {
            misfits.add(new LoadReport.Misfit(
                    name, inFile(name), here(name), "other values in the file than follow from this network's form"));
        }
    }

    private void adapt(String name, Tensor value) {
        List<Long> from = inFile(name);
        List<Long> to = here(name);
        if (Adaptation.isKernel(from) && Adaptation.isKernel(to) && from.size() != to.size()) {
            throw new IllegalArgumentException("weights of a " + (from.size() - 2) + "-D network do not fit a "
                    + (to.size() - 2) + "-D one: " + name + " is " + from + " in the file, " + to + " here");
        }
        Tensor mine = Objects.requireNonNull(network.get(name));
        Adaptation.Outcome outcome = adaptation.of(name, value.to(mine.type()), from, to);
        if (outcome.values() == null) {
            misfits.add(new LoadReport.Misfit(name, from, to, outcome.how()));
        } else {
            loaded.add(name);
            adapted.put(name, outcome.how());
            values.put(name, outcome.values());
        }
    }

    private List<Long> here(String name) {
        return here.getOrDefault(name, List.of());
    }

    /** The file's shape for a name of the network. */
    private List<Long> inFile(String name) {
        return inFile.getOrDefault(names.getOrDefault(name, ""), List.of());
    }

    private static Map<String, List<Long>> shapes(Map<String, Tensor> tensors) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) ->
                shapes.put(name, Arrays.stream(tensor.shape()).boxed().toList()));
        return shapes;
    }
}
