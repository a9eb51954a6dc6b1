package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class EngineTest {
    private static final long MIB = 1L << 20;
    private static final long MANY = 128 * MIB; // numbers, 512 MB

    @Test
    @EnabledOnOs(OS.LINUX)
    void thePeakIsRememberedWhenTheMemoryIsGivenBack() {
        Engine.releaseUnused(); // or what other tests left is freed meanwhile
        long before = Engine.residentBytes();
        try (Scope scope = Scope.open()) {
            Tensor.zeros(DType.F32, MANY).plus(1); // written, so that it is in RAM
        }
        assertThat(Engine.peakResidentBytes()).isGreaterThan(before + 400 * MIB);
        assertThat(Engine.peakResidentBytes()).isGreaterThanOrEqualTo(Engine.residentBytes() - 16 * MIB);
    }

    @Test
    void whatWasBeforeIsForgotten() {
        assumeTrue(Files.isWritable(Path.of("/proc/self/clear_refs")), "this system keeps peaks");
        try (Scope scope = Scope.open()) {
            Tensor.zeros(DType.F32, MANY).plus(1);
        }
        long before = Engine.peakResidentBytes();
        Engine.releaseUnused();
        Engine.forgetPeak();
        assertThat(Engine.peakResidentBytes())
                .isLessThan(before - 400 * MIB)
                .isLessThan(Engine.residentBytes() + 64 * MIB);
    }
}
