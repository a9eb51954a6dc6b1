package org.voco4j.pretext.glmae;

import java.util.Locale;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * How far what the student says of masked crops is from what the teacher says of whole ones: a mean over pairs of a student's s and a teacher's t.
 *
 * <p>Shapes: S of the student [B, m, K], T of the teacher [B, p, K], for m and p crops of each of B scans.
 */
public enum Consistency {
    /** DINO's cross entropy: −Σ t·s with t = softmax((T − c)/τ_t) and s = log softmax(S/τ_s). */
    DINO {
        @Override
        Tensor target(Tensor teacher, Tensor centre, double temperature) {
            return Ops.softmax(teacher.minus(centre).times(1 / temperature), 2);
        }

        @Override
        Tensor said(Tensor student, double temperature) {
            return Ops.logSoftmax(student.times(1 / temperature), 2);
        }

        @Override
        Tensor cost(Tensor product) {
            return product.times(-1);
        }
    },
    /** BYOL's 2 − 2·cos(S, T), which has neither centre nor temperatures. */
    COSINE {
        @Override
        Tensor target(Tensor teacher, Tensor centre, double temperature) {
            return unit(teacher);
        }

        @Override
        Tensor said(Tensor student, double temperature) {
            return unit(student);
        }

        @Override
        Tensor cost(Tensor product) {
            return product.times(-2).plus(2);
        }
    };

    private static final double EPSILON = 1e-12;

    private static Tensor unit(Tensor x) {
        return x.over(x.square().sumKeeping(2).plus(EPSILON).sqrt());
    }

    /** t, [B, p, K]. */
    abstract Tensor target(Tensor teacher, Tensor centre, double temperature);

    /** s, [B, m, K]. */
    abstract Tensor said(Tensor student, double temperature);

    /** The cost of Σ t·s. */
    abstract Tensor cost(Tensor product);

    /** Each student's crop with the teacher's of the same number: s and t, [B, p, K] each → one value. */
    final Tensor ofPairs(Tensor said, Tensor target) {
        return cost(said.times(target).sumKeeping(2).mean());
    }

    /** Every student's crop with every teacher's of its scan: s [B, q, K] and t [B, p, K] → one value. */
    final Tensor ofAll(Tensor said, Tensor target) {
        return cost(said.mean(1).times(target.mean(1)).sumKeeping(1).mean()); // the product is linear in both
    }

    /** The name as recipes write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
