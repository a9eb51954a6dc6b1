package org.voco4j.pretext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.measure.feature.FeatureSpread;
import org.voco4j.measure.feature.Features;
import org.voco4j.measure.feature.PositionRetrieval;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;

class GateTest {
    private static final RunFacts GOOD = facts(true, false, 1e-3, 0, 400, 16, 40, 100);
    private static final FeatureSpread SPREAD = new FeatureSpread(0.1, 1);
    private final PositionRetrieval strong = PositionRetrieval.of(Features.mixed(8, 40, 4, 0.2, 1), 0);
    private final PositionRetrieval weak = PositionRetrieval.of(Features.mixed(8, 40, 4, 0.6, 2), 0);
    private final PositionRetrieval none = PositionRetrieval.of(Features.random(8, 40, 4, 8, 3), 0);

    /** A run of VoCo with these of its keys. */
    private static RunFacts facts(
            boolean norm, boolean stop, double rate, double flip, int steps, int crops, int scans, int minimum) {
        PretrainRecipe recipe = RecipeTree.load(
                        "pretrain",
                        null,
                        List.of(
                                "pretext.projector.norm=" + (norm ? "batch" : "none"),
                                "pretext.stopGradient=" + stop,
                                "pretext.augment.flip=" + flip,
                                "pretext.randomCrops=" + crops))
                .bind(PretrainRecipe.class);
        return new RunFacts(rate, true, steps, scans, minimum, recipe.pretext().chosen()::causes);
    }

    private Gate.Judgement judge(PositionRetrieval trained, FeatureSpread spread, double[] losses, RunFacts facts) {
        List<Gate.Control> controls = List.of(new Gate.Control("histogram", none), new Gate.Control("pixels", weak));
        return Gate.judge(new Gate.Measured(trained, controls, spread, true, losses), facts);
    }

    @Test
    void aboveTheBestControlIsLearned() {
        Gate.Judgement judgement = judge(strong, SPREAD, falling(), GOOD);
        assertThat(judgement.verdict()).isEqualTo(Verdict.LEARNED);
        assertThat(judgement.bestControl()).isEqualTo("pixels");
        assertThat(judgement.margin().interval().low()).isPositive();
        assertThat(judgement.causes()).isEmpty();
        assertThat(judgement.finding()).contains("learned where things are", "pixels", "chance is 25 %");
    }

    @Test
    void aLossThatStaysFlatDoesNotUndoLearning() {
        assertThat(judge(strong, SPREAD, flat(), GOOD).verdict()).isEqualTo(Verdict.LEARNED);
    }

    @Test
    void notAboveTheControlsIsSaidSo() {
        Gate.Judgement judgement = judge(none, SPREAD, falling(), GOOD);
        assertThat(judgement.verdict()).isEqualTo(Verdict.NOT_ABOVE_CONTROLS);
        assertThat(judgement.causes()).hasSize(1);
        assertThat(judgement.causes().get(0).why()).contains("None of the known causes");
        assertThat(judge(none, SPREAD, flat(), GOOD).verdict()).isEqualTo(Verdict.FLAT_LOSS);
        RunFacts early = facts(true, false, 1e-3, 0, 30, 16, 40, 100);
        assertThat(judge(none, SPREAD, falling(), early).verdict()).isEqualTo(Verdict.NOT_YET);
    }

    @Test
    void equalToTheBestControlIsNotLearned() {
        assertThat(judge(weak, SPREAD, falling(), GOOD).verdict()).isEqualTo(Verdict.NOT_ABOVE_CONTROLS);
    }

    @Test
    void aRelevantMarginThatFewScansCannotProveIsUndecided() {
        PositionRetrieval few = PositionRetrieval.of(Features.mixed(2, 12, 4, 0.4, 1), 0);
        PositionRetrieval fewNone = PositionRetrieval.of(Features.random(2, 12, 4, 8, 3), 0);
        Gate.Judgement judgement = Gate.judge(
                new Gate.Measured(few, List.of(new Gate.Control("pixels", fewNone)), SPREAD, true, falling()), GOOD);
        assertThat(judgement.margin().mean()).isGreaterThan(0.05);
        assertThat(judgement.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(judgement.finding())
                .contains("2 held-out patients are too few", "its interval is not measurable with 2 held-out patients")
                .doesNotContain("-1.00", "+1.00");
        assertThat(judgement.causes().get(0).why()).contains("2 held-out patients are too few");
        assertThat(judgement.causes().get(0).remedy()).contains("Hold out 6 patients or more");
    }

    @Test
    void mostlySharedFeaturesBelowTheControlsAreACollapse() {
        FeatureSpread shared = new FeatureSpread(0.61, 0.63);
        RunFacts early = facts(true, false, 1e-3, 0, 30, 16, 40, 100);
        assertThat(judge(none, shared, falling(), early).verdict()).isEqualTo(Verdict.NOT_YET);
        assertThat(judge(none, shared, falling(), GOOD).verdict()).isEqualTo(Verdict.COLLAPSED);
        assertThat(judge(strong, shared, falling(), GOOD).verdict()).isEqualTo(Verdict.LEARNED);
    }

    @Test
    void ofPooledFeaturesOnlyWhatIsAllAlikeIsACollapse() {
        List<Gate.Control> controls = List.of(new Gate.Control("pixels", weak));
        FeatureSpread shared = new FeatureSpread(0.61, 0.98);
        FeatureSpread alike = new FeatureSpread(0.95, 0.98);
        assertThat(Gate.judge(new Gate.Measured(none, controls, shared, false, falling()), GOOD)
                        .verdict())
                .isEqualTo(Verdict.NOT_ABOVE_CONTROLS);
        assertThat(Gate.judge(new Gate.Measured(none, controls, alike, false, falling()), GOOD)
                        .verdict())
                .isEqualTo(Verdict.COLLAPSED);
    }

    @Test
    void collapseWithoutProjectorNormNamesExactlyThat() {
        RunFacts facts = facts(false, true, 1e-4, 0.2, 400, 4, 5, 100);
        Gate.Judgement judgement = judge(strong, new FeatureSpread(0.998, 0.02), falling(), facts);
        assertThat(judgement.verdict()).isEqualTo(Verdict.COLLAPSED);
        assertThat(judgement.causes().get(0).why())
                .startsWith("The projector has no normalisation")
                .contains("stop-gradient");
        assertThat(judgement.causes().get(0).remedy()).startsWith("Turn the projector's batch normalisation on");
        assertThat(judgement.finding()).contains("mean |cos| of 1.00", "deviation of 0.02");
    }

    @Test
    void eitherSignOfCollapseIsEnough() {
        assertThat(judge(strong, new FeatureSpread(0.91, 0.9), falling(), GOOD).verdict())
                .isEqualTo(Verdict.COLLAPSED);
        assertThat(judge(strong, new FeatureSpread(0.5, 0.19), falling(), GOOD).verdict())
                .isEqualTo(Verdict.COLLAPSED);
        RunFacts stopped = facts(true, true, 1e-3, 0, 400, 16, 40, 100);
        assertThat(judge(weak, new FeatureSpread(0.95, 0.1), falling(), stopped)
                        .causes()
                        .get(0)
                        .why())
                .contains("stop-gradient");
    }

    @Test
    void theLikeliestCauseComesFirst() {
        assertThat(firstCause(facts(true, true, 1e-4, 0.2, 300, 4, 5, 100))).contains("too low for 300 steps");
        assertThat(firstCause(facts(true, true, 1e-3, 0.2, 300, 4, 5, 100))).contains("flipped or rotated");
        assertThat(firstCause(facts(true, true, 1e-3, 0, 150, 4, 5, 100))).contains("150 steps are too few");
        assertThat(firstCause(facts(true, true, 1e-3, 0, 300, 4, 5, 100))).contains("5 training scans");
        assertThat(firstCause(facts(true, true, 1e-3, 0, 300, 4, 40, 100))).contains("4 crops per volume");
        assertThat(firstCause(facts(true, true, 1e-3, 0, 300, 16, 40, 100))).contains("stop-gradient");
        assertThat(firstCause(facts(false, true, 1e-3, 0.2, 300, 4, 5, 100))).contains("no normalisation");
    }

    @Test
    void fewHeldOutPatientsAreNamedBeforeTheLearningRate() {
        PositionRetrieval two = PositionRetrieval.of(Features.random(2, 12, 4, 8, 3), 0);
        RunFacts slow = facts(true, true, 1e-4, 0, 400, 16, 40, 100);
        Gate.Judgement judgement = Gate.judge(
                new Gate.Measured(two, List.of(new Gate.Control("pixels", two)), SPREAD, true, falling()), slow);
        assertThat(judgement.causes().get(0).why()).startsWith("2 held-out patients are too few");
        assertThat(judgement.causes().get(1).why()).contains("1.0E-4 is too low");
    }

    @Test
    void ofAShortRunTheLearningRateSaysNothing() {
        for (double rate : new double[] {1e-5, 1e-4, 1e-2}) {
            RunFacts one = facts(true, false, rate, 0, 1, 16, 40, 100);
            List<LikelyCause> causes = judge(none, SPREAD, falling(), one).causes();
            assertThat(causes.get(0).why()).isEqualTo("1 step is too few.");
            assertThat(causes).noneMatch(cause -> cause.why().contains("learning rate"));
        }
    }

    @Test
    void anInfiniteLossIsADivergence() {
        Gate.Judgement judgement =
                judge(weak, SPREAD, new double[] {1, Double.NaN}, facts(true, false, 0.1, 0, 400, 16, 40, 100));
        assertThat(judgement.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(judgement.causes().get(0).why()).contains("0.1 is too high");
    }

    @Test
    void needsAControl() {
        Gate.Measured measured = new Gate.Measured(strong, List.of(), SPREAD, true, falling());
        assertThatThrownBy(() -> Gate.judge(measured, GOOD)).hasMessageContaining("at least 1 control");
    }

    private String firstCause(RunFacts facts) {
        return judge(none, SPREAD, falling(), facts).causes().get(0).why();
    }

    private static double[] falling() {
        double[] losses = new double[100];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = 2.0 / (1 + i / 20.0) + 0.05 * (i % 3);
        }
        return losses;
    }

    private static double[] flat() {
        double[] losses = new double[100];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = 0.2 + 0.02 * (i % 5);
        }
        return losses;
    }
}
