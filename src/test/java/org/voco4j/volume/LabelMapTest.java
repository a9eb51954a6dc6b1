package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LabelMapTest {
    private static final Shape3 SHAPE = new Shape3(2, 3, 4);
    private final LabelMap labels = new LabelMap(SHAPE, Affine.identity(), new byte[] {
        0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 2, // x = 0, a row of z for each y
        0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0, 0 // x = 1
    });

    @Test
    void sharesAreOfTheVoxelsInside() {
        assertThat(labels.shares(Box.of(SHAPE), 3)).containsExactly(14 / 24.0, 4 / 24.0, 6 / 24.0);
        assertThat(labels.shares(new Box(0, 0, 2, 1, 2, 9), 3)).containsExactly(0, 1, 0);
        assertThat(labels.shares(new Box(-3, 1, 0, 1, 3, 2), 4)).containsExactly(0.5, 0, 0.5, 0);
    }

    @Test
    void aClassTooManyOrABoxOutsideIsRefused() {
        assertThatThrownBy(() -> labels.shares(Box.of(SHAPE), 2)).hasMessageContaining("class 2");
        assertThatThrownBy(() -> labels.shares(new Box(5, 0, 0, 6, 1, 1), 3)).hasMessageContaining("outside");
    }
}
