package org.voco4j.pretext.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.volume.Shape3;

/** The ten turns of a published study, and what a turn cannot do. */
class TurnTest {
    @Test
    void theTenTurnsAreThoseOfNumpy() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("rotation");
            float[] cube = expected.tensor("cube").toFloats();
            float[] turns = expected.tensor("quarter_turns").toFloats();
            for (int turned = 0; turned < 10; turned++) {
                assertThat(Turn.of(cube, Shape3.cube(3), turned))
                        .as("class " + turned)
                        .containsExactly(Arrays.copyOfRange(turns, 27 * turned, 27 * (turned + 1)));
            }
        }
    }

    @Test
    void fourQuarterTurnsAreNoneAndOnlyEqualAxesTurnByAQuarter() {
        Shape3 shape = new Shape3(4, 4, 2);
        float[] crop = new float[32];
        for (int i = 0; i < crop.length; i++) {
            crop[i] = i;
        }
        assertThat(Turn.of(Turn.of(crop, shape, 3), shape, 1)).containsExactly(crop);
        assertThatThrownBy(() -> Turn.of(crop, shape, 4)).hasMessageContaining("axes of one length");
        float[] half = Turn.of(crop, shape, 5); // flips x and z
        assertThat(half[shape.index(0, 1, 0)]).isEqualTo(crop[shape.index(3, 1, 1)]);
        assertThat(Turn.of(half, shape, 5)).containsExactly(crop);
    }
}
