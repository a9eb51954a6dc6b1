package org.voco4j.pretext.voco;

import java.util.Map;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Tensor;

/**
 * The teacher of the released code: a second network whose weights follow the student's, t ← m·t + (1 − m)·s.
 *
 * <p>As released, m = 0.9 throughout, the teacher starts from weights of its own, not from a copy, and it is updated
 * between the student's and its own forward pass. The paper has no teacher.
 */
final class MomentumTeacher {
    private MomentumTeacher() {}

    /** One update of all weights, which have the same names in both. */
    static void update(Module teacher, Module student, double momentum) {
        Map<String, Tensor> from = student.weights();
        teacher.weights().forEach((name, weight) -> {
            Tensor source = from.get(name);
            if (source == null) {
                throw new IllegalArgumentException("the student has no weight " + name);
            }
            InPlace.average(weight, momentum, source);
        });
    }
}
