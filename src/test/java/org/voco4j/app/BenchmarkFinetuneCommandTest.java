package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchmarkFinetuneCommandTest extends CommandFixture {

    private JsonNode finetune(String... own) {
        List<String> args = new ArrayList<>(List.of("benchmark", "finetune", "--threads", "1", "--json"));
        Collections.addAll(args, own);
        out.getBuffer().setLength(0);
        assertThat(run(args.toArray(String[]::new))).as(err.toString()).isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        BenchmarkFixture.requireUsage(document);
        return document;
    }

    @Test
    void timesStepsUnderTheNamesOfPretraining() {
        JsonNode document = finetune("--steps", "2", "--classes", "4", "--profile");
        BenchmarkFixture.requireProfile(
                document, document.path("median_s_per_step").asDouble(), "convolution", "norm", "optimiser");
        assertThat(document.path("task").asString()).isEqualTo("finetune_step");
        assertThat(document.path("model").path("channels").asString()).isEqualTo("[8, 16, 32, 64]");
        assertThat(document.path("patch").toString()).isEqualTo("[32,32,16]");
        assertThat(document.path("patches").asInt()).isEqualTo(2);
        assertThat(document.path("classes").asInt()).isEqualTo(4);
        assertThat(document.path("losses").size()).isEqualTo(1 + 2);
        assertThat(document.path("losses").get(2))
                .isNotEqualTo(document.path("losses").get(0)); // the weights move
        assertThat(document.path("median_s_per_step").asDouble()).isPositive();
        assertThat(document.path("params").asLong()).isPositive();
        assertThat(err.toString()).contains("2 patches of 32x32x16 and 4 outputs per step, 1 + 2 steps", "patches/s");
    }

    @Test
    void theSameSeedTakesTheSameSteps() {
        JsonNode once = finetune("--steps", "1", "--warmup", "2", "--seed", "4").path("losses");
        JsonNode again =
                finetune("--steps", "3", "--warmup", "0", "--seed", "4").path("losses");
        assertThat(again).isEqualTo(once);
    }

    @Test
    void regionsAndWeightsAreTheRecipes() {
        JsonNode regions = finetune(
                "--set",
                "regions={whole: [1, 2, 3], core: [2, 3]}",
                "--set",
                "patch.size=[16, 16, 16]",
                "--steps",
                "1");
        assertThat(regions.path("classes").asInt()).isEqualTo(2);
        JsonNode tuned = finetune(
                "--recipe",
                "src/test/resources/before/finetune.yaml",
                "--weights",
                "src/test/resources/before/tuned",
                "--classes",
                "11",
                "--steps",
                "1");
        assertThat(tuned.path("model").path("channels").asString()).isEqualTo("[4, 8]");
    }

    @Test
    void whatCannotBeIsSaidInASentence() {
        assertThat(run("benchmark", "finetune", "--steps", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "finetune", "--classes", "300")).isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "finetune", "--set", "labels={a: 1}", "--classes", "3"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "finetune", "--recipe", "classify-tiny")).isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "finetune", "--weights", "src/test/resources/before/tuned"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "finetune", "--set", "augment.rot90=1", "--set", "patch.size=[32, 16, 16]"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains(
                        "--steps must be at least 1",
                        "--classes must be from 2 to 255, not 300",
                        "but the recipe names its own",
                        "--recipe is for classification",
                        "the weights do not fit",
                        "augment.rot90 turns patches");
    }
}
