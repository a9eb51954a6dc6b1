package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.Reference;

class IntensityTest {
    private static final double TOLERANCE = 1e-6; // of the largest value
    private static final Reference REFERENCE = Reference.of("intensity_mr");

    @Test
    void zScoresEqualMonai() {
        Channels four = channels("input", 4);
        assertSame(new ZScore(true, true), four, "zscore.nonzero.channel_wise");
        assertSame(new ZScore(false, true), four, "zscore.channel_wise");
        assertSame(new ZScore(true, false), four, "zscore.nonzero.together");
        double[] moments = REFERENCE.doubles("nonzero_mean_std_count"); // [channel, 3]
        for (int c = 0; c < 4; c++) {
            ZScore.Moments found =
                    new ZScore(true, true).moments(List.of(four.volumes().get(c)));
            assertThat(found.count()).isEqualTo((long) moments[3 * c + 2]);
            if (found.count() > 0) { // none: numpy has no mean
                assertThat(found.mean()).isCloseTo(moments[3 * c], within(1e-9 * Math.abs(moments[3 * c])));
                assertThat(found.deviation()).isCloseTo(moments[3 * c + 1], within(1e-6));
            }
        }
    }

    @Test
    void percentilesEqualMonai() {
        Channels two = channels("input", 2);
        assertSame(new Percentiles(0.5, 99.5, 0, 1, true, true), two, "percentile.channel_wise");
        assertSame(new Percentiles(0.5, 99.5, 0, 1, true, false), two, "percentile.together");
        assertSame(new Percentiles(0.5, 99.5, 0, 1, false, true), two, "percentile.channel_wise_noclip");
        Percentiles law = new Percentiles(0.5, 99.5, 0, 1, true, true);
        double[] each = REFERENCE.doubles("percentile.values");
        for (int c = 0; c < 2; c++) {
            double[] ends = law.ends(List.of(two.volumes().get(c)));
            assertThat(ends[0]).isCloseTo(each[2 * c], within(1e-6 * Math.abs(each[2 * c])));
            assertThat(ends[1]).isCloseTo(each[2 * c + 1], within(1e-6 * Math.abs(each[2 * c + 1])));
        }
        double[] together = REFERENCE.doubles("percentile.values_together");
        assertThat(law.ends(two.volumes())[1]).isCloseTo(together[1], within(1e-6 * Math.abs(together[1])));
    }

    @Test
    void aWindowTreatsChannelsAlikeAndOneValueIsNoFault() {
        Channels two = channels("input", 2);
        HuWindow window = new HuWindow(-175, 250);
        assertThat(window.apply(two).volumes().get(1).voxels())
                .isEqualTo(window.apply(two.volumes().get(1)).voxels());
        Volume flat = new Volume(Shape3.cube(2), Affine.identity(), filled(7));
        Channels scan = new Channels(List.of(flat));
        assertThat(new Percentiles(1, 99, 0, 1, true, true)
                        .apply(scan)
                        .volumes()
                        .get(0)
                        .voxels())
                .containsOnly(0);
        assertThat(new ZScore(true, true).apply(scan).volumes().get(0).voxels()).containsOnly(0);
    }

    @Test
    void whatIsNoLawOrNoNumberIsRefused() {
        assertThatThrownBy(() -> new Percentiles(99, 1, 0, 1, true, true)).hasMessageContaining("99.0, 1.0");
        float[] values = filled(1);
        values[3] = Float.NaN;
        Channels bad = new Channels(List.of(new Volume(Shape3.cube(2), Affine.identity(), values)));
        for (Intensity law : List.of(new ZScore(true, true), new Percentiles(1, 99, 0, 1, true, true))) {
            assertThatThrownBy(() -> law.apply(bad)).hasMessageContaining("1 of 8 voxels are NaN or infinite");
        }
    }

    @Test
    void channelsHaveOneGrid() {
        Volume one = new Volume(Shape3.cube(2), Affine.identity(), filled(1));
        Volume moved = new Volume(Shape3.cube(2), Affine.translation(1, 0, 0), filled(1));
        Volume longer = new Volume(new Shape3(2, 2, 3), Affine.identity(), new float[12]);
        assertThatThrownBy(() -> new Channels(List.of(one, moved)))
                .hasMessageContaining("channel 1 lies on another grid");
        assertThatThrownBy(() -> new Channels(List.of(one, one, longer))).hasMessageContaining("channel 2");
        assertThatThrownBy(() -> new Channels(List.of())).hasMessageContaining("at least one channel");
    }

    private static float[] filled(float value) {
        float[] values = new float[8];
        Arrays.fill(values, value);
        return values;
    }

    private static Channels channels(String name, int count) {
        int[] sizes = REFERENCE.shape(name); // [channel, x, y, z]
        Shape3 shape = new Shape3(sizes[1], sizes[2], sizes[3]);
        int voxels = (int) shape.voxels();
        float[] all = REFERENCE.floats(name);
        List<Volume> volumes = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            float[] values = Arrays.copyOfRange(all, c * voxels, (c + 1) * voxels);
            volumes.add(new Volume(shape, Affine.identity(), values));
        }
        return new Channels(volumes);
    }

    /** The whole scan at once, and plane by plane. */
    private static void assertSame(Intensity law, Channels scan, String name) {
        Channels found = law.apply(scan);
        List<Intensity.Curve> curves = law.curves(scan);
        Channels expected = channels(name, scan.count());
        for (int c = 0; c < scan.count(); c++) {
            Volume streamed =
                    Planes.of(scan.volumes().get(c)).valued(curves.get(c)).volume(2);
            Expected.assertSame(found.volumes().get(c), expected.volumes().get(c), TOLERANCE);
            Expected.assertSame(streamed, found.volumes().get(c), 0);
        }
    }
}
