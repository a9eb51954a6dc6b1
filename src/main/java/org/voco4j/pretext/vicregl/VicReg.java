package org.voco4j.pretext.vicregl;

import java.util.List;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/**
 * How unlike partners are, how little features differ among scans, and how much they say the same (Bardes et al., ICLR 2022); each for
 * itself at n cells, whose mean is taken.
 *
 * <pre>
 *   inv = 25·mean (x − y)²
 *   var = 25·½·Σ_views mean relu(1 − √(Var + 1e-4))         Var, C over the B samples, with B − 1
 *   cov = ½·Σ_views mean (1/D)·Σ_{d≠e} C_de²
 * </pre>
 *
 * @param invariance inv
 * @param variance var
 * @param covariance cov
 */
record VicReg(Tensor invariance, Tensor variance, Tensor covariance) {
    private static final double WEIGHT = 25;
    private static final double SMALL = 1e-4;

    /** The terms of partners x and y, [B, n, D] each, B ≥ 2. */
    static VicReg of(Tensor x, Tensor y) {
        Spread first = Spread.of(x);
        Spread second = Spread.of(y);
        return new VicReg(
                x.minus(y).square().mean().times(WEIGHT),
                first.hinge.plus(second.hinge).times(WEIGHT / 2),
                first.covariance.plus(second.covariance).times(0.5));
    }

    /** The mean of terms. */
    static VicReg mean(List<VicReg> all) {
        VicReg sum = all.get(0);
        for (VicReg one : all.subList(1, all.size())) {
            sum = sum.plus(one);
        }
        double share = 1.0 / all.size();
        return new VicReg(sum.invariance.times(share), sum.variance.times(share), sum.covariance.times(share));
    }

    /** The sum of terms. */
    VicReg plus(VicReg other) {
        return new VicReg(
                invariance.plus(other.invariance), variance.plus(other.variance), covariance.plus(other.covariance));
    }

    /** inv + var + cov. */
    Tensor total() {
        return invariance.plus(variance).plus(covariance);
    }

    /** Of one view: the mean hinge of deviations, and the mean of squared covariances. */
    private record Spread(Tensor hinge, Tensor covariance) {
        static Spread of(Tensor x) {
            long b = x.size(0);
            long d = x.size(2);
            Tensor centred = x.minus(x.mean(0));
            Tensor variance = centred.square().sumKeeping(0).times(1.0 / (b - 1)); // [1, n, D]
            Tensor hinge = variance.plus(SMALL).sqrt().times(-1).plus(1).relu().mean();
            // ‖XᵀX‖ = ‖XXᵀ‖: B² numbers a cell, where C itself has 8192² of a view and 512·512² of a map
            Tensor all = Rearrange.permute(centred, 1, 0, 2)
                    .matmul(Rearrange.permute(centred, 1, 2, 0))
                    .times(1.0 / (b - 1)); // [n, B, B]
            Tensor apart = all.square().sum().minus(variance.square().sum());
            return new Spread(hinge, apart.times(1.0 / (x.size(1) * d)));
        }
    }
}
