package org.voco4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class UsageTest {

    @Test
    void computingTakesTimeOfTheProcessorAndMemoryOfTheHeap() {
        Usage before = Usage.now();
        byte[] block = new byte[32 << 20];
        long sum = 0;
        while (Usage.now().since(before).cpuSeconds() < 0.05) {
            for (byte b : block) {
                sum += b;
            }
        }
        Usage used = Usage.now().since(before);
        assertThat(sum).isZero();
        assertThat(used.seconds()).isGreaterThan(0.001);
        assertThat(used.heapBytes()).isGreaterThanOrEqualTo(32 << 20);
        assertThat(used.plus(used).cpuSeconds()).isCloseTo(2 * used.cpuSeconds(), within(1e-9));
        assertThat(used.sentence()).contains("MiB");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void pageFaultsAreThoseThatLinuxCounts() throws Exception {
        long minor = Objects.requireNonNull(Usage.now().faults()).minor();
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.replaceAll("\\(.*\\)", "name").split(" ");
        assertThat(minor).isPositive().isLessThanOrEqualTo(Long.parseLong(fields[9]));
    }

    @Test
    void theMedianIsTheMiddle() {
        assertThat(Usage.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Usage.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
        assertThatThrownBy(() -> Usage.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
