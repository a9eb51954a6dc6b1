package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;

/** Cutting, padding and the foreground box against MONAI. */
class CropTest {
    private static final Reference REFERENCE = Reference.of("geometry");

    /** SpatialCrop truncates a centre to whole voxels and clips a start below 0; an end may lie anywhere. */
    private static Box box(String name) {
        return switch (name) {
            case "inside" -> Crop.centred(7, 6, 5, new Shape3(6, 4, 5));
            case "low_border" -> Crop.centred(1, 2, 0, new Shape3(6, 6, 6));
            case "high_border" -> Crop.centred(13, 11, 9, new Shape3(6, 6, 6));
            case "fraction" -> Crop.centred((int) 6.5, (int) 6.9, (int) 4.2, new Shape3(4, 4, 4));
            case "larger" -> Crop.centred(7, 6, 5, new Shape3(20, 6, 30));
            case "start_end" -> new Box(2, 3, 0, 10, 9, 10000);
            case "negative_start" -> new Box(-3, 3, 1, 5, 50, 4);
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"inside", "low_border", "high_border", "fraction", "larger", "start_end", "negative_start"})
    void cropEqualsMonai(String name) {
        Volume input = Expected.volume(REFERENCE, "crop.input", "crop.affine_in");
        Expected.assertSame(Crop.apply(input, box(name)), expected("crop." + name), 0);
    }

    @ParameterizedTest
    @CsvSource({"sym,8,6,8,0,false", "end,8,6,8,0,true", "keep,9,1,4,0,false", "value,6,9,4,-1,false"})
    void padEqualsMonai(String name, int x, int y, int z, float fill, boolean end) {
        for (int channel = 0; channel < 2; channel++) {
            Volume input = Expected.volume(REFERENCE, "pad.input", "pad.affine_in", channel);
            Shape3 target = new Shape3(x, y, z);
            Expected.assertSame(
                    end ? Pad.end(input, target, fill) : Pad.symmetric(input, target, fill),
                    Expected.volume(REFERENCE, "pad." + name, "pad." + name + ".affine_out", channel),
                    0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"positive", "over0.3", "margin2", "margin_clipped", "margin_padded", "divisible8"})
    void foregroundEqualsMonai(String name) {
        Volume input = Expected.volume(REFERENCE, "foreground.input", "foreground.affine_in");
        Box tight = Foreground.box(input, name.equals("over0.3") ? 0.3 : 0).orElseThrow();
        Volume found = switch (name) {
            case "margin2" -> Crop.padded(input, Foreground.grow(tight, 2, 2, 2), 0);
            case "margin_clipped" -> Crop.apply(input, Foreground.grow(tight, 4, 5, 6));
            case "margin_padded" -> Crop.padded(input, Foreground.grow(tight, 4, 5, 6), 0);
            case "divisible8" -> Crop.padded(input, Foreground.divisible(tight, 8), 0);
            default -> Crop.apply(input, tight);
        };
        Expected.assertSame(found, expected("foreground." + name), 0);
    }

    @Test
    void cuttingThePaddingOffGivesTheVolumeBack() {
        Volume volume = ResizeTest.noise(new Shape3(5, 4, 3));
        Volume padded = Pad.symmetric(volume, new Shape3(9, 4, 8), -1);
        Expected.assertSame(Crop.apply(padded, Box.at(2, 0, 2, volume.shape())), volume, 0);
        assertThat(padded.at(0, 0, 0)).isEqualTo(-1);
        assertThat(Pad.end(volume, new Shape3(2, 2, 2), 0)).isSameAs(volume);
    }

    @Test
    void aCropKeepsEveryVoxelInItsPlace() {
        Volume volume = ResizeTest.noise(new Shape3(6, 5, 4));
        Volume crop = Crop.apply(volume, new Box(1, 2, 3, 5, 5, 4));
        assertThat(crop.affine().apply(2, 1, 0)).containsExactly(volume.affine().apply(3, 3, 3));
        assertThat(crop.at(2, 1, 0)).isEqualTo(volume.at(3, 3, 3));
    }

    @Test
    void nothingInCommonIsRefusedAndNoForegroundIsEmpty() {
        Volume volume = ResizeTest.noise(new Shape3(6, 5, 4));
        assertThatThrownBy(() -> Crop.apply(volume, new Box(6, 0, 0, 8, 5, 4))).hasMessageContaining("6x5x4");
        assertThat(Foreground.box(volume, 1000)).isEmpty();
    }

    private static Volume expected(String name) {
        return Expected.volume(REFERENCE, name, name + ".affine_out");
    }
}
