package org.voco4j.engine.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.engine.tensor.AdamWKernel;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Tensor;

/**
 * AdamW: Adam with decoupled weight decay (Loshchilov and Hutter 2019), optionally with amsgrad.
 *
 * <pre>
 *   θ ← θ − η·w·θ
 *   m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²        v̂ = amsgrad ? max over time of v : v
 *   θ ← θ − η · (m / (1 − β₁ᵗ)) / (√(v̂ / (1 − β₂ᵗ)) + ε)
 * </pre>
 *
 * <p>Weights come in groups, each with its own factor on the rate and its own decay. The state has the names of the
 * weights: {@code NAME.exp_avg}, {@code NAME.exp_avg_sq}, {@code NAME.max_exp_avg_sq}, {@code NAME.step}.
 */
public final class AdamW implements AutoCloseable {

    /**
     * What all groups share.
     *
     * @param beta1 β₁ in [0, 1)
     * @param beta2 β₂ in [0, 1)
     * @param epsilon ε &gt; 0
     * @param amsgrad whether the largest v so far is used
     */
    public record Settings(double beta1, double beta2, double epsilon, boolean amsgrad) {}

    record Slot(String name, Tensor weight, Tensor first, Tensor second, Tensor greatest, Tensor steps) {}

    /** Weights with a factor on the rate and a decay of their own. */
    record Group(List<Slot> slots, double rateFactor, double decay) {
        /** The names of the weights, in order. */
        List<String> names() {
            return slots.stream().map(Slot::name).toList();
        }
    }

    private final Settings settings;
    private final List<Group> groups = new ArrayList<>();

    /** An optimiser without weights yet. */
    public AdamW(Settings settings) {
        this.settings = settings;
    }

    /**
     * Adds a group of weights.
     *
     * @param rateFactor multiplies the rate given to each step
     * @param decay decoupled weight decay w
     * @return this
     */
    public AdamW add(Map<String, Tensor> weights, double rateFactor, double decay) {
        List<Slot> slots = new ArrayList<>();
        weights.forEach((name, weight) -> slots.add(
                new Slot(name, weight, zerosLike(weight), zerosLike(weight), zerosLike(weight), counter(weight))));
        groups.add(new Group(slots, rateFactor, decay));
        return this;
    }

    private static Tensor zerosLike(Tensor weight) {
        Tensor zeros = weight.detach().times(0);
        return zeros.persist();
    }

    /** Zero as one value, on the weight's device. */
    private static Tensor counter(Tensor weight) {
        return weight.detach().sum().times(0).to(DType.F32).persist();
    }

    Settings settings() {
        return settings;
    }

    List<Group> groups() {
        return groups;
    }

    /** Moves every weight that has a gradient. */
    public void step(double rate) {
        for (Group group : groups) {
            List<Tensor> weights = new ArrayList<>();
            List<Tensor> gradients = new ArrayList<>();
            List<Slot> moved = new ArrayList<>();
            for (Slot slot : group.slots) {
                Tensor gradient = slot.weight.gradient();
                if (gradient != null) {
                    InPlace.add(slot.steps, 1);
                    weights.add(slot.weight);
                    gradients.add(gradient);
                    moved.add(slot);
                }
            }
            if (moved.isEmpty()) {
                continue;
            }
            AdamWKernel.step(
                    weights,
                    gradients,
                    moved.stream().map(Slot::first).toList(),
                    moved.stream().map(Slot::second).toList(),
                    settings.amsgrad ? moved.stream().map(Slot::greatest).toList() : List.of(),
                    moved.stream().map(Slot::steps).toList(),
                    rate * group.rateFactor,
                    settings.beta1,
                    settings.beta2,
                    group.decay,
                    settings.epsilon,
                    settings.amsgrad);
        }
    }

    /** Frees the state; the weights stay. */
    @Override
    public void close() {
        for (Group group : groups) {
            for (Slot slot : group.slots) {
                List.of(slot.first, slot.second, slot.greatest, slot.steps).forEach(Tensor::close);
            }
        }
    }

    /** Forgets all gradients. */
    public void clearGradients() {
        groups.forEach(group -> group.slots.forEach(slot -> slot.weight.clearGradient()));
    }

    /** The whole state by name, not copied. */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Group group : groups) {
            for (Slot slot : group.slots) {
                state.put(slot.name + ".exp_avg", slot.first);
                state.put(slot.name + ".exp_avg_sq", slot.second);
                if (settings.amsgrad) {
                    state.put(slot.name + ".max_exp_avg_sq", slot.greatest);
                }
                state.put(slot.name + ".step", slot.steps);
            }
        }
        return state;
    }

    /**
     * Takes over a state.
     *
     * @throws IllegalArgumentException if an entry is missing
     */
    public void load(Map<String, Tensor> state) {
        state().forEach((name, mine) -> {
            Tensor value = state.get(name);
            if (value == null) {
                throw new IllegalArgumentException("the optimiser state lacks " + name);
            }
            mine.copyInPlace(value.to(Device.CPU));
        });
    }
}
