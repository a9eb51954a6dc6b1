package org.voco4j.pretext.part;

import java.util.Map;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Tensor;

/**
 * A teacher: a second network that nothing is taught but to follow a student slowly.
 *
 * <pre>  t ← m·t + (1 − m)·s </pre>
 */
public final class MomentumTeacher {
    private MomentumTeacher() {}

    /**
     * The momentum of a run that brings it from a first value to 1.
     *
     * <pre>  m(t) = 1 − ½·(1 + cos πt)·(1 − m₀) </pre>
     *
     * @param first m₀
     * @param done t, the share of the run that is done
     */
    public static double momentum(double first, double done) {
        return 1 - (1 + Math.cos(Math.PI * done)) / 2 * (1 - first);
    }

    /**
     * One update of all the teacher's weights.
     *
     * @param momentum m, in [0, 1]
     * @throws IllegalArgumentException if the student has none of a name
     */
    public static void update(Module teacher, Module student, double momentum) {
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
