package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Reference;

/** Flips and quarter turns against MONAI, and their group laws. */
class FlipTest {
    private static final Reference REFERENCE = Reference.of("geometry");
    private final Volume input = Expected.volume(REFERENCE, "flip.input", "flip.affine_in");

    @ParameterizedTest
    @CsvSource({
        "axis0,true,false,false",
        "axis1,false,true,false",
        "axis2,false,false,true",
        "axis02,true,false,true",
        "axisall,true,true,true"
    })
    void flipEqualsMonai(String name, boolean x, boolean y, boolean z) {
        Volume expected = Expected.volume(REFERENCE, "flip." + name, "flip." + name + ".affine_out");
        Expected.assertSame(Flip.apply(input, x, y, z), expected, 0);
    }

    @ParameterizedTest
    @CsvSource({"1,0,1", "1,0,2", "1,1,2", "2,0,1", "2,0,2", "2,1,2", "3,0,1", "3,0,2", "3,1,2"})
    void quarterTurnsEqualMonai(int turns, int from, int to) {
        String name = "rot90.k" + turns + ".axes" + from + to;
        Volume expected = Expected.volume(REFERENCE, name, name + ".affine_out");
        Expected.assertSame(Rotate90.apply(input, turns, from, to), expected, 0);
    }

    @Test
    void twoFlipsAreNone() {
        Expected.assertSame(Flip.apply(Flip.apply(input, true, false, true), true, false, true), input, 0);
    }

    @Test
    void fourQuarterTurnsAreNone() {
        Volume turned = input;
        for (int i = 0; i < 4; i++) {
            turned = Rotate90.apply(turned, 1, 2, 0);
        }
        Expected.assertSame(turned, input, 0);
        Expected.assertSame(Rotate90.apply(Rotate90.apply(input, 3, 0, 1), -3, 0, 1), input, 0);
    }

    @Test
    void aPlaneHasTwoAxes() {
        assertThatThrownBy(() -> Rotate90.apply(input, 1, 1, 1)).hasMessageContaining("1 and 1");
    }
}
