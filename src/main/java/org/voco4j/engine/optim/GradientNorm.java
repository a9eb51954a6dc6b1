package org.voco4j.engine.optim;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/** The Euclidean norm of all gradients together, ‖g‖ = √(Σ ‖g_w‖²), and clipping by it. */
public final class GradientNorm {
    private GradientNorm() {}

    /** The norm over the weights that have a gradient; 0 where none has. */
    public static double of(Collection<Tensor> weights) {
        List<Tensor> norms = weights.stream()
                .map(Tensor::gradient)
                .filter(Objects::nonNull)
                .map(Tensor::norm)
                .toList();
        return norms.isEmpty() ? 0 : Rearrange.stack(norms).norm().item();
    }

    /** Scales all gradients so that their norm is at most {@code limit}. */
    public static void clip(Collection<Tensor> weights, double norm, double limit) {
        if (norm > limit) {
            scale(weights, limit / norm);
        }
    }

    /** Multiplies all gradients by a factor. */
    public static void scale(Collection<Tensor> weights, double factor) {
        for (Tensor weight : weights) {
            Tensor gradient = weight.gradient();
            if (gradient != null) {
                InPlace.scale(gradient, factor);
            }
        }
    }
}
