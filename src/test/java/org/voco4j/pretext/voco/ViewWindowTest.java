package org.voco4j.pretext.voco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

class ViewWindowTest {
    private static Volume counted(Shape3 shape) {
        float[] values = new float[Math.toIntExact(shape.voxels())];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        return new Volume(shape, Affine.identity(), values);
    }

    @Test
    void aWindowIsAPartOfTheScanAnywhereItFits() {
        Volume scan = counted(new Shape3(5, 4, 3));
        Shape3 size = new Shape3(3, 4, 2);
        SplittableRandom random = new SplittableRandom(1);
        Set<Integer> begins = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Volume window = ViewWindow.RANDOM.of(scan, size, random);
            int begin = (int) window.voxels()[0] - 1;
            begins.add(begin);
            for (int x = 0; x < 3; x++) {
                for (int y = 0; y < 4; y++) {
                    for (int z = 0; z < 2; z++) {
                        assertThat(window.voxels()[size.index(x, y, z)])
                                .isEqualTo(begin + 1 + scan.shape().index(x, y, z));
                    }
                }
            }
        }
        assertThat(begins).containsExactlyInAnyOrder(0, 1, 12, 13, 24, 25); // 3 places along x, 1 along y, 2 along z
    }

    @Test
    void aSmallScanLiesInTheMiddleOfZeros() {
        Volume scan = counted(new Shape3(2, 3, 1));
        Volume window = ViewWindow.RANDOM.of(scan, new Shape3(4, 3, 4), new SplittableRandom(1));
        float[] expected = new float[48];
        for (int x = 0; x < 2; x++) {
            for (int y = 0; y < 3; y++) {
                expected[window.shape().index(x + 1, y, 2)] = 1 + scan.shape().index(x, y, 0);
            }
        }
        assertThat(window.voxels()).containsExactly(expected);
    }

    @Test
    void aWholeScanHasItsSizeAlready() {
        Volume scan = counted(new Shape3(2, 3, 1));
        assertThat(ViewWindow.WHOLE.of(scan, scan.shape(), new SplittableRandom(1)))
                .isSameAs(scan);
        assertThatThrownBy(() -> ViewWindow.WHOLE.of(scan, new Shape3(2, 2, 1), new SplittableRandom(1)))
                .hasMessageContaining("2x3x1");
    }
}
