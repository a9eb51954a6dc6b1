package org.voco4j.pretext.part.pair;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.SupervisedContrast;

/** What scores s [B, 1 + K] cost of which the first is to be the highest. */
public enum KeyLoss {
    /** −mean log softmax(s/T)₀. */
    SOFTMAX {
        @Override
        Tensor of(Tensor scores, double temperature, long images, Tensor norm) {
            return Ops.logSoftmax(scores.times(1 / temperature), 1)
                    .narrow(1, 0, 1)
                    .mean()
                    .times(-1);
        }
    },
    /**
     * Noise contrast, as released: e = exp(s/T), P = e/Z.
     *
     * <pre>
     *   Z = ⌊n·mean e⌋ of the first call of a run
     *   −mean [ log P₀/(P₀ + K/n + 1e-5) + Σ_j log (K/n)/(P_j + K/n + 1e-5) ]
     * </pre>
     */
    NCE {
        @Override
        Tensor of(Tensor scores, double temperature, long images, Tensor norm) {
            Tensor e = Ops.exp(scores.times(1 / temperature));
            if (norm.item() <= 0) {
                InPlace.add(norm, Math.floor(e.detach().mean().item() * images) - norm.item());
            }
            long keys = scores.size(1) - 1;
            double noise = keys / (double) images;
            Tensor p = e.times(1 / norm.item());
            Tensor own = p.narrow(1, 0, 1);
            Tensor others = p.narrow(1, 1, keys);
            Tensor told = own.log().minus(own.plus(noise + SMALL).log());
            Tensor refused = others.plus(noise + SMALL).log().times(-1).plus(Math.log(noise));
            return told.sum().plus(refused.sum()).times(-1.0 / scores.size(0));
        }
    };

    private static final double SMALL = 1e-5;

    /**
     * The loss.
     *
     * @param images n, of the whole training set
     * @param norm Z [1], 0 or less until it is known; what is found is kept there
     */
    abstract Tensor of(Tensor scores, double temperature, long images, Tensor norm);

    /**
     * The losses of queries and their keys, [P, D] each and of any length, one after another; each puts its keys into the queue when it has been
     * computed.
     *
     * @param norm as in {@link #of}
     */
    public List<Tensor> each(
            KeyQueue queue, double temperature, long images, Tensor norm, List<Tensor> queries, List<Tensor> keys) {
        List<Tensor> losses = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            Tensor own = SupervisedContrast.unit(keys.get(i));
            Tensor scores = queue.scores(SupervisedContrast.unit(queries.get(i)), own);
            losses.add(of(scores, temperature, images, norm));
            queue.put(own);
        }
        return losses;
    }

    /** The name as recipes write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
