package org.voco4j.engine.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Tensor;

/**
 * What moves weights by their gradients, in groups, each with its own factor on the rate and its own decay.
 *
 * <p>Its state has the names of the weights, {@code NAME.ENTRY}, where the entries are those that PyTorch's optimiser of the same name
 * keeps.
 */
public abstract sealed class Optimizer implements AutoCloseable permits AdamW, Sgd {

    /** A weight, and what is kept of it between steps, in the order of the entries. */
    record Slot(String name, Tensor weight, List<Tensor> kept) {}

    /** Weights with a factor on the rate and a decay of their own. */
    record Group(List<Slot> slots, double rateFactor, double decay) {}

    private final List<Group> groups = new ArrayList<>();

    Optimizer() {}

    /**
     * Adds a group of weights.
     *
     * @param rateFactor multiplies the rate given to each step
     * @param decay weight decay w
     * @return this
     */
    public final Optimizer add(Map<String, Tensor> weights, double rateFactor, double decay) {
        List<Slot> slots = new ArrayList<>();
        weights.forEach((name, weight) -> slots.add(new Slot(name, weight, kept(weight))));
        groups.add(new Group(slots, rateFactor, decay));
        return this;
    }

    /** What the entries of a weight's state are called. */
    abstract List<String> entries();

    /** What is kept of a weight that was never moved, one tensor for each entry. */
    abstract List<Tensor> kept(Tensor weight);

    /** Moves weights of a group. */
    abstract void move(List<Slot> moved, List<Tensor> gradients, double rate, double decay);

    /** What PyTorch's state of a group says beside its rate, decay and weights. */
    abstract Map<String, @Nullable Object> torchOptions();

    /** Whether PyTorch would have a state of this weight. */
    abstract boolean hasMoved(Slot slot);

    static Tensor zerosLike(Tensor weight) {
        return weight.detach().times(0).persist();
    }

    final List<Group> groups() {
        return groups;
    }

    /** One entry of every slot. */
    static List<Tensor> entry(List<Slot> slots, int number) {
        return slots.stream().map(slot -> slot.kept.get(number)).toList();
    }

    /** Moves every weight that has a gradient. */
    public final void step(double rate) {
        step(rate, 1);
    }

    /**
     * The same with another decay.
     *
     * @param decayFactor multiplies the decay of every group in this step
     */
    public final void step(double rate, double decayFactor) {
        for (Group group : groups) {
            List<Tensor> gradients = new ArrayList<>();
            List<Slot> moved = new ArrayList<>();
            for (Slot slot : group.slots) {
                Tensor gradient = slot.weight.gradient();
                if (gradient != null) {
                    gradients.add(gradient);
                    moved.add(slot);
                }
            }
            if (!moved.isEmpty()) {
                move(moved, gradients, rate * group.rateFactor, decayFactor * group.decay);
            }
        }
    }

    /** Frees the state; the weights stay. */
    @Override
    public final void close() {
        state().values().forEach(Tensor::close);
    }

    /** Forgets all gradients. */
    public final void clearGradients() {
        groups.forEach(group -> group.slots.forEach(slot -> slot.weight.clearGradient()));
    }

    /** The whole state by name, not copied. */
    public final Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Group group : groups) {
            for (Slot slot : group.slots) {
                for (int i = 0; i < entries().size(); i++) {
                    state.put(slot.name + "." + entries().get(i), slot.kept.get(i));
                }
            }
        }
        return state;
    }

    /**
     * Takes over a state.
     *
     * @throws IllegalArgumentException if an entry is missing
     */
    public final void load(Map<String, Tensor> state) {
        state().forEach((name, mine) -> {
            Tensor value = state.get(name);
            if (value == null) {
                throw new IllegalArgumentException("the optimiser state lacks " + name);
            }
            mine.copyInPlace(value.to(Device.CPU));
        });
    }
}
