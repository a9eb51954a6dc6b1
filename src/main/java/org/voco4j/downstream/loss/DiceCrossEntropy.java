package org.voco4j.downstream.loss;

import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.network.loss.DiceLoss;

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
public record DiceCrossEntropy(DiceLoss dice, double diceWeight, double crossEntropyWeight)
        implements SegmentationLoss {

    /** Both weigh 1. */
    public DiceCrossEntropy(DiceLoss dice) {
        this(dice, 1, 1);
    }

    /**
     * The loss.
     *
     * @param logits [B, K, X, Y, Z]
     * @param classes [B, 1, X, Y, Z], whole numbers from 0 to K − 1, or {@link LabelSchema#IGNORE}, in any number format
     * @return one value
     * @throws IllegalArgumentException if the classes have another shape
     */
    public Tensor of(Tensor logits, Tensor classes) {
        return parts(logits, classes).total();
    }

    @Override
    public Parts parts(Tensor logits, Tensor classes) {
        SegmentationLoss.requireClasses(logits, classes);
        Tensor counted = SegmentationLoss.counted(classes, logits.type());
        Tensor known = counted == null ? classes : classes.to(logits.type()).times(counted);
        Tensor truth = Ops.oneHot(known, logits); // [B, K, X, Y, Z]
        Tensor overlap = dice.of(Ops.softmax(logits, 1), truth, counted);
        Tensor entropy = CrossEntropy.of(logits, truth, counted);
        return new Parts(overlap.times(diceWeight).plus(entropy.times(crossEntropyWeight)), overlap, entropy);
    }
}
