package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;

class ResizeTest {
    private static final Reference REFERENCE = Reference.of("geometry");

    @ParameterizedTest
    @ValueSource(strings = {"up_ac", "up", "down_ac", "down", "bilinear_name_ac", "nearest", "area", "same", "one_ac"})
    void equalsMonai(String name) {
        Volume input = Expected.volume(REFERENCE, "resize.input", "resize.affine_in");
        Volume expected = Expected.volume(REFERENCE, "resize." + name, "resize." + name + ".affine_out");
        Shape3 target = expected.shape();
        Volume found = switch (name) {
            case "nearest" -> Resize.nearest(input, target);
            case "area" -> Resize.area(input, target);
            default -> Resize.trilinear(input, target, name.endsWith("_ac") || name.equals("same"));
        };
        Expected.assertSame(found, expected, name.equals("nearest") ? 0 : 1e-6);
    }

    @Test
    void aBoxIsResizedAsIfItWereCutOutFirst() {
        Volume input = noise(new Shape3(11, 9, 13));
        Box box = new Box(2, 1, 3, 9, 9, 11);
        Shape3 target = new Shape3(5, 12, 8);
        for (boolean alignCorners : new boolean[] {true, false}) {
            float[] out = new float[7 + (int) target.voxels() + 3];
            Arrays.fill(out, -1);
            Resize.trilinear(input.voxels(), input.shape(), box, alignCorners, target, out, 7);
            float[] expected = Resize.trilinear(Crop.apply(input, box), target, alignCorners)
                    .voxels();
            assertThat(Arrays.copyOfRange(out, 7, 7 + expected.length)).isEqualTo(expected);
            assertThat(out[6]).isEqualTo(-1);
            assertThat(out[out.length - 3]).isEqualTo(-1);
        }
    }

    @Test
    void alignedCornersKeepTheCorners() {
        Volume input = noise(new Shape3(6, 5, 4));
        Volume out = Resize.trilinear(input, new Shape3(17, 8, 9), true);
        assertThat(out.at(0, 0, 0)).isEqualTo(input.at(0, 0, 0));
        assertThat(out.at(16, 7, 8)).isEqualTo(input.at(5, 4, 3));
        assertThat(out.at(16, 0, 8)).isEqualTo(input.at(5, 0, 3));
    }

    @Test
    void areaKeepsTheMeanWhereSizesDivide() {
        Volume input = noise(new Shape3(12, 8, 6));
        Volume out = Resize.area(input, new Shape3(4, 2, 3));
        assertThat(mean(out)).isCloseTo(mean(input), offset(1e-6));
    }

    @Test
    void wrongBoxesAndTooLittleRoomAreRefused() {
        Volume input = noise(new Shape3(4, 4, 4));
        Shape3 target = Shape3.cube(2);
        assertThatThrownBy(() -> Resize.trilinear(
                        input.voxels(), input.shape(), new Box(0, 0, 0, 5, 4, 4), true, target, new float[8], 0))
                .hasMessageContaining("[0,5)");
        assertThatThrownBy(() -> Resize.trilinear(
                        input.voxels(), input.shape(), Box.of(input.shape()), true, target, new float[8], 1))
                .hasMessageContaining("no room");
    }

    static Volume noise(Shape3 shape) {
        SplittableRandom random = new SplittableRandom(7);
        float[] values = new float[(int) shape.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1000, 1000);
        }
        return new Volume(shape, Affine.ofRows(0, 2, 0, 5, -1.5, 0, 0.1, -7, 0, 0, 3, 40), values);
    }

    private static double mean(Volume volume) {
        double sum = 0;
        for (float value : volume.voxels()) {
            sum += value;
        }
        return sum / volume.shape().voxels();
    }
}
