package org.voco4j.network.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;

class PadOrCropTest {
    @Test
    void whatIsTooLargeIsCutAndWhatIsTooSmallRepeatsItsLastVoxel() {
        Tensor map = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 1, 2, 3);
        Tensor fitted = PadOrCrop.to(Tensor.zeros(DType.F32, 1, 4, 4, 2), map);
        assertThat(fitted.shape()).containsExactly(1, 1, 4, 2);
        assertThat(fitted.toFloats()).containsExactly(1, 2, 4, 5, 4, 5, 4, 5);
        assertThat(PadOrCrop.to(map, map)).isSameAs(map);
    }
}
