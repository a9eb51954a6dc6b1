package org.voco4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.augment.CropAugmentation.View;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Flip;
import org.voco4j.volume.Rotate90;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

class CropAugmentationTest {
    private static final int EDGE = 4;

    private static float[] cube() {
        float[] cube = new float[EDGE * EDGE * EDGE];
        for (int i = 0; i < cube.length; i++) {
            cube[i] = i / 64f;
        }
        return cube;
    }

    @Test
    void flipsUndoThemselvesAndFourQuarterTurnsAreNone() {
        View flips = new View(true, false, true, 0, 0);
        assertThat(flips.apply(flips.apply(cube(), EDGE), EDGE)).isEqualTo(cube());
        View turn = new View(false, false, false, 1, 0);
        float[] turned = cube();
        for (int i = 0; i < 4; i++) {
            assertThat(i == 0 || !java.util.Arrays.equals(turned, cube())).isTrue();
            turned = turn.apply(turned, EDGE);
        }
        assertThat(turned).isEqualTo(cube());
        assertThat(new View(false, false, false, 3, 0).apply(cube(), EDGE))
                .isEqualTo(turn.apply(turn.apply(turn.apply(cube(), EDGE), EDGE), EDGE));
    }

    @Test
    void equalTheTransformsOfVolumes() {
        Volume volume = new Volume(Shape3.cube(EDGE), Affine.identity(), cube());
        for (int turns = 0; turns < 4; turns++) {
            View view = new View(true, false, true, turns, 0);
            Volume expected = Rotate90.apply(Flip.apply(volume, true, false, true), turns, 0, 1);
            assertThat(view.apply(cube(), EDGE)).as("%d turns", turns).isEqualTo(expected.voxels());
        }
    }

    @Test
    void aSingleSliceIsTurnedAsEverySliceOfACubeIs() {
        int edge = 5;
        float[] flat = new float[edge * edge];
        float[] cube = new float[edge * edge * edge];
        for (int i = 0; i < cube.length; i++) {
            int pixel = i / edge;
            flat[pixel] = pixel;
            cube[i] = pixel;
        }
        for (int bits = 0; bits < 32; bits++) {
            View view = new View((bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0, bits >> 3, 0.5f);
            float[] one = view.apply(flat, edge);
            float[] all = view.apply(cube, edge);
            for (int i = 0; i < cube.length; i++) {
                assertThat(all[i]).isEqualTo(one[i / edge]);
            }
        }
    }

    @Test
    void aShiftMovesEveryValue() {
        float[] shifted = new View(false, false, false, 0, 0.25f).apply(cube(), EDGE);
        for (int i = 0; i < shifted.length; i++) {
            assertThat(shifted[i]).isEqualTo(cube()[i] + 0.25f);
        }
    }

    @Test
    void drawsFollowTheirProbabilities() {
        CropAugmentation released = new CropAugmentation(0.2, 0.2, 0.1, 0.1);
        int flips = 0;
        int turns = 0;
        int shifts = 0;
        int draws = 5000;
        for (int i = 0; i < draws; i++) {
            View view = released.sample(Draws.of(3).at(i).random());
            flips += view.flipX() ? 1 : 0;
            turns += view.quarterTurns() > 0 ? 1 : 0;
            shifts += view.shift() != 0 ? 1 : 0;
            assertThat(Math.abs(view.shift())).isLessThanOrEqualTo(0.1f);
        }
        assertThat(flips / (double) draws).isBetween(0.18, 0.22);
        assertThat(turns / (double) draws).isBetween(0.18, 0.22);
        assertThat(shifts / (double) draws).isBetween(0.08, 0.12);
        assertThat(CropAugmentation.NONE.sample(new SplittableRandom(1))).isEqualTo(View.IDENTITY);
        assertThatThrownBy(() -> new CropAugmentation(1.5, 0, 0, 0)).hasMessageContaining("[0, 1]");
    }

    @Test
    void branchesOfTheDrawsDoNotMeet() {
        Set<Long> keys = new HashSet<>();
        for (int seed = 0; seed < 10; seed++) {
            for (int a = 0; a < 30; a++) {
                for (int b = 0; b < 30; b++) {
                    keys.add(Draws.of(seed).at(a).at(b).key());
                }
            }
        }
        assertThat(keys).hasSize(10 * 30 * 30);
        assertThat(Draws.of(1).at(2).random().nextLong())
                .isEqualTo(Draws.of(1).at(2).random().nextLong());
    }
}
