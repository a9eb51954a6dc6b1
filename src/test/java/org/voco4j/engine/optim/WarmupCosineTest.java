package org.voco4j.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WarmupCosineTest {

    @Test
    void equalsTheReleasedScheduleAtEveryStep() throws IOException {
        WarmupCosine schedule = new WarmupCosine(1e-3, 100, 1000);
        try (InputStream file = WarmupCosineTest.class.getResourceAsStream("/reference/lr_warmup_cosine.csv");
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8))) {
            List<String> lines = reader.lines().skip(1).toList();
            assertThat(lines).hasSizeGreaterThanOrEqualTo(1000);
            for (String line : lines) {
                String[] cells = line.split(",", -1);
                assertThat(schedule.rate(Integer.parseInt(cells[0])))
                        .as(line)
                        .isCloseTo(Double.parseDouble(cells[1]), within(1e-15));
            }
        }
    }
}
