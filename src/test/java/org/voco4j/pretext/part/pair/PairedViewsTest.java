package org.voco4j.pretext.part.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** Where the second crop may lie, and what is done to both. */
class PairedViewsTest {
    private static final List<Double> NONE = List.of(0.0, 1.0, 1.0);

    @Test
    void theSecondCropBeginsBesideTheFirst() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("blocks-b");
            int[] first = expected.ints("second_crop.first");
            int[] lowest = expected.ints("second_crop.lowest");
            int[] highest = expected.ints("second_crop.highest");
            for (int i = 0; i < first.length; i++) {
                assertThat(PairedViews.bounds(first[i], 16, 64, 0.5)).containsExactly(lowest[i], highest[i]);
            }
        }
    }

    @Test
    void shiftedCropsHaveOneSizeAndLieInTheScan() {
        SplittableRandom random = new SplittableRandom(2);
        Shape3 scan = new Shape3(40, 32, 10);
        for (int i = 0; i < 200; i++) {
            PairedViews pair = PairedViews.shifted(0.5).draw(scan, random);
            assertThat(pair.second().shape()).isEqualTo(pair.first().shape()).isEqualTo(new Shape3(10, 8, 10));
            assertThat(pair.second().x1()).isLessThanOrEqualTo(40);
            assertThat(Math.abs(pair.first().x0() - pair.second().x0())).isLessThanOrEqualTo(5);
            assertThat(pair.second().z0()).isZero();
        }
    }

    @Test
    void cropsOfSeveralSizesShareMuch() {
        SplittableRandom random = new SplittableRandom(2);
        Shape3 scan = new Shape3(64, 64, 16);
        Set<Integer> sizes = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            PairedViews pair = PairedViews.sharing().draw(scan, random);
            assertThat(pair.shared()).isGreaterThan(0.3);
            assertThat(pair.second().isInside(Box.of(scan))).isTrue();
            sizes.add(pair.first().shape().x());
        }
        assertThat(sizes).containsExactly(16, 24, 28);
    }

    @Test
    void partsOfAnImageHaveTheirShareOfIt() {
        SplittableRandom random = new SplittableRandom(2);
        Shape3 image = new Shape3(100, 80, 1);
        for (int i = 0; i < 200; i++) {
            PairedViews pair = PairedViews.resized(0.2).draw(image, random);
            Shape3 part = pair.first().shape();
            assertThat(part.voxels()).isGreaterThan((long) (0.195 * image.voxels()));
            assertThat(pair.first().x1()).isLessThanOrEqualTo(100);
            assertThat(pair.first().y1()).isLessThanOrEqualTo(80);
            boolean isWhole = part.equals(image);
            assertThat(isWhole || (part.x() < 1.36 * part.y() && part.y() < 1.36 * part.x()))
                    .isTrue();
        }
    }

    @Test
    void aViewIsFlippedAndChanged() {
        ViewAugmentation flips = new ViewAugmentation(1, 0, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE);
        assertThat(flips.sample(new SplittableRandom(1)).apply(new float[] {1, 2, 3, 4}, new Shape3(2, 2, 1)))
                .containsExactly(4, 3, 2, 1);
        List<Double> half = List.of(1.0, 0.5, 0.5);
        ViewAugmentation solarised =
                new ViewAugmentation(0, 0, NONE, NONE, NONE, NONE, NONE, NONE, NONE, half).with(0, 1);
        assertThat(solarised.sample(new SplittableRandom(1)).apply(new float[] {0.25f, 0.75f}, new Shape3(1, 2, 1)))
                .containsExactly(0.25f, 0.25f);
    }

    @Test
    void keysThatCannotBeAreNamed() {
        assertThatThrownBy(
                        () -> new ViewAugmentation(0, 0, NONE, List.of(1.0, 2.0), NONE, NONE, NONE, NONE, NONE, NONE))
                .hasMessageContaining("pretext.augment.blur must be [probability, least, most], not 2 numbers");
        assertThatThrownBy(() ->
                        new ViewAugmentation(0, 0, NONE, NONE, NONE, NONE, NONE, NONE, List.of(1.0, 2.0, 1.0), NONE))
                .hasMessageContaining("pretext.augment.gamma: a change of intensities needs");
    }
}
