package org.voco4j.pretext.gvsl;

import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Sampling;
import org.voco4j.engine.tensor.Tensor;

/**
 * How alike two crops are around each voxel, whatever their brightness and contrast: the squared correlation within a cube of n voxels.
 *
 * <pre>  c = (ΣIJ − ΣI·ΣJ/n)² / ((ΣI² − (ΣI)²/n)·(ΣJ² − (ΣJ)²/n) + 1e-5) </pre>
 *
 * <p>Beyond the border are zeros. Where a crop is constant, c is 0. Sums are taken in 64 bits: differences of large ones are all that counts.
 */
final class LocalCorrelation {
    private static final double EPSILON = 1e-5;

    private LocalCorrelation() {}

    /**
     * c, [B, 1, X, Y, Z].
     *
     * @param first I, [B, 1, X, Y, Z]
     * @param second J, as large
     * @param edge of the cube, odd
     */
    static Tensor of(Tensor first, Tensor second, int edge) {
        Tensor i = first.to(DType.F64);
        Tensor j = second.to(DType.F64);
        Tensor meanI = Sampling.meanAround(i, edge);
        Tensor meanJ = Sampling.meanAround(j, edge);
        double n = Math.pow(edge, 3);
        Tensor cross =
                Sampling.meanAround(i.times(j), edge).minus(meanI.times(meanJ)).times(n);
        Tensor variances = variance(i, meanI, edge, n).times(variance(j, meanJ, edge, n));
        return cross.square().over(variances.plus(EPSILON)).to(first.type());
    }

    private static Tensor variance(Tensor x, Tensor mean, int edge, double n) {
        return Sampling.meanAround(x.square(), edge).minus(mean.square()).times(n);
    }
}
