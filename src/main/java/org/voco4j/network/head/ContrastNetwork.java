package org.voco4j.network.head;

import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Tensor;

/**
 * An encoder with a projector: what contrast is made between.
 *
 * <p>The feature of a crop is the mean of every encoder level over its voxels, the levels concatenated, as in the
 * released code; the paper's §3.2 pools the projected map of one level only. Weights are named as released: the
 * encoder's own keys, and {@code proj_head.*}.
 */
public final class ContrastNetwork extends Module {
    private final Encoder encoder;
    private final ProjectionHead projector;
    private final Precision precision;

    /** A network around an encoder that nobody else owns, in 32 bits. */
    public ContrastNetwork(Encoder encoder, int hidden, int out, ProjectionHead.Norm norm) {
        this(encoder, hidden, out, norm, Precision.FP32);
    }

    /** A network around an encoder that nobody else owns; {@code precision} is the encoder's, the projector has 32 bits. */
    public ContrastNetwork(Encoder encoder, int hidden, int out, ProjectionHead.Norm norm, Precision precision) {
        this.encoder = encoder;
        this.precision = precision;
        part("", encoder);
        this.projector = part("proj_head", new ProjectionHead(PooledLevels.count(encoder), hidden, out, norm));
    }

    /** The encoder. */
    public Encoder encoder() {
        return encoder;
    }

    /** [B, C, X, Y, Z] → [B, Σ c_l]: what is transferred, before the projector. */
    public Tensor pooled(Tensor crops) {
        return PooledLevels.of(encoder, crops, precision);
    }

    /** [B, Σ c_l] → [B, D]. */
    public Tensor project(Tensor pooled) {
        return projector.forward(pooled);
    }
}
