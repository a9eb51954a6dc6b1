package org.voco4j.corpus.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.TestData;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Channels;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;

class InversePreprocessingTest {
    private static final HuWindow WINDOW = new HuWindow(0, 100);
    private static final Shape3 SHAPE = new Shape3(30, 26, 22);

    /** Nothing is lost on finer grids: every voxel of the file has its own class again. */
    @ParameterizedTest
    @ValueSource(strings = {"RAS", "LPS", "SLA", "PIR"})
    void labelsComeBackAsTheyWere(String codes) {
        Volume scan = Orient.to(scan(), codes);
        LabelMap labels = LabelMap.of(Orient.to(octants(), codes));
        for (Shape3 size : new Shape3[] {null, new Shape3(61, 53, 50)}) {
            Preprocessing.Prepared made = preprocessing(null, size).prepare(Channels.of(scan), labels, 1);
            LabelMap back = made.back().labels(Objects.requireNonNull(made.labels()));
            assertThat(back.shape()).isEqualTo(scan.shape());
            assertThat(back.affine()).isEqualTo(scan.affine());
            assertThat(back.classes()).isEqualTo(labels.classes());
        }
    }

    /** x + 2y + 3z is one again, whatever happened to the grid, because linear steps keep it. */
    @ParameterizedTest
    @ValueSource(strings = {"RAS", "LPS", "SLA"})
    void valuesComeBackFromWhereTheyWereRead(String codes) {
        Volume scan = Orient.to(scan(), codes);
        Preprocessing preprocessing = preprocessing(new Spacing(1.7, 2.4, 1.1), new Shape3(33, 21, 40));
        Preprocessing.Prepared made = preprocessing.prepare(Channels.of(scan), null, 1);
        Volume back = made.back().values(made.image().single(), -1);
        Volume expected = Orient.toRas(WINDOW.apply(scan));
        Volume found = Orient.toRas(back);
        int compared = 0;
        for (int x = 5; x < 24; x++) { // the body but for its border, where the box cuts between voxels
            for (int y = 5; y < 20; y++) {
                for (int z = 5; z < 16; z++) {
                    assertThat((double) found.at(x, y, z)).isCloseTo(expected.at(x, y, z), offset(2e-6));
                    compared++;
                }
            }
        }
        assertThat(compared).isPositive();
        assertThat(found.at(0, 0, 0)).isEqualTo(-1); // air outside the box was not prepared
        assertThat(found.at(29, 25, 21)).isEqualTo(-1);
    }

    /** Of a tilted gantry, either way: nothing of the body is lost on the straight grid in between. */
    @ParameterizedTest
    @ValueSource(doubles = {-0.4, 0.4})
    void aTiltedScansLabelsComeBack(double lean) {
        Affine tilt = Affine.ofRows(1, 0, 0, 0, 0, 1, lean, 0, 0, 0, 1, 0);
        Volume scan = filled((x, y, z) -> 3 + x + (float) y / 2 + (float) z / 4); // body up to the border
        Volume parts = filled((x, y, z) -> 1 + (x > 13 ? 1 : 0) + (y > 9 ? 2 : 0) + (z > 10 ? 4 : 0));
        Affine affine = tilt.times(scan.affine());
        LabelMap labels = LabelMap.of(new Volume(SHAPE, affine, parts.voxels()));
        Preprocessing finer = preprocessing(Spacing.isotropic(0.5), null);
        Preprocessing.Prepared made = finer.prepare(Channels.of(new Volume(SHAPE, affine, scan.voxels())), labels, 2);
        assertThat(agreement(labels, made)).isEqualTo(1);
    }

    @Test
    void aRealScansOrgansComeBack() throws IOException {
        Volume scan = new Nifti().read(TestData.path("ct/totalsegmentator/example_ct.nii.gz"));
        Volume organs = new Nifti().read(TestData.path("ct/totalsegmentator/example_seg_full_v1_104classes.nii.gz"));
        LabelMap labels = LabelMap.of(organs);
        Preprocessing finer =
                new Preprocessing(Spacing.isotropic(1.5), new HuWindow(-175, 250), 0, new Shape3(288, 288, 240));
        Preprocessing.Prepared made = finer.prepare(Channels.of(scan), labels, 2);
        assertThat(agreement(labels, made)).isEqualTo(1);
        Preprocessing coarser =
                new Preprocessing(Spacing.isotropic(4), new HuWindow(-175, 250), 0, new Shape3(80, 64, 70));
        assertThat(agreement(labels, coarser.prepare(Channels.of(scan), labels, 2)))
                .isGreaterThan(0.7);
    }

    /** The share of organ voxels that have their class again. */
    private static double agreement(LabelMap labels, Preprocessing.Prepared made) {
        LabelMap back = made.back().labels(Objects.requireNonNull(made.labels()));
        int same = 0;
        int all = 0;
        for (int i = 0; i < labels.classes().length; i++) {
            if (labels.at(i) > 0) {
                all++;
                same += labels.at(i) == back.at(i) ? 1 : 0;
            }
        }
        return same / (double) all;
    }

    @Test
    void aResultOnAnotherGridIsRefused() {
        Preprocessing.Prepared made = preprocessing(null, SHAPE).prepare(Channels.of(scan()), null, 1);
        Volume other = new Volume(new Shape3(1, 2, 3), Affine.identity(), new float[6]);
        assertThatThrownBy(() -> made.back().values(other, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a result on the prepared grid, 30x26x22 voxels of")
                .hasMessageContaining("found 1x2x3 voxels of 1.0 x 1.0 x 1.0 mm from (0.00, 0.00, 0.00) mm");
        assertThatThrownBy(() -> made.back().labels(LabelMap.of(other))).hasMessageContaining("found 1x2x3");
        Volume elsewhere = new Volume(
                SHAPE,
                made.image().affine().times(Affine.translation(0, 1, 0)),
                new float[(int) SHAPE.voxels()]); // of another scan, perhaps
        assertThatThrownBy(() -> made.back().values(elsewhere, 0)).hasMessageContaining("found 30x26x22");
    }

    private static Preprocessing preprocessing(@Nullable Spacing spacing, @Nullable Shape3 size) {
        return new Preprocessing(spacing, WINDOW, 0, size);
    }

    /** A ramp of 3 … 97 in a frame of air. */
    private static Volume scan() {
        return filled((x, y, z) -> frame(x, y, z) ? 0 : 3 + x + (float) y / 2 + (float) z / 4);
    }

    private static Volume octants() {
        return filled((x, y, z) -> frame(x, y, z) ? 0 : 1 + (x > 13 ? 1 : 0) + (y > 9 ? 2 : 0) + (z > 10 ? 4 : 0));
    }

    private static boolean frame(int x, int y, int z) {
        return x < 3 || y < 3 || z < 3 || x > 26 || y > 22 || z > 18;
    }

    private interface Value {
        float at(int x, int y, int z);
    }

    private static Volume filled(Value value) {
        float[] values = new float[(int) SHAPE.voxels()];
        for (int x = 0; x < SHAPE.x(); x++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int z = 0; z < SHAPE.z(); z++) {
                    values[SHAPE.index(x, y, z)] = value.at(x, y, z);
                }
            }
        }
        return new Volume(SHAPE, Affine.scaling(new Spacing(2, 1.5, 3)), values);
    }
}
