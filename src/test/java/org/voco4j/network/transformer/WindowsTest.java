package org.voco4j.network.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Tensor;

class WindowsTest {

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
        double apart = 2.0 * (4 * 49) * (3 * 49) * 10_000;
        assertThat(mask.narrow(0, 1, 1).abs().sum().item()).isCloseTo(apart, within(1e-6 * apart));
    }
}
