package org.voco4j.measure.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.measure.statistics.Overlap;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;

class ConfusionTest {

    private static LabelMap row(int... classes) {
        byte[] bytes = new byte[classes.length];
        for (int i = 0; i < classes.length; i++) {
            bytes[i] = (byte) classes[i];
        }
        return new LabelMap(new Shape3(1, 1, classes.length), Affine.identity(), bytes);
    }

    @Test
    void countsByHand() {
        Confusion confusion = Confusion.of(row(0, 1, 1, 2, 200, 0), row(0, 1, 2, 2, 200, 1), 201);
        assertThat(confusion.overlap(0)).isEqualTo(new Overlap(1, 2, 1));
        assertThat(confusion.overlap(1)).isEqualTo(new Overlap(1, 2, 2));
        assertThat(confusion.overlap(2)).isEqualTo(new Overlap(1, 1, 2));
        assertThat(confusion.overlap(200)).isEqualTo(new Overlap(1, 1, 1));
        assertThat(confusion.overlap(1).dice()).isEqualTo(0.5);
        assertThat(confusion.overlap(1).iou()).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(confusion.meanDice().count()).isEqualTo(3);
        assertThat(confusion.meanDice().mean()).isCloseTo((0.5 + 2 / 3.0 + 1) / 3, within(1e-15));
    }

    @Test
    void absentClasses() {
        Confusion confusion = Confusion.of(row(0, 0, 1, 1), row(2, 2, 0, 0), 4);
        assertThat(confusion.overlap(1).dice()).isZero();
        assertThat(confusion.overlap(1).isInvented()).isTrue();
        assertThat(confusion.overlap(1).isMissed()).isFalse();
        assertThat(confusion.overlap(2).dice()).isZero();
        assertThat(confusion.overlap(2).isMissed()).isTrue();
        assertThat(confusion.overlap(2).isInvented()).isFalse();
        assertThat(confusion.overlap(3).dice()).isNaN();
        assertThat(confusion.overlap(3).iou()).isNaN();
        assertThat(confusion.meanDice()).isEqualTo(new CountedMean(0, 2));
        assertThat(Confusion.of(row(0), row(0), 2).meanDice().mean()).isNaN();
    }

    @Test
    void diceFollowsFromIouAndDoesNotCareWhichIsTruth() {
        LabelMap a = row(1, 2, 1, 0, 2, 2, 1, 0, 0, 1);
        LabelMap b = row(1, 1, 1, 2, 2, 0, 0, 0, 1, 2);
        for (int label = 0; label < 3; label++) {
            Overlap overlap = Confusion.of(a, b, 3).overlap(label);
            assertThat(overlap.dice()).isCloseTo(2 * overlap.iou() / (1 + overlap.iou()), within(1e-15));
            assertThat(Confusion.of(b, a, 3).overlap(label).dice()).isEqualTo(overlap.dice());
        }
    }

    @Test
    void refusesWhatCannotBeCompared() {
        assertThatThrownBy(() -> Confusion.of(row(0, 0), row(0), 2)).hasMessageContaining("1x1x2");
        assertThatThrownBy(() -> Confusion.of(row(0, 0), row(0, 2), 2))
                .hasMessageContaining("voxel 1 has class 0 in the prediction and 2 in truth, expected 0 to 1");
    }
}
