package org.voco4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.voco4j.run.CurvePlan.chart;
import static org.voco4j.run.CurvePlan.curve;
import static org.voco4j.run.CurvePlan.level;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.report.Panel;

class RunMetricsTest {
    private static final CurvePlan PLAN = CurvePlan.of(
            chart("Loss", curve("total", "loss"), curve("cross entropy", "ce")),
            chart("Validation", curve("Dice", "validation/dice"), level("best control", "validation/control.best")));

    @TempDir
    private Path folder = Path.of("");

    private RunFolder open(boolean resume) throws IOException {
        RunFolder run = RunFolder.open(folder.resolve("run"), RecipeTree.load("pretrain", null, List.of()), resume);
        run.begin();
        return run;
    }

    private static void append(RunMetrics metrics, int step, Map<String, Double> validation) throws IOException {
        metrics.append(Map.of("step", (double) step, "loss", 1.0 / step), "validation", validation);
    }

    private Path file() {
        return folder.resolve("run/metrics.jsonl");
    }

    @Test
    void keepsWhatThePlanDrawsAndCutsBackToTheCheckpoint() throws IOException {
        try (RunFolder run = open(false);
                RunMetrics metrics = RunMetrics.open(run, PLAN, 0)) {
            append(metrics, 1, Map.of());
            assertThat(RunMetrics.panels(run, PLAN)).extracting(Panel::title).containsExactly("Loss");
            append(metrics, 2, Map.of("dice", 0.5, "control.best", 0.25, "other", 7.0));
            append(metrics, 3, Map.of("dice", Double.NaN));
            append(metrics, 4, Map.of());
            assertThat(metrics.values("loss")).containsExactly(1, 0.5, 1 / 3.0, 0.25);
            assertThat(metrics.values("ce")).hasSize(4).containsOnly(Double.NaN);
            assertThat(metrics.values("validation/dice")).containsExactly(0.5, Double.NaN);
            assertThatThrownBy(() -> metrics.values("validation/other"))
                    .hasMessageContaining("'validation/other' is not kept, only [ce, loss, validation/control.best,");
        }
        Files.writeString(file(), "{\"step\":5,\"lo", StandardOpenOption.APPEND);
        try (RunFolder run = open(true);
                RunMetrics metrics = RunMetrics.open(run, PLAN, 3)) {
            assertThat(metrics.values("loss")).containsExactly(1, 0.5, 1 / 3.0);
            append(metrics, 4, Map.of());
            assertThat(metrics.values("loss")).containsExactly(1, 0.5, 1 / 3.0, 0.25);
            assertThat(RunMetrics.panels(run, PLAN)).extracting(Panel::title).containsExactly("Loss", "Validation");
            metrics.sync();
            assertThat(run.file("progress.png")).isNotEmptyFile();
        }
        List<String> lines = Files.readAllLines(file());
        assertThat(lines).hasSize(4);
        assertThat(lines.get(2)).contains("\"validation\":{\"dice\":null}").contains("\"step\":3");
    }

    @Test
    void eventsNameTheGroup() throws IOException {
        try (RunFolder run = open(false);
                RunMetrics metrics = RunMetrics.open(run, PLAN, 0)) {
            append(metrics, 1, Map.of("dice", 0.5));
        }
        try (var files = Files.newDirectoryStream(folder.resolve("run"), "events.out.tfevents*")) {
            String bytes = Files.readString(files.iterator().next(), StandardCharsets.ISO_8859_1);
            assertThat(bytes).contains("train/loss").contains("validation/dice").doesNotContain("train/step");
        }
    }

    @Test
    void manyStepsAreKeptInOrder() {
        MetricHistory history = new MetricHistory(PLAN.columns());
        for (int step = 1; step <= 1000; step++) {
            var line = tools.jackson.databind.json.JsonMapper.shared().createObjectNode();
            history.add(line.put("step", step).put("loss", -step));
        }
        double[] steps = history.steps("loss");
        double[] losses = history.values("loss");
        assertThat(steps).hasSize(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(steps[i]).isEqualTo(i + 1);
            assertThat(losses[i]).isEqualTo(-(i + 1));
        }
        assertThat(history.last("loss")).isEqualTo(-1000);
        assertThat(history.has("validation/dice")).isFalse();
        assertThat(history.last("validation/dice")).isNaN();
    }

    @Test
    void aRecordWithGapsIsRefusedAndLeftAsItIs() throws IOException {
        try (RunFolder run = open(false)) {
            Files.writeString(file(), "{\"step\":1,\"loss\":1}\n{\"step\":3,\"loss\":1}\n");
            assertThatThrownBy(() -> RunMetrics.open(run, PLAN, 3))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("holds 2 of the 3 steps");
            assertThat(Files.readAllLines(file())).hasSize(2);
            Files.writeString(file(), "{\"step\":1\n{\"step\":2,\"loss\":1}\n");
            assertThatThrownBy(() -> RunMetrics.open(run, PLAN, 2)).hasMessageContaining("line 1 is damaged");
        }
    }
}
