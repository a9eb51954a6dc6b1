package org.voco4j.pretext.voco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Reference;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PositionLabelsTest {

    @Test
    void equalReferenceInEveryCase() {
        Reference reference = Reference.of("position_labels");
        JsonNode cases = JsonMapper.shared().readTree(reference.meta("cases"));
        assertThat(cases.size()).isGreaterThanOrEqualTo(10);
        for (JsonNode one : cases) {
            String name = one.path("name").asString();
            Shape3 size = shape(one.path("crop"));
            List<Box> bases = BaseCrops.of(shape(one.path("volume")), shape(one.path("grid")));
            double[] centres = reference.doubles(name + ".centres");
            double[] expected = reference.doubles(name + ".labels");
            for (int k = 0; k < centres.length / 3; k++) {
                double[] labels =
                        PositionLabels.of(centres[3 * k], centres[3 * k + 1], centres[3 * k + 2], size, bases);
                for (int i = 0; i < labels.length; i++) {
                    assertThat(labels[i])
                            .as("%s, crop %d, base %d", name, k, i)
                            .isCloseTo(expected[k * labels.length + i], within(1e-12));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"96,96,64,4,4,1", "384,384,64,5,5,1", "33,17,9,3,2,2", "7,7,7,7,1,3", "50,41,30,4,3,4"})
    void labelsSumToOneAndEqualTheCountOfVoxels(int x, int y, int z, int nx, int ny, int nz) {
        Shape3 volume = new Shape3(x, y, z);
        Shape3 grid = new Shape3(nx, ny, nz);
        List<Box> bases = BaseCrops.of(volume, grid);
        assertThat(bases.stream().mapToLong(Box::voxels).sum()).isEqualTo(volume.voxels());
        SplittableRandom random = new SplittableRandom(1);
        for (int draw = 0; draw < 50; draw++) {
            Box crop = RandomCrop.sample(volume, grid, random);
            assertThat(crop.isInside(Box.of(volume))).isTrue();
            double[] labels = PositionLabels.of(crop, bases);
            assertThat(Arrays.stream(labels).sum()).isCloseTo(1, within(1e-12));
            for (int i = 0; i < labels.length; i++) {
                assertThat(labels[i]).isCloseTo(count(crop, bases.get(i)) / (double) crop.voxels(), within(1e-12));
            }
        }
    }

    @Test
    void aBaseIsWhollyItself() {
        List<Box> bases = BaseCrops.of(new Shape3(96, 96, 64), new Shape3(4, 4, 1));
        double[] labels = PositionLabels.of(bases.get(6), bases);
        assertThat(labels[6]).isEqualTo(1);
        assertThat(Arrays.stream(labels).sum()).isEqualTo(1);
    }

    private static long count(Box crop, Box base) {
        long inside = 0;
        for (int x = crop.x0(); x < crop.x1(); x++) {
            for (int y = crop.y0(); y < crop.y1(); y++) {
                for (int z = crop.z0(); z < crop.z1(); z++) {
                    boolean in = x >= base.x0()
                            && x < base.x1()
                            && y >= base.y0()
                            && y < base.y1()
                            && z >= base.z0()
                            && z < base.z1();
                    inside += in ? 1 : 0;
                }
            }
        }
        return inside;
    }

    private static Shape3 shape(JsonNode node) {
        return new Shape3(
                node.path(0).asInt(), node.path(1).asInt(), node.path(2).asInt());
    }
}
