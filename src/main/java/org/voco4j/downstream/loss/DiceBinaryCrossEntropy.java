package org.voco4j.downstream.loss;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.DiceLoss;

/**
 * Dice and binary cross entropy together, the loss of regions that overlap, each with a logit of its own.
 *
 * <pre>
 *   L = λ_D · Dice(σ(l), y) + λ_C · BCE(l, y)
 *   BCE = −(1/N) Σ_v Σ_r [y_vr · log σ(l_vr) + (1 − y_vr) · log σ(−l_vr)]            N = B·R·X·Y·Z
 * </pre>
 *
 * <p>MONAI's DiceCELoss with sigmoid adds the cross entropy of a softmax over the regions, as if a voxel were in one of them
 * only; this is not that.
 *
 * <p>Labels come as classes of which every voxel has one; a table says which regions a class lies in.
 *
 * @param dice which Dice; all its classes are regions, so it counts the first too
 * @param diceWeight λ_D
 * @param crossEntropyWeight λ_C
 * @param regions for each class 1, 2, … the regions that it lies in, counted from 0; class 0 lies in none
 */
public record DiceBinaryCrossEntropy(DiceLoss dice, double diceWeight, double crossEntropyWeight, List<BitSet> regions)
        implements SegmentationLoss {

    /** Copies the list. */
    public DiceBinaryCrossEntropy {
        regions = List.copyOf(regions);
    }

    @Override
    public Parts parts(Tensor logits, Tensor classes) {
        SegmentationLoss.requireClasses(logits, classes);
        return parts(logits, truth(logits, classes), SegmentationLoss.counted(classes, logits.type()));
    }

    /** [B, 1, X, Y, Z] → the indicators of every region, [B, R, X, Y, Z]. */
    private Tensor truth(Tensor logits, Tensor classes) {
        Tensor[] each = new Tensor[Math.toIntExact(logits.size(1))];
        Arrays.fill(each, Tensor.zeros(logits.type(), classes.shape()).to(logits.device()));
        for (int k = 1; k <= regions.size(); k++) {
            Tensor here = Ops.isEqualTo(classes, k).to(logits.type());
            regions.get(k - 1).stream().forEach(r -> each[r] = each[r].plus(here));
        }
        return Tensor.concatenate(List.of(each), 1);
    }

    /**
     * The loss of regions that are given themselves.
     *
     * @param truth [B, R, X, Y, Z], 0 or 1
     * @param counted [B, 1, X, Y, Z], 1 where a voxel counts and 0 where not; null if all do
     */
    Parts parts(Tensor logits, Tensor truth, @Nullable Tensor counted) {
        Tensor overlap = dice.of(Ops.sigmoid(logits), truth, counted);
        // l·(1 − y) − log σ(l): the same sum, finite for every logit
        Tensor each = logits.times(truth.times(-1).plus(1)).minus(Ops.logSigmoid(logits)); // [B, R, X, Y, Z]
        Tensor entropy = counted == null
                ? each.mean()
                : each.times(counted).sum().over(counted.sum().atLeast(1)).times(1.0 / logits.size(1));
        return new Parts(overlap.times(diceWeight).plus(entropy.times(crossEntropyWeight)), overlap, entropy);
    }
}
