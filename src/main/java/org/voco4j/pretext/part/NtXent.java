package org.voco4j.pretext.part;

import java.util.List;
import java.util.stream.IntStream;
import org.voco4j.engine.tensor.Tensor;

/**
 * The loss of pairs that are to be told among all views of a batch (Chen et al., ICML 2020, Eq. 1).
 *
 * <pre>  L = −(1/2N) Σ_i log( exp(s_{i,i±N}) / Σ_{j≠i} exp s_ij ),    s = z·zᵀ/T, z of length 1 </pre>
 */
public final class NtXent {
    private NtXent() {}

    /**
     * The loss and how often the partner comes first.
     *
     * @param views [2N, D]: the first views, then their partners in the same order
     */
    public static List<Tensor> of(Tensor views, double temperature) {
        int pairs = Math.toIntExact(views.size(0) / 2);
        int[] pair = IntStream.range(0, 2 * pairs).map(i -> i % pairs).toArray();
        return SupervisedContrast.of(SupervisedContrast.unit(views), pair, temperature);
    }
}
