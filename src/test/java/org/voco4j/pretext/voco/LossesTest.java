package org.voco4j.pretext.voco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import org.junit.jupiter.api.Test;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.Tensor;

/** Eq. 1–5 and the released losses, in float64, against values and gradients computed in float32 by the reference. */
class LossesTest {
    private static final double GRADIENT = 1e-6;
    private final Reference reference = Reference.of("voco_losses");
    private final Tensor labels = Tensors.of(reference, "labels");

    private Tensor leaf(String name) {
        return Tensors.of(reference, name).requireGradient(true);
    }

    private void assertValue(Tensor actual, String name) {
        double expected = reference.doubles(name)[0];
        assertThat(actual.item()).as(name).isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
    }

    private void assertGradient(Tensor leaf, String name) {
        Tensor gradient = leaf.gradient();
        assertThat(gradient).as(name).isNotNull();
        if (gradient != null) {
            assertClose(gradient, reference.doubles(name), GRADIENT, name);
        }
    }

    @Test
    void paperLogitsAreCosines() {
        Tensor p = leaf("x_student");
        Tensor q = leaf("q_student");
        Tensor cosines = Cosine.between(p, q);
        assertClose(cosines, reference.doubles("paper.logits"), 1e-6, "paper.logits");
        assertClose(labels.minus(cosines).abs(), reference.doubles("paper.distance.raw"), 1e-6, "distance");
    }

    @Test
    void paperPredictionLossWithReluEqualsReferenceAndStopsAtTheBases() {
        Tensor p = leaf("x_student");
        Tensor q = leaf("q_student");
        Tensor logits = PositionLogits.of(p, q, PositionLogits.Range.RELU, true);
        Tensor loss = PredictionLoss.DISTANCE.of(labels, logits, 0);
        assertValue(loss, "paper.pred.relu");
        loss.backward();
        assertGradient(p, "paper.grad_p.pred.relu");
        assertThat(q.gradient()).as("gradient at stopped bases").isNull();
    }

    @Test
    void withoutTheStopTheBasesLearnAsTheReferenceSays() {
        Tensor p = leaf("x_student");
        Tensor q = leaf("q_student");
        PredictionLoss.DISTANCE
                .of(labels, PositionLogits.of(p, q, PositionLogits.Range.RELU, false), 0)
                .backward();
        assertGradient(p, "paper.grad_p.pred.relu");
        assertGradient(q, "paper.grad_q.pred.relu.IF_NOT_STOPPED");
    }

    @Test
    void paperPredictionLossOnRawCosinesEqualsReference() {
        Tensor p = leaf("x_student");
        Tensor q = leaf("q_student");
        Tensor loss = PredictionLoss.DISTANCE.of(labels, Cosine.between(p, q.detach()), 0);
        assertValue(loss, "paper.pred.raw");
        loss.backward();
        assertGradient(p, "paper.grad_p.pred.raw");
    }

    @Test
    void bothReadingsOfEquation5EqualReference() {
        Tensor q = leaf("q_student");
        Tensor once = RegularizationLoss.ABSOLUTE.of(q);
        assertValue(once, "paper.reg.pairs_once");
        assertValue(RegularizationLoss.ABSOLUTE_ORDERED.of(q), "paper.reg.ordered_pairs");
        once.backward();
        assertGradient(q, "paper.grad_q.reg.pairs_once");
    }

    @Test
    void releasedLogitsEqualReference() {
        Tensor xs = leaf("x_student");
        Tensor qs = leaf("q_student");
        Tensor xt = leaf("x_teacher");
        Tensor qt = leaf("q_teacher");
        Tensor logits = PositionLogits.of(xs, qs, xt, qt, PositionLogits.Range.RELU, false); // [2, 4, 16]
        double[] all = reference.doubles("official.logits"); // [2, 3, 4, 16]
        double[] mean = new double[2 * 4 * 16];
        for (int image = 0; image < 2; image++) {
            System.arraycopy(all, (image * 3 + 2) * 64, mean, image * 64, 64);
        }
        assertClose(logits, mean, 1e-6, "official.logits");
    }

    @Test
    void releasedLossesAndTheirGradientsEqualReference() {
        for (String part : new String[] {"pos", "neg", "reg"}) {
            Tensor xs = leaf("x_student");
            Tensor qs = leaf("q_student");
            Tensor logits = PositionLogits.of(
                    xs,
                    qs,
                    Tensors.of(reference, "x_teacher"),
                    Tensors.of(reference, "q_teacher"),
                    PositionLogits.Range.RELU,
                    false);
            Tensor loss = switch (part) {
                case "pos" -> PredictionLoss.positive(labels, logits, PredictionLoss.EPSILON);
                case "neg" -> PredictionLoss.negative(labels, logits, PredictionLoss.EPSILON);
                default -> RegularizationLoss.SQUARED.of(qs);
            };
            assertValue(loss, "official." + part);
            loss.backward();
            assertGradient(qs, "official.grad_q_student." + part);
            if (!part.equals("reg")) {
                assertGradient(xs, "official.grad_x_student." + part);
            }
        }
        Tensor sum = PredictionLoss.POSITIVE_NEGATIVE.of(
                labels,
                PositionLogits.of(
                        leaf("x_student"),
                        leaf("q_student"),
                        leaf("x_teacher"),
                        leaf("q_teacher"),
                        PositionLogits.Range.RELU,
                        false),
                PredictionLoss.EPSILON);
        assertThat(sum.item())
                .isCloseTo(reference.doubles("official.pos")[0] + reference.doubles("official.neg")[0], within(3e-6));
    }

    @Test
    void shiftedLogitsKeepEveryGradientAlive() {
        Tensor opposite = Tensor.of(new double[] {-1, 0}, 1, 1, 2).requireGradient(true);
        Tensor base = Tensor.of(new double[] {1, 0.2}, 1, 1, 2);
        Tensor one = Tensor.of(new double[] {1}, 1, 1, 1);
        Tensor dead = PositionLogits.of(opposite, base, PositionLogits.Range.RELU, true);
        assertThat(PositionLogits.deadPositives(one, dead).item()).isEqualTo(1);
        Tensor alive = PositionLogits.of(opposite, base, PositionLogits.Range.SHIFTED, true);
        assertThat(PositionLogits.deadPositives(one, alive).item()).isZero();
        PredictionLoss.DISTANCE.of(one, alive, PredictionLoss.EPSILON).backward();
        Tensor gradient = opposite.gradient();
        assertThat(gradient == null ? 0 : gradient.norm().item()).isGreaterThan(0.1);
    }
}
