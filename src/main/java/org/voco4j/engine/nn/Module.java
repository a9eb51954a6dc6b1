package org.voco4j.engine.nn;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * A part of a network: named tensors, and named parts inside it.
 *
 * <p>A tensor is a <em>weight</em>, which the optimiser moves, a <em>buffer</em>, which a forward pass in training moves, or
 * a <em>constant</em>, which nothing moves and which is in files only because PyTorch's have it; of an <em>uncalled</em> part
 * of the original not even the values matter. The dotted names, in the
 * order in which they were declared, are the keys of checkpoints. A module has no forward method of its own: what goes in
 * and out is the part's own business.
 */
public abstract class Module {
    private enum Kind {
        WEIGHT,
        BUFFER,
        CONSTANT,
        UNCALLED
    }

    private record Entry(Kind kind, Tensor tensor) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Module> parts = new LinkedHashMap<>();
    private boolean training = true;

    /** Declares a trainable weight, zero until {@link #initialise}. */
    protected final Tensor weight(String name, long... shape) {
        Tensor weight = Tensor.zeros(DType.F32, shape).persist().requireGradient(true);
        declare(name, Kind.WEIGHT, weight);
        return weight;
    }

    /** Declares a tensor that training changes without a gradient; the module owns it from now on. */
    protected final Tensor buffer(String name, Tensor values) {
        declare(name, Kind.BUFFER, values.persist());
        return values;
    }

    /** Declares a tensor that follows from how the module is built; several modules may share it. */
    protected final Tensor constant(String name, Tensor values) {
        declare(name, Kind.CONSTANT, values.persist());
        return values;
    }

    /**
     * Declares a tensor of a part that the original builds and its forward pass never calls: in files for PyTorch it has these
     * values, those of a file are passed over; several modules may share it.
     */
    protected final void uncalled(String name, Tensor values) {
        declare(name, Kind.UNCALLED, values.persist());
    }

    /** Declares a part; with an empty name its weights are named as if they were this module's own. */
    protected final <M extends Module> M part(String name, M module) {
        if (parts.putIfAbsent(name, module) != null) {
            throw new IllegalStateException("there is a part '" + name + "' already");
        }
        return module;
    }

    private void declare(String name, Kind kind, Tensor tensor) {
        if (entries.putIfAbsent(name, new Entry(kind, tensor)) != null) {
            throw new IllegalStateException("there is a tensor '" + name + "' already");
        }
    }

    /** Every weight of this module and its parts by dotted name, in order of declaration: what an optimiser moves. */
    public final Map<String, Tensor> weights() {
        return collect(EnumSet.of(Kind.WEIGHT));
    }

    /** Weights and buffers, everything that training changes: what a checkpoint needs. */
    public final Map<String, Tensor> state() {
        return collect(EnumSet.of(Kind.WEIGHT, Kind.BUFFER));
    }

    /** Weights, buffers, constants and what is never called: what a file for PyTorch needs, the keys of its {@code state_dict}. */
    public final Map<String, Tensor> stateDict() {
        return collect(EnumSet.allOf(Kind.class));
    }

    private Map<String, Tensor> collect(Set<Kind> kinds) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        collect("", kinds, all);
        return Collections.unmodifiableMap(all);
    }

    private void collect(String prefix, Set<Kind> kinds, Map<String, Tensor> all) {
        entries.forEach((name, entry) -> {
            if (kinds.contains(entry.kind)) {
                all.put(prefix + name, entry.tensor);
            }
        });
        parts.forEach((name, module) -> module.collect(name.isEmpty() ? prefix : prefix + name + ".", kinds, all));
    }

    /** Whether batch norms take the statistics of their batch and remember them (true at first) or the remembered ones. */
    public final void training(boolean on) {
        training = on;
        parts.values().forEach(part -> part.training(on));
    }

    /** What was said last by {@link #training}. */
    public final boolean isTraining() {
        return training;
    }

    /**
     * Draws all weights anew by the law of each layer.
     *
     * <p>Every weight has its own generator, seeded by the seed and its full name, so that a network's weights do not
     * depend on what else is built before it.
     *
     * @return this
     */
    public final Module initialise(long seed) {
        initialise(new Initialiser(seed, ""));
        return this;
    }

    private void initialise(Initialiser initialiser) {
        parts.forEach((name, module) -> module.initialise(initialiser.inside(name)));
        drawWeights(initialiser);
    }

    /** Draws the weights that this module itself declared; layers say their law here. Its parts have drawn theirs, which it may overrule. */
    protected void drawWeights(Initialiser initialiser) {}

    /** Moves every tensor and converts those that are no whole numbers; gradients are forgotten. */
    public final void to(Device device, DType type) {
        stateDict()
                .values()
                .forEach(tensor -> tensor.convertInPlace(device, tensor.type() == DType.I64 ? DType.I64 : type));
    }

    /**
     * Takes over the values of all weights and buffers.
     *
     * @throws IllegalArgumentException if a name is missing or a shape differs; nothing is changed then
     */
    public final void load(Map<String, Tensor> values) {
        Map<String, Tensor> mine = state();
        mine.forEach((name, weight) -> {
            Tensor value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException("the weight " + name + " is missing");
            }
            if (!Arrays.equals(value.shape(), weight.shape())) {
                throw new IllegalArgumentException("the weight " + name + " has shape "
                        + Arrays.toString(value.shape()) + ", expected "
                        + Arrays.toString(weight.shape()));
            }
        });
        mine.forEach((name, weight) -> weight.copyInPlace(Objects.requireNonNull(values.get(name))));
    }

    /**
     * Takes over what a file has under the same names and in the same shapes, for transfer: {@link #loadMatching(Map,
     * LoadRequest)}.
     *
     * @param wanted which names of this network are asked for
     * @return what was taken over and what was not
     * @throws IllegalArgumentException if not one weight fits
     */
    public final LoadReport loadMatching(Map<String, Tensor> values, Predicate<String> wanted) {
        return loadMatching(values, LoadRequest.of(wanted));
    }

    /**
     * Takes over what a file has of this network: under its names or behind a prefix ({@link Renaming}), in its shapes or
     * in some that can be adapted: another number of input channels, windows or grids of positions of another size.
     *
     * @return name by name what was taken over, how, and what was not
     * @throws IllegalArgumentException if not one weight fits, with the nearest names on both sides; if the file is of a
     *     network with another number of spatial axes; if it has no weights of the role asked for. Nothing is changed then
     */
    public final LoadReport loadMatching(Map<String, Tensor> values, LoadRequest request) {
        Map<String, Tensor> mine = stateDict();
        Set<String> constants = collect(EnumSet.of(Kind.CONSTANT)).keySet();
        Set<String> uncalled = collect(EnumSet.of(Kind.UNCALLED)).keySet();
        try (Scope scope = Scope.open()) {
            Matching matching = new Matching(mine, constants, uncalled, values, request);
            matching.values()
                    .forEach((name, value) ->
                            Objects.requireNonNull(mine.get(name)).copyInPlace(value));
            return matching.report();
        }
    }

    /** Whether gradients are recorded for the weights. */
    public final void requireGradients(boolean required) {
        weights().values().forEach(weight -> weight.requireGradient(required));
    }
}
