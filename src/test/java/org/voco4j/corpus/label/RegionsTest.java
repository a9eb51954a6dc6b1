package org.voco4j.corpus.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.voco4j.Reference;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RegionsTest {
    /** The coding of the Decathlon's Task01: 1 edema, 2 non-enhancing, 3 enhancing. */
    private static final Regions DECATHLON =
            new Regions(regions(List.of(2, 3), List.of(1, 2, 3), List.of(3)), List.of(2, 1, 3));

    /** The coding of BraTS 2021: 1 necrotic core, 2 edema, 4 enhancing. */
    private static final Regions BRATS_21 =
            new Regions(regions(List.of(1, 4), List.of(1, 2, 4), List.of(4)), List.of());

    @Test
    void bothCodingsOfBratsGiveTheSameRegions() {
        Reference reference = Reference.of("brats_regions");
        int[] sizes = reference.shape("target"); // [case, region, x, y, z]
        Shape3 shape = new Shape3(sizes[2], sizes[3], sizes[4]);
        int voxels = (int) shape.voxels();
        float[] target = reference.floats("target");
        for (int n = 0; n < sizes[0]; n++) {
            List<LabelMap> old = DECATHLON.apply(map(reference, "label.msd_task01", n, shape));
            List<LabelMap> current = BRATS_21.apply(map(reference, "label.brats21", n, shape));
            for (int k = 0; k < 3; k++) {
                int from = (n * 3 + k) * voxels;
                float[] expected = Arrays.copyOfRange(target, from, from + voxels);
                assertThat(old.get(k).toVolume().voxels()).isEqualTo(expected);
                assertThat(current.get(k).toVolume().voxels()).isEqualTo(expected);
            }
        }
        assertThat(DECATHLON.names()).containsExactly("TC", "WT", "ET");
    }

    @Test
    void paintedOverEachOtherNestedRegionsGiveTheLabelMapBack() {
        Reference reference = Reference.of("brats_regions");
        int[] sizes = reference.shape("target");
        Shape3 shape = new Shape3(sizes[2], sizes[3], sizes[4]);
        Map<String, List<Integer>> outermostFirst = new LinkedHashMap<>();
        outermostFirst.put("WT", List.of(1, 2, 3));
        outermostFirst.put("TC", List.of(2, 3));
        outermostFirst.put("ET", List.of(3));
        Regions nested = new Regions(outermostFirst, List.of(1, 2, 3));
        Volume raw = map(reference, "label.msd_task01", 0, shape);
        LabelMap back = nested.paint(nested.apply(raw));
        assertThat(back.toVolume().voxels()).isEqualTo(raw.voxels());
        assertThatThrownBy(() -> BRATS_21.paint(BRATS_21.apply(raw))).hasMessageContaining("found 3 and 0");
    }

    @Test
    void nnunetsFormIsRead() {
        JsonNode about = JsonMapper.shared().readTree("""
                {"labels": {"background": 0, "WT": [1, 2, 3], "TC": [2, 3], "ET": 3}, "regions_class_order": [1, 2, 3]}""");
        Regions read = Regions.of(about.path("labels"), about.path("regions_class_order"));
        assertThat(read.names()).containsExactly("WT", "TC", "ET");
        assertThat(read.values()).containsEntry("ET", List.of(3));
        assertThat(read.order()).containsExactly(1, 2, 3);
    }

    @Test
    void valuesInTheSameRegionsAreOneClassAndTheClassesGiveTheRegionsBack() {
        Regions regions = new Regions(
                Map.of("whole", List.of(1, 2, 3, 7), "core", List.of(2, 3), "ignore", List.of(9)), List.of());
        LabelSchema classes = regions.classes();
        assertThat(classes.names()).hasSize(2);
        assertThat(regions.ignored()).containsExactly(9);
        Volume raw = new Volume(new Shape3(2, 2, 2), Affine.identity(), new float[] {0, 1, 2, 3, 7, 9, 5, 1});
        LabelMap map = classes.apply(raw);
        List<LabelMap> masks = regions.apply(raw);
        for (int i = 0; i < 8; i++) {
            int at = map.at(i);
            boolean ignored = raw.voxels()[i] == 9;
            assertThat(at == LabelSchema.IGNORE).isEqualTo(ignored);
            for (int r = 0; r < 2 && !ignored; r++) {
                boolean inside = at > 0 && regions.members().get(at - 1).get(r);
                assertThat(inside)
                        .as("voxel %d, region %d", i, r)
                        .isEqualTo(masks.get(r).at(i) == 1);
            }
        }
        assertThat(DECATHLON.classes().values().values()).containsExactly(List.of(2), List.of(3), List.of(1));
        assertThat(DECATHLON.classes().names()).containsExactly("TC and WT", "TC and WT and ET", "WT");
        assertThat(BRATS_21.classes().values().values()).containsExactly(List.of(1), List.of(4), List.of(2));
    }

    @Test
    void whatAreNoRegionsIsRefused() {
        assertThatThrownBy(() -> new Regions(Map.of(), List.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> new Regions(Map.of("a", List.of(0, 1)), List.of()))
                .hasMessageContaining("'a': [0, 1]");
        assertThatThrownBy(() -> new Regions(Map.of("ignore", List.of(4)), List.of()))
                .hasMessageContaining("at least one");
        assertThatThrownBy(() -> new Regions(Map.of("a", List.of(1, 4), "ignore", List.of(4)), List.of()))
                .hasMessage("the values [4] are to be ignored and in the region 'a': [1, 4]");
        assertThatThrownBy(() -> new Regions(Map.of("a", List.of(1)), List.of(1, 2)))
                .hasMessageContaining("regions_class_order, found [1, 2]");
        Volume half = new Volume(Shape3.cube(1), Affine.identity(), new float[] {0.5f});
        assertThatThrownBy(() -> DECATHLON.apply(half)).hasMessageContaining("(0, 0, 0) is 0.5");
    }

    private static Map<String, List<Integer>> regions(
            List<Integer> core, List<Integer> whole, List<Integer> enhancing) {
        Map<String, List<Integer>> regions = new LinkedHashMap<>();
        regions.put("TC", core);
        regions.put("WT", whole);
        regions.put("ET", enhancing);
        return regions;
    }

    private static Volume map(Reference reference, String name, int index, Shape3 shape) {
        double[] all = reference.doubles(name);
        float[] values = new float[(int) shape.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) all[index * values.length + i];
        }
        return new Volume(shape, Affine.identity(), values);
    }
}
