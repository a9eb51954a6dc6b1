package org.voco4j.pretext.jssl;

import java.util.List;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.SupervisedContrast;
import org.voco4j.pretext.part.pair.KeyQueue;

/** The prototypes of clusters, and what two views' features are to say of them. */
final class Clusters extends Module {
    private static final String PROTOTYPES = "prototypes";

    private final JsslSettings settings;
    private final Tensor prototypes;
    private final Tensor bank;
    private final Tensor seen;

    Clusters(JsslSettings settings) {
        this.settings = settings;
        prototypes = weight(PROTOTYPES, settings.prototypes(), settings.width());
        bank = buffer("bank", Tensor.zeros(DType.F32, settings.bank(), settings.width()));
        seen = buffer("seen", Tensor.of(new long[] {0}, 1));
    }

    /** The loss of two views' features of length 1, [B, D] each, and how many prototypes are the nearest of one. */
    List<Tensor> loss(Tensor first, Tensor second) {
        boolean isLearned = settings.variant() == JsslSettings.Variant.SWAV;
        Tensor centres = isLearned ? prototypes : prototypes.detach();
        Tensor one = SphericalKMeans.scores(first, centres);
        Tensor two = SphericalKMeans.scores(second, centres);
        Tensor loss = SwappedPrediction.of(one, two, target(one), target(two), settings.temperature());
        return List.of(loss, SwappedPrediction.used(Tensor.concatenate(List.of(one, two), 0)));
    }

    private Tensor target(Tensor scores) {
        return settings.variant() == JsslSettings.Variant.SWAV
                ? SwappedPrediction.shared(scores, settings.epsilon())
                : SwappedPrediction.nearest(scores);
    }

    /** Puts features [B, D] in place of the oldest in the bank, as many as it has room for. */
    void keep(Tensor features) {
        if (settings.variant() == JsslSettings.Variant.SWAV) {
            return;
        }
        long room = bank.size(0);
        long count = Math.min(room, features.size(0));
        KeyQueue.put(bank, (long) seen.item() % room, features.detach().narrow(0, 0, count));
        InPlace.add(seen, (double) count);
    }

    /**
     * Gives prototypes length 1 again, or takes them anew.
     *
     * @param step steps taken before
     */
    void afterStep(int step) {
        if (settings.variant() == JsslSettings.Variant.SWAV) {
            normalise();
        } else if ((step + 1) % settings.renew() == 0 && seen.item() >= settings.prototypes()) {
            long filled = Math.min(bank.size(0), (long) seen.item());
            Tensor features = bank.narrow(0, 0, filled);
            prototypes.copyInPlace(SphericalKMeans.centres(features, features.narrow(0, 0, settings.prototypes())));
        }
    }

    private void normalise() {
        prototypes.copyInPlace(SupervisedContrast.unit(prototypes.detach()));
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        initialiser.normal(PROTOTYPES, prototypes, 1);
        normalise();
    }
}
