package org.voco4j.pretext.voco;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.ContrastNetwork;
import org.voco4j.network.head.ProjectionHead;
import org.voco4j.pretext.part.MomentumTeacher;

/**
 * The momentum teacher of a network: a second network, its second projector, or none.
 *
 * <p>As released it starts from weights of its own and is updated between the student's and its own forward pass, with m = 0.9
 * throughout.
 */
final class Follower {
    private final VoCoOptions options;
    private final ContrastNetwork student;
    private final @Nullable ContrastNetwork network;
    private final @Nullable ProjectionHead projector;

    /**
     * A follower with weights of its own, or the student's where it is to copy them.
     *
     * @param student whose second projector it may be
     * @param second makes a second network with weights of its own
     * @throws IllegalArgumentException if the teacher is to be a projector and the network has one alone, or the other way round
     */
    Follower(VoCoOptions options, ContrastNetwork student, Supplier<ContrastNetwork> second) {
        this.options = options;
        this.student = student;
        network = options.teacher() == Teacher.NETWORK ? second.get() : null;
        projector = student.teacher();
        if ((options.teacher() == Teacher.PROJECTOR) != (projector != null)) {
            throw new IllegalArgumentException("the teacher is " + options.teacher() + ", and the network has "
                    + (projector == null ? "one projector" : "two projectors"));
        }
        if (network != null) {
            network.requireGradients(false);
        }
        if (projector != null) {
            projector.requireGradients(false);
        }
        copy();
    }

    /** Takes over the student's weights, where it is to start with them. */
    void copy() {
        if (options.teacherCopies() && network != null) {
            network.load(student.state());
        } else if (options.teacherCopies() && projector != null) {
            projector.load(student.projector().state());
        }
    }

    /** The second network, or null. */
    @Nullable
    ContrastNetwork network() {
        return network;
    }

    /**
     * Follows the student, then embeds crops, without a graph.
     *
     * @param pooled what the student's encoder makes of them, [R, C]
     * @param crops [R, 1, X, Y, Z]
     * @param chunk crops at once through a second encoder
     * @return [R, D], or null if there is no teacher
     */
    @Nullable
    Tensor embed(Tensor pooled, Tensor crops, int chunk) {
        try (NoGrad none = NoGrad.open()) {
            if (network != null) {
                MomentumTeacher.update(network, student, options.teacherMomentum());
                return network.project(Chunks.withoutGraph(network::pooled, crops, chunk));
            }
            if (projector != null) {
                MomentumTeacher.update(projector, student.projector(), options.teacherMomentum());
                return projector.forward(pooled);
            }
            return null;
        }
    }
}
