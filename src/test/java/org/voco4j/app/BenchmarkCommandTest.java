package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchmarkCommandTest extends CommandFixture {
    private static final List<String> SMALL = List.of(
            "data.size=[32, 32, 16]",
            "crop.size=8",
            "model.channels=[4, 8]",
            "model.projector.hidden=16",
            "model.projector.out=16",
            "model.encoder=unet",
            "batch.volumes=1",
            "batch.randomCrops=3");

    private JsonNode pretrain(String... own) {
        List<String> args = new ArrayList<>(List.of("benchmark", "pretrain", "--threads", "1", "--json"));
        SMALL.forEach(setting -> Collections.addAll(args, "--set", setting));
        Collections.addAll(args, own);
        out.getBuffer().setLength(0);
        assertThat(run(args.toArray(String[]::new))).isEqualTo(ExitCode.DONE);
        return JsonMapper.shared().readTree(out.toString());
    }

    @Test
    void timesTheReleasedMethodUnderTheNamesOfOtherBenchmarks() {
        JsonNode document = pretrain("--loading");
        assertThat(document.path("task").asString()).isEqualTo("pretrain_step");
        assertThat(document.path("variant").asString()).isEqualTo("official");
        assertThat(document.path("encoder").asString()).isEqualTo("unet");
        assertThat(document.path("feature_size").isNull()).isTrue();
        assertThat(document.path("crops_per_step").asInt()).isEqualTo(3 + 16);
        assertThat(document.path("threads").asInt()).isEqualTo(1);
        assertThat(document.path("losses").size()).isEqualTo(1 + 3);
        assertThat(document.path("params_student").asLong()).isPositive();
        assertThat(document.path("peak_rss_mb").asDouble()).isGreaterThan(50);
        assertThat(document.path("environment").path("libtorch").asString()).isNotEmpty();
        assertThat(document.path("environment").has("MALLOC_TRIM_THRESHOLD_")).isTrue();
        for (JsonNode times : List.of(document, document.path("loading"))) {
            double median = times.path("median_s_per_step").asDouble();
            assertThat(median)
                    .isBetween(
                            times.path("min_s").asDouble(), times.path("max_s").asDouble())
                    .isPositive();
            assertThat(times.path("median_cpu_s_per_step").asDouble())
                    .isLessThanOrEqualTo(times.path("cpu_seconds").asDouble());
            BenchmarkFixture.requireUsage(times);
            assertThat(times.path("crops_per_s").asDouble() * median)
                    .isCloseTo(19, org.assertj.core.data.Percentage.withPercentage(1));
        }
        assertThat(err.toString()).contains("19 crops of 8³ per step", "In memory: ", "With loading: ");
    }

    @Test
    void whichStepsCountDoesNotChangeWhatIsComputed() {
        JsonNode once = pretrain("--steps", "1", "--warmup", "2", "--seed", "4").path("losses");
        JsonNode again =
                pretrain("--steps", "3", "--warmup", "0", "--seed", "4").path("losses");
        assertThat(once.size()).isEqualTo(3);
        assertThat(again).isEqualTo(once);
        assertThat(once.get(1)).isNotEqualTo(once.get(0)); // the weights move
    }

    @Test
    void aProfileDividesTheTimeAndChangesNoLoss() {
        JsonNode document = pretrain("--profile", "--steps", "1", "--seed", "4");
        BenchmarkFixture.requireProfile(
                document,
                document.path("median_s_per_step").asDouble(),
                "convolution",
                "norm",
                "activation",
                "linear",
                "optimiser");
        assertThat(document.path("losses"))
                .isEqualTo(pretrain("--steps", "1", "--seed", "4").path("losses"));
        assertThat(err.toString()).contains("backward s");
    }

    @Test
    void timesPreparingUnderTheNamesOfOtherBenchmarks(@TempDir Path folder) {
        assertThat(run("phantom", "--out", folder.toString(), "--cases", "1")).isEqualTo(ExitCode.DONE);
        Path scan = folder.resolve("torso_0001.nii.gz");
        out.getBuffer().setLength(0);
        assertThat(run("benchmark", "preprocess", "-i", scan.toString(), "--repeats", "2", "--threads", "2", "--json"))
                .isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.path("task").asString()).isEqualTo("preprocess");
        assertThat(document.path("file").asString()).isEqualTo("torso_0001.nii.gz");
        assertThat(document.path("threads").asInt()).isEqualTo(2);
        assertThat(document.path("repeats").asInt()).isEqualTo(2);
        assertThat(document.path("seconds").asDouble()).isPositive();
        assertThat(document.path("first_s").asDouble()).isPositive();
        BenchmarkFixture.requireUsage(document);
        assertThat(document.path("shapes").path("resize").toString()).isEqualTo("[1,384,384,64]");
        assertThat(document.path("output_mean").asDouble()).isBetween(0.01, 0.9);
        assertThat(document.path("output_std").asDouble()).isBetween(0.01, 0.6);
        assertThat(document.path("peak_rss_mb").asDouble())
                .isGreaterThanOrEqualTo(document.path("idle_rss_mb").asDouble());
        assertThat(run("benchmark", "preprocess", "-i", scan.toString(), "--repeats", "0"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "preprocess", "-i", "nothing.nii")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void commandsBelowACommandHaveHelpAndSayWhatIsWrong() {
        assertThat(run("benchmark")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("pretrain");
        assertThat(run("benchmark", "pretrain", "--help")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("--loading", "voco-official unless another is named");
        assertThat(run("benchmark", "pretrain", "--steps", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--steps must be at least 1");
    }
}
