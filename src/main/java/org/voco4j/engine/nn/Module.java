package org.voco4j.engine.nn;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Tensor;

/**
 * A part of a network: named weights, and named parts inside it.
 *
 * <p>The dotted names, in the order in which they were declared, are the keys of checkpoints. A module has no forward
 * method of its own: what goes in and out is the part's own business.
 */
public abstract class Module {
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final Map<String, Module> parts = new LinkedHashMap<>();

    /** Declares a trainable weight, zero until {@link #initialise}. */
    protected final Tensor weight(String name, long... shape) {
        Tensor weight = Tensor.zeros(DType.F32, shape).persist().requireGradient(true);
        weights.put(name, weight);
        return weight;
    }

    /** Declares a part; with an empty name its weights are named as if they were this module's own. */
    protected final <M extends Module> M part(String name, M module) {
        parts.put(name, module);
        return module;
    }

    /** Every weight of this module and its parts by dotted name, in order of declaration. */
    public final Map<String, Tensor> weights() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        collect("", all);
        return Collections.unmodifiableMap(all);
    }

    private void collect(String prefix, Map<String, Tensor> all) {
        weights.forEach((name, weight) -> all.put(prefix + name, weight));
        parts.forEach((name, module) -> module.collect(name.isEmpty() ? prefix : prefix + name + ".", all));
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
        drawWeights(initialiser);
        parts.forEach((name, module) -> module.initialise(initialiser.inside(name)));
    }

    /** Draws the weights that this module itself declared; layers say their law here. */
    protected void drawWeights(Initialiser initialiser) {}

    /** Moves and converts every weight; gradients are forgotten. */
    public final void to(Device device, DType type) {
        weights().values().forEach(weight -> weight.convertInPlace(device, type));
    }

    /**
     * Takes over the values of all weights.
     *
     * @throws IllegalArgumentException if a name is missing or a shape differs; nothing is changed then
     */
    public final void load(Map<String, Tensor> values) {
        Map<String, Tensor> mine = weights();
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
     * Takes over the values of those weights that a file has under the same name and in the same shape, for transfer.
     *
     * @param wanted which weights of this network are asked for, by dotted name
     * @return what was taken over and what was not
     * @throws IllegalArgumentException if not one fits; the message names the nearest names on both sides
     */
    public final LoadReport loadMatching(Map<String, Tensor> values, Predicate<String> wanted) {
        Map<String, Tensor> mine = weights();
        LoadReport report = LoadReport.of(mine, values, wanted);
        if (report.loaded().isEmpty()) {
            throw new IllegalArgumentException(LoadReport.nothingFits(mine, values, wanted));
        }
        for (String name : report.loaded()) {
            Objects.requireNonNull(mine.get(name)).copyInPlace(Objects.requireNonNull(values.get(name)));
        }
        return report;
    }

    /** Whether gradients are recorded for the weights. */
    public final void requireGradients(boolean required) {
        weights().values().forEach(weight -> weight.requireGradient(required));
    }
}
