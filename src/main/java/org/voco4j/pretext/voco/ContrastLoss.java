package org.voco4j.pretext.voco;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Tensor;

/**
 * Eq. 7 from the projected features of a step, and the term between volumes that TPAMI's code adds.
 *
 * <pre>
 *   L = L_pred(y, l) + λ·L_reg + L_inter
 *   L_inter = L_pred(g(cos(p̄_v, q̄_o)), g(cos(p_v, q_o)))      o the next volume of the step, bars from the teacher
 * </pre>
 *
 * <p>Between volumes nobody knows the overlap: the teacher's cosines, without gradient, are the soft labels, and the zeros of their ReLU
 * count as y = 0.
 */
record ContrastLoss(VoCoOptions options) {
    /**
     * The loss with its parts.
     *
     * @param truth the position labels, [B, K, n]
     * @param features the student's, crops before bases, [B, K + n, D]
     * @param taught the teacher's, or null where there is none
     */
    Loss of(Tensor truth, Tensor features, @Nullable Tensor taught) {
        Tensor q = bases(features);
        Tensor logits = logits(features, taught); // [B, K, n]
        Tensor prediction = options.prediction().of(truth, logits, PredictionLoss.EPSILON);
        Tensor regularization = options.regularizer().of(q);
        Tensor total = prediction.plus(regularization.times(options.lambda()));
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put("prediction", prediction);
        parts.put("regularization", regularization);
        if (options.interVolume() && taught != null) {
            Tensor between = betweenVolumes(features, taught);
            total = total.plus(between);
            parts.put("interVolume", between);
        }
        parts.put("trivialPrediction", options.prediction().of(truth, truth.times(0), PredictionLoss.EPSILON));
        parts.put("deadPositives", PositionLogits.deadPositives(truth, logits));
        return new Loss(total, parts);
    }

    private Tensor logits(Tensor features, @Nullable Tensor taught) {
        Tensor p = crops(features);
        if (taught == null) {
            return PositionLogits.of(p, bases(features), options.logit(), options.stopGradient());
        }
        Tensor teachersBases = bases(taught);
        return options.teacherSide() == VoCoOptions.TeacherSide.BASES
                ? PositionLogits.of(p, teachersBases, options.logit(), true)
                : PositionLogits.of(
                        p, bases(features), crops(taught), teachersBases, options.logit(), options.stopGradient());
    }

    private Tensor betweenVolumes(Tensor features, Tensor taught) {
        Tensor soft = PositionLogits.of(crops(taught), next(bases(taught)), options.logit(), true)
                .detach();
        Tensor logits =
                PositionLogits.of(crops(features), next(bases(features)), options.logit(), options.stopGradient());
        return options.prediction().of(soft, logits, PredictionLoss.EPSILON);
    }

    /** Of each volume what the next one has, of the last what the first has. */
    private static Tensor next(Tensor bases) {
        return Tensor.concatenate(List.of(bases.narrow(0, 1, bases.size(0) - 1), bases.narrow(0, 0, 1)), 0);
    }

    private Tensor crops(Tensor features) {
        return features.narrow(1, 0, options.randomCrops()); // [B, K, D]
    }

    private Tensor bases(Tensor features) {
        return features.narrow(1, options.randomCrops(), options.bases()); // [B, n, D]
    }
}
