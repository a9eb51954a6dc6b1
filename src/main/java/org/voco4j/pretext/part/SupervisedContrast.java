package org.voco4j.pretext.part;

import java.util.List;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * The loss of views that attract those of their own group and repel all others (Khosla et al., NeurIPS 2020, Eq. 2); with groups
 * of two it is NT-Xent.
 *
 * <pre>  L = −(1/N) Σ_i (1/|F(i)|) Σ_{j∈F(i)} log( exp(s_ij) / Σ_{k≠i} exp s_ik ),    s = z·zᵀ/T,   F(i): the others of the group of i </pre>
 */
public final class SupervisedContrast {
    private static final double NEVER = 1e9; // taken off the similarity of a view with itself
    private static final double SHORTEST = 1e-12;

    private SupervisedContrast() {}

    /** Rows [N, D] of length 1, so that products are cosines. */
    public static Tensor unit(Tensor views) {
        return views.over(views.square().sumKeeping(1).sqrt().atLeast(SHORTEST));
    }

    /**
     * The loss and how often the most similar view is of the same group.
     *
     * @param z [N, D]
     * @param groups the number of the group of each view
     * @param temperature T
     * @throws IllegalArgumentException if a view is the only one of its group
     */
    public static List<Tensor> of(Tensor z, int[] groups, double temperature) {
        int rows = groups.length;
        double[] self = new double[Math.multiplyExact(rows, rows)];
        double[] friend = new double[self.length];
        double[] share = new double[self.length];
        for (int i = 0; i < rows; i++) {
            self[i * rows + i] = 1;
            int friends = 0;
            for (int j = 0; j < rows; j++) {
                friend[i * rows + j] = j != i && groups[j] == groups[i] ? 1 : 0;
                friends += (int) friend[i * rows + j];
            }
            if (friends == 0) {
                throw new IllegalArgumentException("view " + i + " is the only one of group " + groups[i]);
            }
            for (int j = 0; j < rows; j++) {
                share[i * rows + j] = friend[i * rows + j] / friends;
            }
        }
        Tensor similar = z.matmul(z.transpose(0, 1))
                .times(1 / temperature)
                .minus(table(self, z).times(NEVER)); // [N, N]
        Tensor loss = Ops.logSoftmax(similar, 1).times(table(share, z)).sum().times(-1.0 / rows);
        return List.of(loss, TopOne.share(similar, table(friend, z)));
    }

    private static Tensor table(double[] values, Tensor z) {
        return Tensor.of(values, z.size(0), z.size(0)).to(z.type()).to(z.device());
    }
}
