package org.voco4j.network;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Module;
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

    /** A network around an encoder that nobody else owns. */
    public ContrastNetwork(Encoder encoder, int hidden, int out, ProjectionHead.Norm norm) {
        this.encoder = encoder;
        part("", encoder.module());
        int pooled = encoder.channels().stream().mapToInt(Integer::intValue).sum();
        this.projector = part("proj_head", new ProjectionHead(pooled, hidden, out, norm));
    }

    /** The encoder. */
    public Encoder encoder() {
        return encoder;
    }

    /** [B, C, X, Y, Z] → [B, Σ c_l]: what is transferred, before the projector. */
    public Tensor pooled(Tensor crops) {
        List<Tensor> means = new ArrayList<>();
        for (Tensor level : encoder.levels(crops)) {
            means.add(level.mean(2, 3, 4)); // [B, c_l]
        }
        return Tensor.concatenate(means, 1);
    }

    /** [B, Σ c_l] → [B, D]. */
    public Tensor project(Tensor pooled) {
        return projector.forward(pooled);
    }
}
