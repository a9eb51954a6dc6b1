package org.voco4j.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.augment.PatchAugmentation.View;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Flip;
import org.voco4j.volume.Rotate90;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

class PatchAugmentationTest {
    private static final Shape3 SHAPE = new Shape3(4, 4, 5);
    private static final int VOXELS = 80;

    private static float[] patch() {
        float[] patch = new float[VOXELS];
        for (int i = 0; i < VOXELS; i++) {
            patch[i] = i / 128f;
        }
        return patch;
    }

    private static float[] labels(View view, float[] patch) {
        FloatBuffer out = FloatBuffer.allocate(VOXELS);
        view.labels(patch, SHAPE, out, 0);
        return out.array();
    }

    private static View flips(int bits) {
        return new View((bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0, 0, 1, 0);
    }

    @Test
    void flipsEqualThoseOfVolumesAndUndoThemselves() {
        Volume volume = new Volume(SHAPE, Affine.identity(), patch());
        for (int bits = 0; bits < 8; bits++) {
            View view = flips(bits);
            Volume expected = Flip.apply(volume, view.flipX(), view.flipY(), view.flipZ());
            assertThat(labels(view, patch())).as("%s", view).isEqualTo(expected.voxels());
            assertThat(labels(view, labels(view, patch()))).isEqualTo(patch());
        }
    }

    @Test
    void turnsEqualThoseOfVolumesAndFourUndoThemselves() {
        Volume volume = new Volume(SHAPE, Affine.identity(), patch());
        View once = new View(false, false, false, 1, 1, 0);
        for (int turns = 0; turns < 4; turns++) {
            View view = new View(false, false, false, turns, 1, 0);
            assertThat(labels(view, patch()))
                    .as("%d turns", turns)
                    .isEqualTo(Rotate90.apply(volume, turns, 0, 1).voxels());
            float[] back = labels(view, patch());
            for (int more = turns; more < 4; more++) {
                back = labels(once, back);
            }
            assertThat(back).isEqualTo(patch());
        }
        View both = new View(true, false, true, 3, 1, 0);
        assertThat(labels(both, patch()))
                .isEqualTo(Rotate90.apply(Flip.apply(volume, true, false, true), 3, 0, 1)
                        .voxels());
        assertThatThrownBy(() -> once.labels(new float[24], new Shape3(2, 3, 4), FloatBuffer.allocate(24), 0))
                .hasMessageContaining("2x3x4");
    }

    @Test
    void imageAndLabelsKeepTheirCorrespondence() {
        PatchAugmentation much = new PatchAugmentation(0.5, 0.5, 1, 0.5, 1, 0.5);
        for (int i = 0; i < 50; i++) {
            View view = much.sample(Draws.of(5).at(i).random());
            FloatBuffer image = FloatBuffer.allocate(VOXELS + 3);
            view.image(patch(), SHAPE, image, 2);
            float[] labels = labels(view, patch());
            for (int v = 0; v < VOXELS; v++) {
                assertThat(image.get(2 + v)).isEqualTo(labels[v] * view.factor() + view.shift());
            }
            assertThat(new float[] {image.get(0), image.get(1), image.get(VOXELS + 2)})
                    .containsOnly(0);
            assertThat(image.position()).isZero();
        }
    }

    @Test
    void drawsFollowTheirProbabilities() {
        PatchAugmentation some = new PatchAugmentation(0.2, 0.4, 0.3, 0.1, 0.1, 0.05);
        int[] changed = new int[6];
        int[] turns = new int[4];
        int draws = 5000;
        for (int i = 0; i < draws; i++) {
            View view = some.sample(Draws.of(3).at(i).random());
            changed[0] += view.flipX() ? 1 : 0;
            changed[1] += view.flipY() ? 1 : 0;
            changed[2] += view.flipZ() ? 1 : 0;
            changed[3] += view.factor() != 1 ? 1 : 0;
            changed[4] += view.shift() != 0 ? 1 : 0;
            changed[5] += view.quarterTurns() > 0 ? 1 : 0;
            turns[view.quarterTurns()]++;
            assertThat(Math.abs(view.factor() - 1)).isLessThanOrEqualTo(0.1f + 1e-6f);
            assertThat(Math.abs(view.shift())).isLessThanOrEqualTo(0.05f);
        }
        double[] expected = {0.2, 0.2, 0.2, 0.3, 0.1, 0.4};
        for (int i = 0; i < 6; i++) {
            assertThat(changed[i] / (double) draws).isBetween(expected[i] - 0.025, expected[i] + 0.025);
        }
        for (int k = 1; k <= 3; k++) {
            assertThat(turns[k] / (double) draws).isBetween(0.4 / 3 - 0.025, 0.4 / 3 + 0.025);
        }
        assertThat(PatchAugmentation.NONE.sample(new SplittableRandom(1))).isEqualTo(View.IDENTITY);
        assertThatThrownBy(() -> new PatchAugmentation(1.5, 0, 0, 0, 0, 0)).hasMessageContaining("[0, 1]");
        assertThatThrownBy(() -> new PatchAugmentation(0, 0, 0, -1, 0, 0)).hasMessageContaining("-1");
    }
}
