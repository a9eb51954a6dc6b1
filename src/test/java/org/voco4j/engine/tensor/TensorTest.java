package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {

    @Test
    void aScopeFreesWhatItMadeAndKeepLetsOneOut() {
        Tensor kept;
        Tensor freed;
        try (Scope outer = Scope.open()) {
            try (Scope inner = Scope.open()) {
                freed = Tensor.of(new float[] {1, 2}, 2);
                kept = inner.keep(freed.times(2));
            }
            assertThat(kept.toFloats()).containsExactly(2, 4);
            assertThat(freed.handle.isNull()).isTrue();
        }
        assertThat(kept.handle.isNull()).isTrue();
    }

    @Test
    void whatIsKeptOutsideEveryScopeBelongsToTheCaller() {
        Tensor kept;
        try (Scope scope = Scope.open()) {
            kept = scope.keep(Tensor.of(new float[] {3}, 1));
        }
        assertThat(kept.item()).isEqualTo(3);
        kept.close();
        assertThat(kept.handle.isNull()).isTrue();
    }

    @Test
    void weightsOutliveTheScopeTheyWereMadeIn() {
        Tensor weight;
        try (Scope scope = Scope.open()) {
            weight = Tensor.zeros(DType.F32, 3).persist().requireGradient(true);
        }
        InPlace.add(weight, 1);
        assertThat(weight.toFloats()).containsExactly(1, 1, 1);
    }

    @Test
    void aWrappedBufferIsSeenNotCopied() {
        FloatBuffer buffer = DirectBuffer.floats(4).put(new float[] {1, 2, 3, 4});
        Tensor view = Tensor.wrap(buffer, 2, 2);
        buffer.put(3, 40);
        assertThat(view.toFloats()).containsExactly(1, 2, 3, 40);
        assertThatThrownBy(() -> Tensor.wrap(FloatBuffer.allocate(4), 2, 2)).hasMessageContaining("direct");
        assertThatThrownBy(() -> Tensor.wrap(buffer, 5)).hasMessageContaining("5 values");
    }

    @Test
    void gradientsFollowTheChainRule() {
        Tensor x = Tensor.of(new double[] {1, 2, 3}, 3).requireGradient(true);
        x.square().sum().backward();
        Tensor gradient = x.gradient();
        assertThat(gradient).isNotNull();
        if (gradient != null) {
            assertThat(gradient.toDoubles()).containsExactly(2, 4, 6);
        }
        x.clearGradient();
        assertThat(x.gradient()).isNull();
        x.detach().times(x).sum().backward();
        assertThat(x.gradient())
                .as("only one factor is followed")
                .isNotNull()
                .satisfies(g -> assertThat(g == null ? null : g.toDoubles()).containsExactly(1, 2, 3));
        Tensor unrecorded;
        try (NoGrad none = NoGrad.open()) {
            unrecorded = x.square().sum();
        }
        assertThatThrownBy(unrecorded::backward).hasMessageContaining("does not require grad");
    }

    @Test
    void instanceNormEqualsItsFormula() {
        float[] values = {1, 2, 3, 4, 5, 6, 7, 9, -1, 0, 1, 2, 5, 5, 5, 8};
        Tensor x = Tensor.of(values, 1, 2, 2, 2, 2);
        float[] normal = Ops.groupNorm(x, 2, null, null, 1e-5).toFloats();
        for (int c = 0; c < 2; c++) {
            double mean = 0;
            for (int i = 0; i < 8; i++) {
                mean += values[c * 8 + i] / 8;
            }
            double variance = 0;
            for (int i = 0; i < 8; i++) {
                variance += Math.pow(values[c * 8 + i] - mean, 2) / 8;
            }
            for (int i = 0; i < 8; i++) {
                assertThat((double) normal[c * 8 + i])
                        .isCloseTo((values[c * 8 + i] - mean) / Math.sqrt(variance + 1e-5), within(1e-5));
            }
        }
    }

    @Test
    void wrongShapesSaySo() {
        assertThatThrownBy(() -> Tensor.of(new float[3], 2, 2)).hasMessageContaining("has 4 values, not 3");
        assertThatThrownBy(() ->
                        Tensor.concatenate(List.of(Tensor.zeros(DType.F32, 2, 2), Tensor.zeros(DType.F32, 3, 3)), 0))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> Device.parse("tpu")).hasMessageContaining("cpu, cuda, cuda:n or auto");
    }

    @Test
    void bytesBeyondTwoGigabytesAreReached() {
        assumeTrue(freeMemory() > 6L << 30, "too little memory is free");
        try (Scope scope = Scope.open()) {
            Tensor large = Tensor.zeros(DType.U8, (2L << 30) + 8);
            large.narrow(0, (2L << 30) + 3, 1).copyInPlace(Tensor.of(new float[] {7}, 1));
            assertThat(large.bytes((2L << 30) + 2, 3).remaining()).isEqualTo(3);
            assertThat(large.bytes((2L << 30) + 2, 3).get(1)).isEqualTo((byte) 7);
        }
    }

    private static long freeMemory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? machine.getFreeMemorySize()
                : 0;
    }
}
