package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VerifyCommandTest extends CommandFixture {
    @TempDir
    private Path folder = Path.of("");

    private int voco(String line) {
        List<String> args = new ArrayList<>();
        for (String word : line.split(" ")) {
            args.add(word.replace("DIR", folder.toString()));
        }
        return run(args.toArray(String[]::new));
    }

    @BeforeEach
    void makeTorsos() {
        assertThat(voco("phantom --out DIR/torsos --cases 2 --labels --quiet")).isZero();
        out.getBuffer().setLength(0);
    }

    @Test
    void soundDataEndWithZero() {
        assertThat(voco("verify DIR/torsos --threads 2")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("Read 2 images and 2 label maps in").contains(": 0 errors, 0 warnings");
        assertThat(voco("verify DIR/torsos/dataset.json")).isEqualTo(ExitCode.DONE);
    }

    @Test
    void errorsEndWithOneAndAreOneDocument() throws IOException {
        Files.writeString(folder.resolve("torsos/broken.nii"), "no scan");
        assertThat(voco("verify DIR/torsos --json")).isEqualTo(ExitCode.FAILED);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.get("errors").asInt()).isEqualTo(1);
        JsonNode finding = document.get("findings").get(0);
        assertThat(finding.propertyNames()).containsExactly("path", "kind", "level", "expected", "found", "fix");
        assertThat(finding.get("path").asString())
                .isEqualTo(folder.resolve("torsos/broken.nii").toString());
        assertThat(finding.get("kind").asString()).isEqualTo("unreadable");
        assertThat(document.get("files")).hasSize(5);
        assertThat(err.toString())
                .contains("ERROR  " + folder.resolve("torsos/broken.nii") + ": unreadable: expected ");
    }

    @ParameterizedTest
    @CsvSource({
        "verify, Missing required parameter",
        "verify DIR/nowhere, found nothing there",
        "verify DIR/torsos --threads 0, --threads must be",
        "verify DIR/torsos --groups DIR/torsos/dataset.json, dataset.json: expected "
    })
    void wrongUsageEndsWithTwo(String line, String sentence) {
        assertThat(voco(line)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(sentence);
        assertThat(out.toString()).isEmpty();
    }
}
