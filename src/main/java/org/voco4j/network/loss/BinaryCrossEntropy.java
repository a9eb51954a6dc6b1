package org.voco4j.network.loss;

import java.util.Arrays;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * The binary cross entropy of labels of which a scan has any number, averaged over labels and scans.
 *
 * <pre>  L = −(1/BK) Σ_b Σ_k [y_bk · log σ(l_bk) + (1 − y_bk) · log σ(−l_bk)] </pre>
 */
public final class BinaryCrossEntropy {
    private BinaryCrossEntropy() {}

    /**
     * The loss.
     *
     * @param logits [B, K]
     * @param truth [B, K], 1 where a scan has a label and 0 where not
     * @return one value
     * @throws IllegalArgumentException if the shapes differ
     */
    public static Tensor of(Tensor logits, Tensor truth) {
        if (!Arrays.equals(logits.shape(), truth.shape())) {
            throw new IllegalArgumentException("the logits have shape " + Arrays.toString(logits.shape())
                    + ", the truth " + Arrays.toString(truth.shape()));
        }
        // l·(1 − y) − log σ(l): the same sum, finite for every logit
        return logits.times(truth.times(-1).plus(1))
                .minus(Ops.logSigmoid(logits))
                .mean();
    }
}
