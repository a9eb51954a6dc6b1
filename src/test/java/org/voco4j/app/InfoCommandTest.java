package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InfoCommandTest extends CommandFixture {
    @Test
    void theCheckNamesProcessorLibraryAndEveryKernel() {
        assertThat(run("info", "--check", "--device", "cpu", "--json")).isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.path("engine").path("processor").asString()).isNotBlank();
        assertThat(document.path("engine").path("libtorch").asString()).isNotBlank();
        assertThat(document.path("kernelsRight").asBoolean()).isTrue();
        assertThat(document.path("kernels").valueStream())
                .hasSizeGreaterThan(40)
                .allSatisfy(row -> assertThat(row.path("outcome").asString()).isIn("passed", "avoided"))
                .anySatisfy(row -> assertThat(row.path("format").asString()).isEqualTo("bf16"));
    }

    @Test
    void withoutTheCheckNoKernelRuns() {
        assertThat(run("info", "--json")).isEqualTo(ExitCode.DONE);
        assertThat(JsonMapper.shared().readTree(out.toString()).has("kernels")).isFalse();
    }

    @Test
    void theTableHasARowPerKernel() {
        assertThat(run("info", "--check", "--device", "cpu")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .contains(
                        "verdict",
                        "transposed kernel",
                        "attention and norms",
                        "Every kernel that would be used is right.");
    }
}
