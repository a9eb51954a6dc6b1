package org.voco4j.downstream;

import java.util.Arrays;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * Dice and cross entropy together, the usual loss of segmentation with one class per voxel (MONAI's DiceCELoss).
 *
 * <pre>  L = λ_D · Dice(softmax(l), y) + λ_C · CE(l, y) </pre>
 *
 * <p>The cross entropy always counts the background, also where Dice does not.
 *
 * @param dice which Dice
 * @param diceWeight λ_D
 * @param crossEntropyWeight λ_C
 */
public record DiceCrossEntropy(DiceLoss dice, double diceWeight, double crossEntropyWeight) {

    /** Both weigh 1. */
    public DiceCrossEntropy(DiceLoss dice) {
        this(dice, 1, 1);
    }

    /**
     * The loss with its two parts, not weighted.
     *
     * @param total L
     * @param dice Dice
     * @param crossEntropy CE
     */
    public record Parts(Tensor total, Tensor dice, Tensor crossEntropy) {}

    /**
     * The loss.
     *
     * @param logits [B, K, X, Y, Z]
     * @param classes [B, 1, X, Y, Z], whole numbers from 0 to K − 1 in any number format
     * @return one value
     * @throws IllegalArgumentException if the classes have another shape
     */
    public Tensor of(Tensor logits, Tensor classes) {
        return parts(logits, classes).total;
    }

    /** The loss as {@link #of} with its parts, each one value. */
    public Parts parts(Tensor logits, Tensor classes) {
        long[] expected = logits.shape();
        expected[1] = 1;
        if (!Arrays.equals(classes.shape(), expected)) {
            throw new IllegalArgumentException("the classes have shape " + Arrays.toString(classes.shape())
                    + ", the logits want " + Arrays.toString(expected));
        }
        Tensor truth = Ops.oneHot(classes, logits); // [B, K, X, Y, Z]
        Tensor overlap = dice.of(Ops.softmax(logits, 1), truth);
        Tensor entropy = CrossEntropy.of(logits, truth);
        return new Parts(overlap.times(diceWeight).plus(entropy.times(crossEntropyWeight)), overlap, entropy);
    }
}
