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
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class WarmupCosineTest {

    @Test
    void equalsTheReleasedScheduleAtEveryStep() throws IOException {
        assertEqualsReference("lr_warmup_cosine", new WarmupCosine(1e-3, 100, 1000)::rate);
    }

    @Test
    void thatOfTheReleasedFineTuningEqualsItAtEveryStep() throws IOException {
        assertEqualsReference("lr_linear_warmup_cosine_annealing", new RepeatedWarmupCosine(3e-4, 100, 1000)::rate);
    }

    @Test
    void thatOfTheReleasedFineTuningComesUpAgainAndAgain() {
        RepeatedWarmupCosine schedule = new RepeatedWarmupCosine(3e-4, 100, 3000);
        assertThat(schedule.rate(3000)).isCloseTo(0, within(1e-12));
        assertThat(schedule.rate(5900)).isCloseTo(3e-4, within(1e-12));
        assertThat(schedule.rate(8800)).isCloseTo(0, within(1e-12));
        assertThat(schedule.rate(72_000 - 1)).isCloseTo(3e-5, within(5e-6)); // where 3000 epochs of 24 scans end
    }

    private static void assertEqualsReference(String name, IntToDoubleFunction rate) throws IOException {
        try (InputStream file = WarmupCosineTest.class.getResourceAsStream("/reference/" + name + ".csv");
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8))) {
            List<String> lines = reader.lines().skip(1).toList();
            assertThat(lines).hasSizeGreaterThanOrEqualTo(1000);
            for (String line : lines) {
                String[] cells = line.split(",", -1);
                assertThat(rate.applyAsDouble(Integer.parseInt(cells[0])))
                        .as(line)
                        .isCloseTo(Double.parseDouble(cells[1]), within(1e-15));
            }
        }
    }
}
