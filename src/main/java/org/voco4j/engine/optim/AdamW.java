package org.voco4j.engine.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.store.Tuple;
import org.voco4j.engine.tensor.AdamWKernel;
import org.voco4j.engine.tensor.DType;
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
 * <p>The entries of its state: {@code exp_avg}, {@code exp_avg_sq}, {@code max_exp_avg_sq} (amsgrad), {@code step}.
 */
public final class AdamW extends Optimizer {
    private static final int FIRST = 0;
    private static final int SECOND = 1;
    private static final int GREATEST = 2;

    /**
     * What all groups share.
     *
     * @param beta1 β₁ in [0, 1)
     * @param beta2 β₂ in [0, 1)
     * @param epsilon ε &gt; 0
     * @param amsgrad whether the largest v so far is used
     */
    public record Settings(double beta1, double beta2, double epsilon, boolean amsgrad) {}

    private final Settings settings;
    private final List<String> entries;

    /** An optimiser without weights yet. */
    public AdamW(Settings settings) {
        this.settings = settings;
        entries = settings.amsgrad
                ? List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq", "step")
                : List.of("exp_avg", "exp_avg_sq", "step");
    }

    @Override
    List<String> entries() {
        return entries;
    }

    @Override
    List<Tensor> kept(Tensor weight) {
        return Stream.concat(
                        Stream.generate(() -> zerosLike(weight)).limit(entries.size() - 1L), Stream.of(counter(weight)))
                .toList();
    }

    /** Zero as one value, on the weight's device. */
    private static Tensor counter(Tensor weight) {
        return weight.detach().sum().times(0).to(DType.F32).persist();
    }

    private Tensor steps(Slot slot) {
        return slot.kept().get(entries.size() - 1);
    }

    @Override
    boolean hasMoved(Slot slot) {
        return steps(slot).item() > 0;
    }

    @Override
    void move(List<Slot> moved, List<Tensor> gradients, double rate, double decay) {
        moved.forEach(slot -> InPlace.add(steps(slot), 1));
        AdamWKernel.step(
                moved.stream().map(Slot::weight).toList(),
                gradients,
                entry(moved, FIRST),
                entry(moved, SECOND),
                settings.amsgrad ? entry(moved, GREATEST) : List.of(),
                moved.stream().map(this::steps).toList(),
                rate,
                settings.beta1,
                settings.beta2,
                decay,
                settings.epsilon,
                settings.amsgrad);
    }

    @Override
    Map<String, @Nullable Object> torchOptions() {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        options.put("betas", Tuple.of(settings.beta1, settings.beta2));
        options.put("eps", settings.epsilon);
        options.put("amsgrad", settings.amsgrad);
        options.put("capturable", false);
        options.put("decoupled_weight_decay", true);
        return options;
    }
}
