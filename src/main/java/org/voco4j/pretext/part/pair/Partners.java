package org.voco4j.pretext.part.pair;

import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.SupervisedContrast;

/** What features tell of pairs of views, whatever they were taught with. */
public final class Partners {
    private static final double NEVER = 1e9; // taken off the cosine of a view with its own partner
    private static final double EPSILON = 1e-12;

    private Partners() {}

    /**
     * How often a view's partner is more like it than every other view of the partner's side, from either side.
     *
     * <p>Likeness is the cosine of what differs from the mean of all views, since features share most of what they are. Of features that
     * are all the same it is 0, of chance 1/P.
     *
     * @param views [2P, D]: the first views, then their partners in the same order
     * @return one value, without a graph
     */
    public static Tensor found(Tensor views) {
        long pairs = views.size(0) / 2;
        Tensor all = views.detach();
        Tensor unit = SupervisedContrast.unit(all.minus(all.mean(0)));
        Tensor cosines =
                unit.narrow(0, 0, pairs).matmul(unit.narrow(0, pairs, pairs).transpose(0, 1)); // [P, P]
        Tensor own = InfoNce.identity(cosines);
        return share(cosines, own).plus(share(cosines.transpose(0, 1), own)).times(0.5);
    }

    private static Tensor share(Tensor cosines, Tensor own) {
        Tensor partner = cosines.times(own).sumKeeping(1);
        Tensor others = Ops.largest(cosines.minus(own.times(NEVER)), 1);
        return Ops.isAbove(partner.minus(others), 0).mean();
    }

    /**
     * The mean over numbers of the deviation of features of length 1, times √D: about 1 where they point everywhere, 0 where all point one
     * way.
     *
     * @param features [B, D], B ≥ 2
     * @return one value, without a graph
     */
    public static Tensor spread(Tensor features) {
        Tensor unit = SupervisedContrast.unit(features.detach());
        double rows = unit.size(0);
        Tensor variance = unit.minus(unit.mean(0)).square().mean(0).times(rows / (rows - 1));
        return variance.plus(EPSILON).sqrt().mean().times(Math.sqrt((double) unit.size(1)));
    }
}
