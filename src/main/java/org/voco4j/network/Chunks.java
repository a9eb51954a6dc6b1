package org.voco4j.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * The features of many crops with the memory of a few: they go through the encoder chunk by chunk, with exact gradients.
 *
 * <pre>
 *   z_k = f(x_k) without a graph;  L(z) and ∂L/∂z on all of them;  then chunk by chunk f(x_k) again, fed ∂L/∂z_k
 * </pre>
 *
 * <p>Exact because ∂L/∂θ = Σ_k (∂L/∂z_k)·(∂z_k/∂θ) where z_k depends on its own crop alone ({@link
 * org.voco4j.engine.nn.Encoder#mixesSamples}). It costs one more forward pass, which is saved where one chunk holds all of a step.
 */
public final class Chunks {
    private final UnaryOperator<Tensor> encode;
    private final Tensor crops;
    private final int chunk;
    private final boolean alone;
    private @Nullable Tensor features;

    /**
     * All crops of a step.
     *
     * @param encode [B, …] → [B, D], row by row
     * @param crops [B, …]
     * @param chunk crops at once, at least 1
     */
    public Chunks(UnaryOperator<Tensor> encode, Tensor crops, int chunk) {
        this(encode, crops, chunk, true);
    }

    /**
     * Some of the crops of a step.
     *
     * @param encode [B, …] → [B, D], row by row
     * @param crops [B, …]
     * @param chunk crops at once, at least 1
     * @param alone whether the graph of a single chunk may be kept; graphs of several groups of crops add up
     */
    public Chunks(UnaryOperator<Tensor> encode, Tensor crops, int chunk, boolean alone) {
        this.encode = encode;
        this.crops = crops;
        this.chunk = chunk;
        this.alone = alone;
    }

    /** The features of all crops, without a graph. */
    public static Tensor withoutGraph(UnaryOperator<Tensor> encode, Tensor crops, int chunk) {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            List<Tensor> parts = new ArrayList<>();
            for (long from = 0; from < crops.size(0); from += chunk) {
                try (Scope one = Scope.open()) { // what lies between crops and features goes with its chunk
                    parts.add(one.keep(encode.apply(crops.narrow(0, from, Math.min(chunk, crops.size(0) - from)))));
                }
            }
            return scope.keep(parts.size() == 1 ? parts.get(0) : Tensor.concatenate(parts, 0));
        }
    }

    /** The features of all crops, to compute a loss from: [B, D]. */
    public Tensor features() {
        if (alone && crops.size(0) <= chunk) {
            return encode.apply(crops);
        }
        features = withoutGraph(encode, crops, chunk).requireGradient(true);
        return features;
    }

    /** Hands the gradient on to the encoder, after the backward pass of what was computed from the features. */
    public void backward() {
        Tensor gradient = features == null ? null : features.gradient();
        if (gradient == null) {
            return; // the graph reached the encoder already, or nothing depends on it
        }
        for (long from = 0; from < crops.size(0); from += chunk) {
            long length = Math.min(chunk, crops.size(0) - from);
            try (Scope scope = Scope.open()) {
                encode.apply(crops.narrow(0, from, length)).backward(gradient.narrow(0, from, length));
            }
        }
    }
}
