package org.voco4j.pretext.part.pair;

import java.util.List;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.SupervisedContrast;
import org.voco4j.pretext.part.TopOne;

/**
 * The loss of queries that are to tell their own key among all keys (van den Oord et al. 2018).
 *
 * <pre>  L = −mean_i log softmax_j(cos(q_i, k_j)/T)_i </pre>
 */
public final class InfoNce {
    private InfoNce() {}

    /**
     * The loss and how often the own key comes first.
     *
     * @param queries [P, D]
     * @param keys [P, D], in the order of their queries
     */
    public static List<Tensor> of(Tensor queries, Tensor keys, double temperature) {
        Tensor scores = SupervisedContrast.unit(queries)
                .matmul(SupervisedContrast.unit(keys).transpose(0, 1))
                .times(1 / temperature); // [P, P]
        Tensor own = identity(scores);
        Tensor loss = Ops.logSoftmax(scores, 1).times(own).sum().times(-1.0 / scores.size(0));
        return List.of(loss, TopOne.share(scores, own));
    }

    /** Ones on the diagonal of a square. */
    static Tensor identity(Tensor like) {
        int size = Math.toIntExact(like.size(0));
        double[] ones = new double[Math.multiplyExact(size, size)];
        for (int i = 0; i < size; i++) {
            ones[i * size + i] = 1;
        }
        return Tensor.of(ones, size, size).to(like.type()).to(like.device());
    }
}
