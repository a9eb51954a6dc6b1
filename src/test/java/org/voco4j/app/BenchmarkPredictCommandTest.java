package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchmarkPredictCommandTest extends CommandFixture {
    private static final String MODEL = "src/test/resources/before/tuned";

    private JsonNode predict(String size, String... own) {
        List<String> args = new ArrayList<>(
                List.of("benchmark", "predict", "--threads", "1", "--json", "--max-memory", "64G", "--size", size));
        Collections.addAll(args, own);
        out.getBuffer().setLength(0);
        assertThat(run(args.toArray(String[]::new))).as(err.toString()).isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        BenchmarkFixture.requireUsage(document);
        assertThat(document.path("s_per_window").asDouble()).isPositive();
        assertThat(document.path("peak_rss_mb").asDouble()).isGreaterThan(50);
        return document;
    }

    @Test
    void timesSegmentingWithAnyNumberOfClasses() {
        for (String classes : List.of("2", "40")) {
            JsonNode document = predict("40,40,24", "--window", "16,16,16", "--classes", classes);
            assertThat(document.path("windows").asInt()).isEqualTo(4 * 4 * 2);
            assertThat(document.path("classes").asString()).isEqualTo(classes);
            assertThat(document.path("model").path("channels").asString()).isEqualTo("[8, 16, 32]");
            assertThat(document.path("dtype").asString()).isEqualTo("float32");
        }
    }

    @Test
    void settingsChooseTheNetwork() {
        JsonNode document = predict(
                "64,64,32",
                "--set",
                "model.encoder=swin-unetr",
                "--set",
                "model.featureSize=12",
                "--set",
                "patch.size=[64, 64, 32]",
                "--precision",
                "bf16",
                "--repeats",
                "2",
                "--profile");
        double seconds = document.path("seconds").asDouble(); // the median of two is their mean
        BenchmarkFixture.requireProfile(document, seconds, "attention", "convolution", "linear", "norm");
        assertThat(document.path("model").path("encoder").asString()).isEqualTo("swin-unetr");
        assertThat(document.path("model").path("featureSize").asString()).isEqualTo("12");
        assertThat(document.path("window").toString()).isEqualTo("[64,64,32]");
        assertThat(document.path("windows").asInt()).isEqualTo(1);
        assertThat(document.path("repeats").asInt()).isEqualTo(2);
        assertThat(document.path("dtype").asString()).isEqualTo("bfloat16");
        assertThat(document.path("classes").asInt()).isEqualTo(14);
        assertThat(err.toString()).contains("swin-unetr, 14 classes", "median of 2");
    }

    @Test
    void weightsSayWhatTheyAreOf() {
        JsonNode said = predict("40,40,24", "--weights", MODEL);
        JsonNode windowed = predict("40,40,24", "--weights", MODEL, "--window", "32,32,16");
        JsonNode stated = predict(
                "40,40,24",
                "--weights",
                MODEL,
                "--recipe",
                "src/test/resources/before/finetune.yaml",
                "--classes",
                "11");
        assertThat(said.path("classes")).isEqualTo(stated.path("classes"));
        assertThat(said.path("model")).isEqualTo(stated.path("model"));
        assertThat(windowed.path("window").toString()).isEqualTo("[32,32,16]");
    }

    @Test
    void whatCannotBeIsSaidInASentence() {
        assertThat(run("benchmark", "predict", "--classes", "1")).isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "predict", "--size", "4,4")).isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "predict", "--repeats", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "predict", "--weights", MODEL, "--classes", "3"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "predict", "--weights", MODEL, "--set", "model.encoder=swin-unetr"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "predict", "--weights", "src/test/resources/reference/unet3d_small.safetensors"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("benchmark", "predict", "--set", "model.encoder=resnet")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains(
                        "--classes must be from 2 to 255, not 1",
                        "'4,4' is no size",
                        "--repeats must be at least 1",
                        "but the weights say theirs",
                        "no weight could be loaded",
                        "--recipe or --set model… says it",
                        "has no way back up to the voxels");
    }
}
