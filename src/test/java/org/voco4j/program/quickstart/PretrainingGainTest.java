package org.voco4j.program.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.fewlabels.FewLabelsResult;
import org.voco4j.recipe.UsageException;

class PretrainingGainTest {
    private static final List<Integer> LABELS = List.of(1, 2, 4);
    private static final double[] NONE = {0, 0, 0};

    /** Fine-tunes of three seeds on four scans; VoCo gains {@code gains} by number of labels, give or take a little. */
    private static PretrainingGain benefit(double... gains) {
        List<FewLabelsResult> results = new ArrayList<>();
        for (int seed = 0; seed < 3; seed++) {
            for (int i = 0; i < LABELS.size(); i++) {
                int labels = LABELS.get(i);
                results.add(result(Arm.SCRATCH, labels, seed, 0.5, 0.01));
                results.add(result("voco", labels, seed, 0.5 + gains[i], -0.01));
            }
            results.add(result(Arm.FROZEN_UNTRAINED, PretrainingGain.FEW, seed, 0.2, 0.01));
            results.add(result(Arm.frozen("voco"), PretrainingGain.FEW, seed, 0.3, 0.01));
        }
        return new PretrainingGain("voco", List.of("one", "two"), results, List.of());
    }

    private static FewLabelsResult result(String arm, int labels, int seed, double dice, double spread) {
        List<List<Double>> perScan = new ArrayList<>();
        for (int scan = 0; scan < 4; scan++) {
            double own = dice + spread * (seed - 1) + spread * (scan - 1.5);
            perScan.add(List.of(own - 0.1, own + 0.1));
        }
        List<String> training = List.of("a", "b", "c", "d").subList(0, labels);
        return new FewLabelsResult(
                "",
                arm,
                new Arm.Rates(0.01, 1),
                training,
                seed,
                List.of("s", "t", "u", "v"),
                perScan,
                List.of(1.0),
                List.of(1.0),
                1);
    }

    @Test
    void theAnswerFollowsTheIntervals() {
        assertThat(benefit(0.3, 0.01, 0).answer()).isEqualTo(PretrainingGain.Answer.HELPS);
        assertThat(benefit(NONE).answer()).isEqualTo(PretrainingGain.Answer.NO_DIFFERENCE);
        assertThat(benefit(0, -0.3, 0).answer()).isEqualTo(PretrainingGain.Answer.HURTS);
        assertThat(benefit(0.3, 0, -0.3).answer()).isEqualTo(PretrainingGain.Answer.MIXED);
    }

    @Test
    void theSentenceHasTheNumbers() {
        assertThat(benefit(0.3, 0.01, 0).finding())
                .startsWith("Pre-training helps.")
                .contains("with 1 labelled torso 0.80 instead of 0.50 (+0.300, 95 % interval +0.")
                .contains("with 4 labelled torsos 0.50 instead of 0.50")
                .endsWith("one pre-training, 3 seeds of fine-tuning, 4 unseen torsos.");
        assertThat(benefit(NONE).finding()).startsWith("No difference that these few runs could show.");
        assertThat(benefit(0, -0.3, 0).finding()).startsWith("Pre-training hurts.");
    }

    @Test
    void numbersAreMeansOverSeedsAndScans() {
        PretrainingGain benefit = benefit(0.3, 0.1, 0);
        assertThat(benefit.dice(Arm.SCRATCH, 2)).isCloseTo(0.5, within(1e-12));
        assertThat(benefit.dice("voco", 2, 1)).isCloseTo(0.5, within(1e-12));
        assertThat(benefit.dice("voco", 2, 2)).isCloseTo(0.7, within(1e-12));
        assertThat(benefit.gain(1).mean()).isCloseTo(0.3, within(1e-12));
        assertThat(benefit.gain(Arm.FROZEN_UNTRAINED, Arm.frozen("voco"), 2).mean())
                .isCloseTo(0.1, within(1e-12));
        assertThat(benefit.dice().keySet()).containsExactly("scratch", "voco", "frozen");
        assertThat(benefit.dice().get("scratch")).asString().startsWith("{1=0.").contains(", 2=0.", ", 4=0.");
        assertThat(benefit.dice().get("frozen"))
                .asString()
                .startsWith("{untrained=0.")
                .contains(", voco=0.");
        assertThat(benefit.gain()).containsOnlyKeys("1", "2", "4");
        assertThat(benefit.gain().get("1")).hasSize(3).isSorted();
    }

    @Test
    void thePlanGrowsWithTheMinutes() {
        QuickstartPlan six = QuickstartPlan.of(6);
        assertThat(QuickstartPlan.of(6)).isEqualTo(six);
        assertThat(six.seeds()).isEqualTo(20);
        assertThat(six.frozen()).isEqualTo(3);
        assertThat(six.labels()).containsExactly(2);
        assertThat(six.sweeps()).isFalse();
        assertThat(QuickstartPlan.of(1).frozen()).isEqualTo(3);
        QuickstartPlan forty = QuickstartPlan.of(40);
        assertThat(forty.sweeps()).isTrue();
        assertThat(forty.labels()).containsExactly(1, 2, 4);
        assertThat(forty.frozen()).isEqualTo(forty.seeds());
        assertThat(forty.pretrainSteps()).isGreaterThan(six.pretrainSteps());
        assertThat(forty.finetuneSteps()).isEqualTo(2 * six.finetuneSteps());
        assertThat(QuickstartPlan.of(1440).seeds()).isEqualTo(20);
        assertThatThrownBy(() -> QuickstartPlan.of(0))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--minutes");
    }
}
