package org.voco4j.engine.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.SgdKernel;
import org.voco4j.engine.tensor.Tensor;

/**
 * Gradient descent with momentum, as PyTorch has it: decay is part of the gradient, and the gradient enters the momentum whole.
 *
 * <pre>
 *   g ← g + w·θ
 *   m ← μ·m + g
 *   θ ← θ − η · (nesterov ? g + μ·m : m)
 * </pre>
 *
 * <p>The entry of its state: {@code momentum_buffer}.
 */
public final class Sgd extends Optimizer {
    private static final List<String> ENTRIES = List.of("momentum_buffer");

    /**
     * What all groups share.
     *
     * @param momentum μ in [0, 1)
     * @param nesterov whether the step looks ahead along the momentum (Nesterov)
     */
    public record Settings(double momentum, boolean nesterov) {}

    private final Settings settings;

    /** An optimiser without weights yet. */
    public Sgd(Settings settings) {
        this.settings = settings;
    }

    @Override
    List<String> entries() {
        return ENTRIES;
    }

    @Override
    List<Tensor> kept(Tensor weight) {
        return List.of(zerosLike(weight));
    }

    /** A momentum of zeros and none are the same to PyTorch. */
    @Override
    boolean hasMoved(Slot slot) {
        return true;
    }

    @Override
    void move(List<Slot> moved, List<Tensor> gradients, double rate, double decay) {
        SgdKernel.step(
                moved.stream().map(Slot::weight).toList(),
                gradients,
                entry(moved, 0),
                rate,
                settings.momentum,
                settings.nesterov,
                decay);
    }

    @Override
    Map<String, @Nullable Object> torchOptions() {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        options.put("momentum", settings.momentum);
        options.put("dampening", 0.0);
        options.put("nesterov", settings.nesterov);
        return options;
    }
}
