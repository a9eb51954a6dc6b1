package org.voco4j.downstream.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * What fine-tuning for segmentation minimises: Dice and a cross entropy, over the voxels whose class is known.
 *
 * <p>A voxel of class {@link LabelSchema#IGNORE} is in no sum: the loss is that of the remaining voxels. Where no voxel
 * remains it is a constant.
 */
public sealed interface SegmentationLoss permits DiceCrossEntropy, DiceBinaryCrossEntropy {

    /**
     * The loss with its two parts, not weighted; each is one value.
     *
     * @param total L
     * @param dice Dice
     * @param crossEntropy CE
     */
    record Parts(Tensor total, Tensor dice, Tensor crossEntropy) {}

    /**
     * The loss.
     *
     * @param logits [B, K, X, Y, Z]
     * @param classes [B, 1, X, Y, Z], whole numbers in any number format
     * @throws IllegalArgumentException if the classes have another shape
     */
    Parts parts(Tensor logits, Tensor classes);

    /** Refuses classes that do not lie on the voxels of the logits. */
    static void requireClasses(Tensor logits, Tensor classes) {
        long[] expected = logits.shape();
        expected[1] = 1;
        if (!Arrays.equals(classes.shape(), expected)) {
            throw new IllegalArgumentException("the classes have shape " + Arrays.toString(classes.shape())
                    + ", the logits want " + Arrays.toString(expected));
        }
    }

    /** 1 where the class is known, 0 where it is to be ignored, [B, 1, X, Y, Z]; null where all are known. */
    static @Nullable Tensor counted(Tensor classes, DType type) {
        Tensor ignored = Ops.isEqualTo(classes.to(DType.F32), LabelSchema.IGNORE);
        return ignored.sum().item() == 0 ? null : ignored.times(-1).plus(1).to(type);
    }
}
