package org.voco4j.pretext.part;

import java.util.List;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * The loss of pairs that are to be told among all views of a batch (Chen et al., ICML 2020, Eq. 1).
 *
 * <pre>  L = −(1/2N) Σ_i log( exp(s_{i,i±N}) / Σ_{j≠i} exp s_ij ),    s = z·zᵀ/T, z of length 1 </pre>
 */
public final class NtXent {
    private static final double NEVER = 1e9; // taken off the similarity of a view with itself
    private static final double SHORTEST = 1e-12;

    private NtXent() {}

    /**
     * The loss and how often the partner comes first.
     *
     * @param views [2N, D]: the first views, then their partners in the same order
     */
    public static List<Tensor> of(Tensor views, double temperature) {
        long rows = views.size(0);
        Tensor length = views.square().sumKeeping(1).sqrt().atLeast(SHORTEST); // [2N, 1]
        Tensor z = views.over(length);
        float[] self = new float[Math.toIntExact(rows * rows)];
        float[] partner = new float[self.length];
        for (int i = 0; i < rows; i++) {
            self[(int) (i * rows + i)] = 1;
            partner[(int) (i * rows + (i + rows / 2) % rows)] = 1;
        }
        Tensor diagonal = Tensor.of(self, rows, rows).to(views.type()).to(views.device());
        Tensor right = Tensor.of(partner, rows, rows).to(views.type()).to(views.device());
        Tensor similar = z.matmul(z.transpose(0, 1)).times(1 / temperature).minus(diagonal.times(NEVER)); // [2N, 2N]
        Tensor loss = Ops.logSoftmax(similar, 1).times(right).sum().times(-1.0 / rows);
        return List.of(loss, TopOne.share(similar, right));
    }
}
