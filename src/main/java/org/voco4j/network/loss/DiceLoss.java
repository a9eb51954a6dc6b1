package org.voco4j.network.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Tensor;

/**
 * The soft Dice loss of probabilities p and truth y (Milletari et al. 2016), as MONAI's DiceLoss.
 *
 * <pre>
 *   L_bk = 1 − (2·Σ_v p·y + n) / (Σ_v p^e + Σ_v y^e + d)        L = mean of L_bk over samples b and classes k
 *   e = 2 if squared, else 1                                    with batch, Σ_v runs over all samples too: L_k
 * </pre>
 *
 * <p>The truth may be one class per voxel or regions that overlap; p is then a softmax or a sigmoid. Voxels that are not
 * counted are in no sum.
 *
 * @param background whether class 0 counts
 * @param squared whether the denominator sums squares
 * @param batch whether the voxels of all samples are one set
 * @param smoothNumerator n ≥ 0
 * @param smoothDenominator d ≥ 0; with n it decides what a class that is nowhere costs
 */
public record DiceLoss(
        boolean background, boolean squared, boolean batch, double smoothNumerator, double smoothDenominator) {

    /** Every class counts, plain denominator, sample by sample, n = d = 1e-5: MONAI's defaults. */
    public static DiceLoss plain() {
        return new DiceLoss(true, false, false, 1e-5, 1e-5);
    }

    /** Class 0 does not count: the loss of the released fine-tuning. */
    public static DiceLoss withoutBackground() {
        return new DiceLoss(false, false, false, 1e-5, 1e-5);
    }

    /**
     * The loss.
     *
     * @param probabilities [B, K, X, Y, Z]
     * @param truth [B, K, X, Y, Z], 0 or 1
     * @return one value
     * @throws IllegalArgumentException if the shapes differ, or no class is left without the background
     */
    public Tensor of(Tensor probabilities, Tensor truth) {
        return of(probabilities, truth, null);
    }

    /** The same over some voxels: those where {@code counted} [B, 1, X, Y, Z] is 1 and not 0; null for all. */
    public Tensor of(Tensor probabilities, Tensor truth, @Nullable Tensor counted) {
        return perClass(probabilities, truth, counted).mean();
    }

    /** The loss of every class: [B, K, X, Y, Z] twice → [B, K'], with batch [1, K']; K' = K or K − 1. */
    public Tensor perClass(Tensor probabilities, Tensor truth) {
        return perClass(probabilities, truth, null);
    }

    private Tensor perClass(Tensor probabilities, Tensor truth, @Nullable Tensor counted) {
        if (!Arrays.equals(probabilities.shape(), truth.shape())) {
            throw new IllegalArgumentException("the probabilities have shape " + Arrays.toString(probabilities.shape())
                    + ", the truth " + Arrays.toString(truth.shape()));
        }
        long first = background ? 0 : 1;
        long classes = probabilities.size(1) - first;
        if (classes < 1) {
            throw new IllegalArgumentException(
                    "Dice without the background needs at least 2 classes, not " + probabilities.size(1));
        }
        Tensor p = some(probabilities.narrow(1, first, classes), counted);
        Tensor y = some(truth.narrow(1, first, classes), counted);
        Tensor both = sum(p.times(y));
        Tensor all = squared ? sum(p.square()).plus(sum(y.square())) : sum(p).plus(sum(y));
        Tensor dice = both.times(2).plus(smoothNumerator).over(all.plus(smoothDenominator));
        return dice.times(-1).plus(1).reshape(-1, classes); // [B, K', 1, 1, 1] → [B, K']
    }

    private static Tensor some(Tensor x, @Nullable Tensor counted) {
        return counted == null ? x : x.times(counted);
    }

    private Tensor sum(Tensor x) {
        return batch ? x.sumKeeping(0, 2, 3, 4) : x.sumKeeping(2, 3, 4);
    }
}
