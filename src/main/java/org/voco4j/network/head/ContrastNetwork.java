package org.voco4j.network.head;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
 *
 * <p>{@link #withTeacher} has a second projector that nothing is taught but to follow the first; its names are those of TPAMI's
 * published weights, {@code backbone.*}, {@code student.*} and {@code teacher.*}.
 */
public final class ContrastNetwork extends Module {
    private final Encoder encoder;
    private final String front; // what the encoder's names begin with
    private final ProjectionHead projector;
    private final @Nullable ProjectionHead teacher;
    private final Precision precision;

    /** A network around an encoder that nobody else owns, in 32 bits. */
    public ContrastNetwork(Encoder encoder, int hidden, int out, ProjectionHead.Norm norm) {
        this(encoder, hidden, out, norm, Precision.FP32);
    }

    /** A network around an encoder that nobody else owns; {@code precision} is the encoder's, the projector has 32 bits. */
    public ContrastNetwork(Encoder encoder, int hidden, int out, ProjectionHead.Norm norm, Precision precision) {
        this.encoder = encoder;
        this.precision = precision;
        this.front = "";
        part("", encoder);
        this.projector = part("proj_head", new ProjectionHead(PooledLevels.count(encoder), hidden, out, norm));
        this.teacher = null;
    }

    private ContrastNetwork(Encoder encoder, ProjectionHead projector, ProjectionHead teacher, Precision precision) {
        this.encoder = encoder;
        this.precision = precision;
        this.front = "backbone.";
        part("backbone", encoder);
        this.projector = part("student", projector);
        this.teacher = part("teacher", teacher);
    }

    /** The same with a second projector. */
    public static ContrastNetwork withTeacher(
            Encoder encoder, int hidden, int out, ProjectionHead.Norm norm, Precision precision) {
        int in = PooledLevels.count(encoder);
        return new ContrastNetwork(
                encoder,
                new ProjectionHead(in, hidden, out, norm),
                new ProjectionHead(in, hidden, out, norm),
                precision);
    }

    /** The encoder. */
    public Encoder encoder() {
        return encoder;
    }

    /** Whether a weight of this name is the encoder's. */
    public boolean isOfEncoder(String name) {
        return name.startsWith(front) && encoder.weights().containsKey(name.substring(front.length()));
    }

    /** The projector. */
    public ProjectionHead projector() {
        return projector;
    }

    /** The second projector, or null. */
    public @Nullable ProjectionHead teacher() {
        return teacher;
    }

    /** The weights of encoder and projector, without those of a second one. */
    public Map<String, Tensor> taught() {
        Map<String, Tensor> taught = new LinkedHashMap<>(weights());
        if (teacher != null) {
            taught.keySet().removeIf(name -> name.startsWith("teacher."));
        }
        return taught;
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
