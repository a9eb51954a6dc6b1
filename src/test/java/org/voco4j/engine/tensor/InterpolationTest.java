package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class InterpolationTest {
    private static final Offset<Double> CLOSE = Offset.offset(1e-12);

    /** 100·x + 10·y + z. */
    private static Tensor ramp(int nx, int ny, int nz) {
        double[] values = new double[nx * ny * nz];
        for (int i = 0; i < values.length; i++) {
            values[i] = 100 * (i / (ny * nz)) + 10 * (i / nz % ny) + i % nz;
        }
        return Tensor.of(values, 1, 1, nx, ny, nz);
    }

    @Test
    void pointsKeepTheirCornersAndRampsStayRamps() {
        double[] values = Interpolation.ofPoints(ramp(3, 3, 2), 5, 2, 3).toDoubles();
        for (int i = 0; i < values.length; i++) {
            double expected = 100 * (i / 6) * (2 / 4.0) + 10 * (i / 3 % 2) * (2 / 1.0) + i % 3 * (1 / 2.0);
            assertThat(values[i]).isCloseTo(expected, CLOSE);
        }
        assertThat(Interpolation.ofPoints(ramp(3, 3, 2), 3, 3, 2).toDoubles())
                .containsExactly(ramp(3, 3, 2).toDoubles());
    }

    @Test
    void cellsAreReadAtTheirMiddles() {
        double[] values = Interpolation.ofCells(Tensor.of(new double[] {0, 1, 2, 3}, 1, 1, 2, 2), 4, 2)
                .toDoubles();
        // rows at -1/4 (the border goes on), 1/4, 3/4, 5/4 (likewise)
        assertThat(values).containsExactly(new double[] {0, 1, 0.5, 1.5, 1.5, 2.5, 2, 3}, CLOSE);
        assertThat(Interpolation.ofCells(ramp(3, 3, 2), 3, 3, 2).toDoubles())
                .containsExactly(ramp(3, 3, 2).toDoubles());
    }
}
