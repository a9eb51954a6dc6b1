package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.app.process.JavaCommand;
import org.voco4j.program.benchmark.StartBenchmark;
import org.voco4j.program.pretrain.PretrainFixture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchmarkStartCommandTest extends CommandFixture {

    @Test
    void timesHelpInfoAndTheFirstStep() {
        assertThat(run("benchmark", "start", "--repeats", "1", "--threads", "1", "--json"))
                .as(err.toString())
                .isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        double help = document.path("help_s").asDouble();
        double step = document.path("first_step_s").asDouble();
        assertThat(help).isPositive().isLessThan(step);
        assertThat(document.path("info_s").asDouble()).isPositive();
        assertThat(document.path("first_step_cold_s").asDouble()).isPositive();
        if (Files.exists(Path.of("/proc/self/stat"))) {
            assertThat(document.path("first_step_cpu_s").asDouble())
                    .isGreaterThan(document.path("help_cpu_s").asDouble());
        }
        assertThat(err.toString()).contains(" to --help", " to the first step of pretrain --recipe tiny");
        assertThat(run("benchmark", "start", "--repeats", "0")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aProcessThatEndsEarlyIsAFailure() {
        StartBenchmark.Program broken =
                words -> new JavaCommand(Main.class).launched(List.of("pretrain", "--no-such-option"));
        assertThatThrownBy(() -> StartBenchmark.run(broken, 1, 1, new PretrainFixture.Ears()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended with code 2");
    }
}
