package org.voco4j.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;

class FittedTest {
    @Test
    void whatIsTooLargeIsCutAndWhatIsTooSmallRepeatsItsLastVoxel() {
        Tensor map = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 1, 2, 3);
        Tensor fitted = Fitted.to(Tensor.zeros(DType.F32, 1, 4, 4, 2), map);
        assertThat(fitted.shape()).containsExactly(1, 1, 4, 2);
        assertThat(fitted.toFloats()).containsExactly(1, 2, 4, 5, 4, 5, 4, 5);
        assertThat(Fitted.to(map, map)).isSameAs(map);
    }
}
