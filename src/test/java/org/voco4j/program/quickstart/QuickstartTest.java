package org.voco4j.program.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.TwoThreads;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.fewlabels.FewLabelTrials;
import org.voco4j.program.fewlabels.FewLabelsResult;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.format.Nifti;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole story in small: few torsos on a coarse grid, a tiny network, two steps of everything. */
@ExtendWith(TwoThreads.class)
class QuickstartTest {
    private static final QuickstartPlan PLAN = new QuickstartPlan(7, 3, 2, 2, 2, List.of(1, 2, 4), 1, 1, true);
    private static final int SWEPT = 2 * PretrainingGain.RATES.size() * PretrainingGain.SWEEP_SEEDS;
    private static final List<String> PRETRAINING = List.of(
            "data.size=[32, 32, 16]",
            "crop.size=8",
            "model.channels=[4, 8]",
            "model.projector.hidden=16",
            "model.projector.out=16",
            "batch.randomCrops=3",
            "steps=2");
    private static final List<String> FINETUNING = List.of(
            "data.size=[32, 32, 16]",
            "patch.size=[16, 16, 8]",
            "batch.patches=1",
            "model.channels=[4, 8]",
            "validation.overlap=0",
            "steps=2");

    @TempDir
    private Path folder = Path.of("");

    private Quickstart.Story run(QuickstartPlan plan, boolean resume, BooleanSupplier stop, String... settings)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(PRETRAINING);
        all.addAll(List.of(settings));
        RecipeTree tree = RecipeTree.load("pretrain", "tiny", all);
        RecipeTree finetuning = RecipeTree.load("finetune", "tiny", FINETUNING)
                .with(List.of(
                        "model.norm=" + tree.bind(PretrainRecipe.class).model().norm()));
        try (RunFolder run = RunFolder.open(folder, tree, resume)) {
            PretrainRecipe pretraining = tree.bind(PretrainRecipe.class);
            RunLog log = new PretrainFixture.Ears();
            return new Quickstart(plan, pretraining, finetuning, Device.CPU, run, log, stop).run(told -> {});
        }
    }

    private static PretrainRecipe recipe(String... settings) {
        List<String> all = new ArrayList<>(PRETRAINING);
        all.addAll(List.of(settings));
        return RecipeTree.load("pretrain", "tiny", all).bind(PretrainRecipe.class);
    }

    private List<String> results() throws IOException {
        return Files.readAllLines(folder.resolve("finetune/results.jsonl"));
    }

    @Test
    void aStoppedStoryIsTakenUpAgainAndToldToItsEnd() throws IOException, InterruptedException {
        AtomicInteger asked = new AtomicInteger(); // twice by the pre-training, 11 times by each fine-tune of the sweep
        Quickstart.Story stopped = run(PLAN, false, () -> asked.incrementAndGet() > 26);
        assertThat(stopped.benefit()).isNull();
        assertThat(stopped.stoppedFinetuning()).isTrue();
        assertThat(stopped.isTold()).isFalse();
        assertThat(folder.resolve("report.html")).doesNotExist();
        List<String> before = results();
        assertThat(before).isNotEmpty();

        Quickstart.Story story = run(PLAN, true, () -> false);
        PretrainingGain benefit = Objects.requireNonNull(story.benefit());
        assertThat(story.isTold()).isTrue();
        assertThat(results())
                .hasSize(SWEPT + 8) // 3 pairs and the frozen pair
                .startsWith(before.toArray(String[]::new));
        assertThat(benefit.sweep())
                .hasSize(SWEPT)
                .allMatch(result -> result.scans().size() == 8);
        assertThat(benefit.results())
                .hasSize(8)
                .allMatch(result -> result.scans().equals(List.of("unseen-0", "unseen-1")));
        assertThat(benefit.sweep()).allMatch(result -> result.scans().get(0).equals("unseen-3") && result.seed() > 99);
        for (int labels : PLAN.labels()) {
            assertThat(benefit.of("voco", labels).get(0).training())
                    .isEqualTo(benefit.of(Arm.SCRATCH, labels).get(0).training())
                    .hasSize(labels);
        }
        assertThat(Objects.requireNonNull(story.organs()).trained()).isFinite();

        JsonNode document =
                JsonMapper.shared().readTree(JsonMapper.shared().writeValueAsString(story.document(recipe())));
        assertThat(document.propertyNames())
                .containsExactly(
                        "crossScanTop1",
                        "positionR2",
                        "organR2",
                        "dice",
                        "gain",
                        "finding",
                        "method",
                        "variant",
                        "seconds");
        assertThat(document.path("dice").path("scratch").path("4").isNumber()).isTrue();
        assertThat(document.path("dice").path("frozen").path("voco").isNumber()).isTrue();
        assertThat(document.path("gain").path("1").size()).isEqualTo(3);
        assertThat(document.path("organR2").path("untrained").isNumber()).isTrue();
        assertThat(document.path("finding").asString("")).isEqualTo(benefit.finding());

        assertThat(folder.resolve("report.html"))
                .content()
                .contains(benefit.headline(), "With few labels", "Three looks at the same encoder")
                .contains("How the learning rates were chosen", "right kidney")
                .doesNotContain(">NaN", " NaN"); // pictures are text too
        Path volumes = folder.resolve("finetune");
        LabelMap truth = LabelMap.of(new Nifti().read(volumes.resolve("truth.nii.gz")));
        assertThat(new Nifti().read(volumes.resolve("scan.nii.gz")).shape()).isEqualTo(truth.shape());
        for (String arm : List.of(Arm.SCRATCH, "voco")) {
            FewLabelsResult first = benefit.of(arm, PretrainingGain.FEW).get(0);
            assertThat(new Nifti().read(FewLabelTrials.picture(volumes, first)).shape())
                    .isEqualTo(truth.shape());
        }
    }

    @Test
    void aShortStoryShowsEverySeed() throws IOException, InterruptedException {
        QuickstartPlan plan = new QuickstartPlan(4, 3, 2, 2, 2, List.of(2), 2, 1, false);
        PretrainingGain benefit =
                Objects.requireNonNull(run(plan, false, () -> false).benefit());
        assertThat(benefit.labels()).containsExactly(2);
        assertThat(benefit.of(Arm.SCRATCH, 2)).hasSize(2);
        assertThat(benefit.of(Arm.FROZEN_UNTRAINED, 2)).hasSize(1);
        assertThat(folder.resolve("report.html"))
                .content()
                .contains("seed 0", "seed 1", "all seeds")
                .doesNotContain(">NaN", " NaN");
    }

    @Test
    void whatCannotBeToldIsRefusedBeforeAnythingIsDone() {
        QuickstartPlan plan = new QuickstartPlan(4, 2, 1, 2, 2, List.of(2), 1, 1, false);
        assertThatThrownBy(() -> run(plan, false, () -> false, "pretext.window=random"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--set pretext.window=whole");
        assertThat(folder.resolve("config.yaml")).doesNotExist();
    }

    @Test
    void anEncoderThatIsNoUNetIsMeasuredAndNotFineTuned() throws IOException, InterruptedException {
        QuickstartPlan plan = new QuickstartPlan(4, 4, 1, 2, 2, List.of(2), 1, 1, false);
        String[] unetr = {
            "model.encoder=unetr", "model.hiddenSize=24", "model.heads=2", "model.patch=[4, 4, 4]", "model.blocks=1"
        };
        Quickstart.Story story = run(plan, false, () -> false, unetr);
        assertThat(story.leftOut()).contains("the encoder is unetr");
        assertThat(story.isTold()).isTrue();
        assertThat(Objects.requireNonNull(story.organs()).untrained()).isFinite();
        assertThat(folder.resolve("report.html")).content().contains("Nothing was fine-tuned", "shares of organs");
        assertThat(story.document(recipe())).containsKey("organR2").doesNotContainKey("dice");
    }

    @Test
    void whatDidNotLearnIsNotFineTuned() throws IOException, InterruptedException {
        String[] collapses = {"model.projector.norm=none", "gate.minimumSteps=1"};
        Quickstart.Story story =
                run(new QuickstartPlan(4, 2, 1, 2, 2, List.of(2), 1, 1, false), false, () -> false, collapses);
        assertThat(story.run().isWorthless(1)).isTrue();
        assertThat(story.benefit()).isNull();
        assertThat(story.isTold()).isTrue();
        assertThat(folder.resolve("finetune")).doesNotExist();
        assertThat(folder.resolve("report.html")).content().contains("Nothing was fine-tuned");
        assertThat(story.document(recipe(collapses)))
                .containsKeys("crossScanTop1", "organR2", "finding")
                .doesNotContainKey("dice");
    }
}
