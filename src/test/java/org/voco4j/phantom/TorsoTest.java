package org.voco4j.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

class TorsoTest {

    /** What is measured of one organ in one torso. */
    private record Found(double millilitres, double x, double y, double z, double hu) {}

    private static final List<Map<Organ, Found>> FOUND =
            Torsos.LIST.stream().map(TorsoTest::measure).toList();

    @Test
    void theSameSeedGivesTheSameBytesEverywhere() {
        Torso again = Torso.generate(1);
        assertThat(again.image().voxels()).isEqualTo(Torsos.LIST.get(0).image().voxels());
        assertThat(again.labels().voxels())
                .isEqualTo(Torsos.LIST.get(0).labels().voxels());
        assertThat(List.of(checksum(again.image()), checksum(again.labels())))
                .containsExactly(1169165562L, 3528629189L);
    }

    @Test
    void everySeedIsAnotherPatient() {
        List<Long> checksums =
                Torsos.LIST.stream().map(torso -> checksum(torso.labels())).toList();
        assertThat(checksums).doesNotHaveDuplicates();
    }

    @Test
    void gridsAreThoseOfSmallCts() {
        for (Torso torso : Torsos.LIST) {
            Shape3 shape = torso.image().shape();
            Affine affine = torso.image().affine();
            assertThat(shape.x()).isBetween(96, 122);
            assertThat(shape.y()).isBetween(80, 112);
            assertThat(shape.z()).isBetween(56, 80);
            assertThat(affine.at(0, 0)).isBetween(2.3, 5.6).isEqualTo(affine.at(1, 1));
            assertThat(affine.at(2, 2)).isBetween(4.0, 6.0);
            for (int cell : new int[] {1, 2, 4, 6, 8, 9}) {
                assertThat(affine.at(cell / 4, cell % 4)).isZero();
            }
            assertThat(torso.labels().shape()).isEqualTo(shape);
            assertThat(torso.labels().affine()).isSameAs(affine);
        }
    }

    @Test
    void valuesAreHounsfieldUnitsAndOrgans() {
        for (Torso torso : Torsos.LIST) {
            for (float hu : torso.image().voxels()) {
                assertThat(hu >= -1024 && hu < 1500).isTrue();
            }
            for (float label : torso.labels().voxels()) {
                assertThat(label >= 0 && label <= Organ.values().length && label == (int) label)
                        .isTrue();
            }
        }
    }

    @Test
    void organsAreThereWithTheirSizeAndDensity() {
        assertOrgan(Organ.RIGHT_LUNG, 20, 200, 4000, -950, -500);
        assertOrgan(Organ.LEFT_LUNG, 20, 200, 4000, -950, -500);
        assertOrgan(Organ.LIVER, 20, 700, 3200, -20, 180);
        assertOrgan(Organ.SPINE, 20, 250, 1300, 80, 400);
        assertOrgan(Organ.STOMACH, 19, 30, 800, -700, 300);
        assertOrgan(Organ.SPLEEN, 19, 10, 450, -70, 260);
        assertOrgan(Organ.AORTA, 19, 40, 400, -60, 400);
        assertOrgan(Organ.HEART, 18, 20, 1200, -40, 280);
        assertOrgan(Organ.LEFT_KIDNEY, 18, 10, 450, -60, 320);
        assertOrgan(Organ.RIGHT_KIDNEY, 18, 10, 500, -60, 320);
    }

    @Test
    void rightIsRightAndLeftIsLeft() {
        for (Map<Organ, Found> found : FOUND) {
            assertOrder(found, Organ.SPLEEN, Organ.LIVER, Found::x);
            assertOrder(found, Organ.STOMACH, Organ.LIVER, Found::x);
            assertOrder(found, Organ.LEFT_LUNG, Organ.RIGHT_LUNG, Found::x);
            assertOrder(found, Organ.LEFT_KIDNEY, Organ.RIGHT_KIDNEY, Found::x);
            assertOrder(found, Organ.HEART, Organ.RIGHT_LUNG, Found::x);
            assertOrder(found, Organ.SPINE, Organ.LIVER, Found::x);
        }
        assertThat(mean(Organ.HEART, Found::x)).isLessThan(mean(Organ.SPINE, Found::x) - 10);
        assertThat(mean(Organ.AORTA, Found::x)).isLessThan(mean(Organ.SPINE, Found::x) - 5);
    }

    @Test
    void frontIsFrontAndUpIsUp() {
        for (Map<Organ, Found> found : FOUND) {
            assertOrder(found, Organ.SPINE, Organ.AORTA, Found::y);
            assertOrder(found, Organ.SPLEEN, Organ.STOMACH, Found::y);
            assertOrder(found, Organ.LEFT_KIDNEY, Organ.HEART, Found::y);
            assertOrder(found, Organ.LIVER, Organ.RIGHT_LUNG, Found::z);
            assertOrder(found, Organ.RIGHT_KIDNEY, Organ.HEART, Found::z);
            assertOrder(found, Organ.SPLEEN, Organ.LEFT_LUNG, Found::z);
        }
    }

    @Test
    void aScanMayShowAPartOfTheHeight() {
        assertThat(Torso.generate(3, 1).image().voxels())
                .isEqualTo(Torso.generate(3).image().voxels());
        Set<Integer> heights = new HashSet<>();
        for (long seed = 0; seed < 6; seed++) {
            Torso part = Torso.generate(seed, 0.4);
            Torso all = Torso.generate(seed);
            int height = part.image().shape().z();
            heights.add(height);
            assertThat((double) height / all.image().shape().z()).isBetween(0.39, 1.0);
            double[] corner = part.image().affine().apply(0, 0, 0);
            int from = (int) Math.round(all.image().affine().inverse().apply(corner[0], corner[1], corner[2])[2]);
            for (int z : new int[] {0, height - 1}) {
                assertThat(part.image().at(50, 40, z)).isEqualTo(all.image().at(50, 40, from + z));
                assertThat(part.labels().at(50, 40, z)).isEqualTo(all.labels().at(50, 40, from + z));
            }
        }
        assertThat(heights).hasSizeGreaterThan(3);
        assertThatThrownBy(() -> Torso.generate(3, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Torso.generate(3, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void patientsDiffer() {
        assertThat(sd(Organ.LIVER, Found::x)).isBetween(4.0, 20.0);
        assertThat(sd(Organ.LIVER, Found::z)).isBetween(8.0, 40.0);
        assertThat(sd(Organ.STOMACH, Found::y)).isBetween(5.0, 25.0);
        assertThat(sd(Organ.LIVER, Found::millilitres) / mean(Organ.LIVER, Found::millilitres))
                .isBetween(0.1, 0.5);
        assertThat(sd(Organ.AORTA, Found::hu)).isGreaterThan(50);
    }

    @Test
    void cornersAreAirAndTheMiddleIsBody() {
        for (Torso torso : Torsos.LIST) {
            Shape3 shape = torso.image().shape();
            assertThat(torso.image().at(0, shape.y() - 1, shape.z() - 1)).isLessThan(-800);
            assertThat(torso.image().at(shape.x() - 1, shape.y() - 1, 0)).isLessThan(-800);
            double sum = 0;
            for (int k = 0; k < shape.z(); k++) {
                sum += torso.image().at(shape.x() / 2, shape.y() / 2, k) / shape.z();
            }
            assertThat(sum).isCloseTo(-50, within(400.0));
        }
    }

    private static void assertOrgan(
            Organ organ, int atLeast, double least, double most, double lowest, double highest) {
        int present = 0;
        for (Map<Organ, Found> torso : FOUND) {
            Found found = torso.get(organ);
            if (found != null) {
                present++;
                assertThat(found.millilitres()).as(organ + " ml").isBetween(least, most);
                assertThat(found.hu()).as(organ + " HU").isBetween(lowest, highest);
            }
        }
        assertThat(present).as(organ + " present").isGreaterThanOrEqualTo(atLeast);
    }

    private static void assertOrder(
            Map<Organ, Found> torso, Organ lower, Organ higher, ToDoubleFunction<Found> coordinate) {
        Found a = torso.get(lower);
        Found b = torso.get(higher);
        if (a != null && b != null) {
            assertThat(coordinate.applyAsDouble(a))
                    .as(lower + " before " + higher)
                    .isLessThan(coordinate.applyAsDouble(b));
        }
    }

    private static double mean(Organ organ, ToDoubleFunction<Found> of) {
        return values(organ, of).stream().mapToDouble(v -> v).average().orElseThrow();
    }

    private static double sd(Organ organ, ToDoubleFunction<Found> of) {
        double mean = mean(organ, of);
        return Math.sqrt(values(organ, of).stream()
                .mapToDouble(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow());
    }

    private static List<Double> values(Organ organ, ToDoubleFunction<Found> of) {
        List<Double> values = new ArrayList<>();
        for (Map<Organ, Found> torso : FOUND) {
            if (torso.get(organ) != null) {
                values.add(of.applyAsDouble(torso.get(organ)));
            }
        }
        return values;
    }

    /** Organs of at least 10 ml; less is a sliver at the edge of the scan. */
    private static Map<Organ, Found> measure(Torso torso) {
        Shape3 shape = torso.labels().shape();
        Affine affine = torso.labels().affine();
        double[][] sums = new double[Organ.values().length + 1][5];
        for (int i = 0; i < shape.x(); i++) {
            for (int j = 0; j < shape.y(); j++) {
                for (int k = 0; k < shape.z(); k++) {
                    double[] place = affine.apply(i, j, k);
                    double[] sum = sums[(int) torso.labels().at(i, j, k)];
                    sum[0]++;
                    for (int axis = 0; axis < 3; axis++) {
                        sum[axis + 1] += place[axis];
                    }
                    sum[4] += torso.image().at(i, j, k);
                }
            }
        }
        Map<Organ, Found> found = new EnumMap<>(Organ.class);
        for (Organ organ : Organ.values()) {
            double[] s = sums[organ.label()];
            double millilitres = s[0] * affine.determinant() / 1000;
            if (millilitres >= 10) {
                found.put(organ, new Found(millilitres, s[1] / s[0], s[2] / s[0], s[3] / s[0], s[4] / s[0]));
            }
        }
        return found;
    }

    private static long checksum(Volume volume) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * volume.voxels().length);
        bytes.asFloatBuffer().put(volume.voxels());
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
