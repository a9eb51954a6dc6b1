package org.voco4j.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

class SwinStageTest {

    /** libtorch's device without memory refuses every operation that mixes it with another, as CUDA would. */
    @Test
    void everyTensorOfAttentionLiesOnTheDeviceOfTheMap() {
        Device meta = new Device("meta");
        WindowAttention attention = new WindowAttention(6, 3);
        attention.initialise(1);
        attention.to(meta, DType.F32);
        try (Scope scope = Scope.open()) {
            Tensor map = Tensor.zeros(DType.F32, 2, 9, 7, 10, 6).to(meta);
            Windows windows = Windows.of(9, 7, 10, true);
            Tensor attended = attention.forward(
                    windows.cut(map),
                    windows.count(),
                    windows.mask(meta),
                    WindowAttention.positions(windows.tokens(), meta));
            Tensor joined = windows.join(attended);
            assertThat(joined.device()).isEqualTo(meta);
            assertThat(joined.shape()).containsExactly(2, 9, 7, 10, 6);
            joined.sum().backward();
            attention
                    .weights()
                    .forEach((name, weight) -> assertThat(
                                    Objects.requireNonNull(weight.gradient()).device())
                            .as(name)
                            .isEqualTo(meta));
        }
    }

    @ParameterizedTest
    @CsvSource({"9, 7, 10, true", "7, 7, 7, true", "4, 20, 3, true", "14, 8, 16, false"})
    void whatIsCutIsJoinedAgain(long x, long y, long z, boolean shifted) {
        float[] values = new float[(int) (2 * x * y * z * 3)];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Windows windows = Windows.of(x, y, z, shifted);
        Tensor map = Tensor.of(values, 2, x, y, z, 3);
        Tensor cut = windows.cut(map);
        assertThat(cut.shape()).containsExactly(2 * windows.count(), windows.tokens(), 3);
        assertThat(windows.join(cut).toFloats()).isEqualTo(values);
    }

    @Test
    void shiftedWindowsKeepApartWhatWasNotTogether() {
        Windows windows = Windows.of(14, 7, 7, true); // two windows along x, shifted by 3
        Tensor mask = windows.mask(Device.CPU); // [2, 343, 343]
        assertThat(mask.narrow(0, 0, 1).abs().sum().item())
                .as("the first window is whole")
                .isZero();
        // The second holds 4 layers of the end and 3 that came round from the start.
        double apart = 2.0 * (4 * 49) * (3 * 49) * 100;
        assertThat(mask.narrow(0, 1, 1).abs().sum().item()).isCloseTo(apart, within(1e-6 * apart));
    }
}
