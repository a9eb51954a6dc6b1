package org.voco4j.corpus.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.voco4j.TestData;
import org.voco4j.corpus.LabelledCase;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.volume.Affine;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;

class LabelSchemaTest {
    private static final SortedMap<Integer, String> NONE = new TreeMap<>();

    @Test
    void listedValuesBecomeClassesAndTheRestBackground() {
        LabelSchema schema = LabelSchema.of(organs("spleen", List.of(1), "kidneys", List.of(300, 2)), NONE);
        assertThat(schema.names()).containsExactly("spleen", "kidneys");
        assertThat(schema.values()).containsEntry("kidneys", List.of(300, 2));
        LabelMap map = schema.apply(raw(0, 1, 2, 300, 3, -1, 2, 1));
        assertThat(map.classes()).containsExactly(0, 1, 2, 2, 0, 0, 2, 1);
        assertThat(map.affine()).isEqualTo(Affine.identity());
    }

    @Test
    void withoutARecipeTheDataNameTheClasses() {
        SortedMap<Integer, String> named = new TreeMap<>(Map.of(0, "background", 7, "tumour", 2, "liver", 9, "tumour"));
        LabelSchema schema = LabelSchema.of(Map.of(), named);
        assertThat(schema.names()).containsExactly("liver", "tumour");
        assertThat(schema.apply(raw(0, 2, 7, 9, 1, 0, 0, 0)).classes()).containsExactly(0, 1, 2, 2, 0, 0, 0, 0);
        assertThat(LabelSchema.of(Map.of("all", List.of(2, 7)), named).names()).containsExactly("all");
    }

    @Test
    void whatCannotBeASchemaIsRefused() {
        assertThatThrownBy(() -> LabelSchema.of(organs("a", List.of(1, 2), "b", List.of(3, 2)), NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the label value 2 is listed twice, for 'a' and for 'b'");
        assertThatThrownBy(() -> LabelSchema.of(Map.of("a", List.of(4, 4)), NONE))
                .hasMessageContaining("4 is listed twice, for 'a' and for 'a'");
        assertThatThrownBy(() -> LabelSchema.of(Map.of("a", List.of()), NONE)).hasMessageContaining("'a': []");
        assertThatThrownBy(() -> LabelSchema.of(Map.of(" ", List.of(1)), NONE)).hasMessageContaining("needs a name");
        assertThatThrownBy(() -> LabelSchema.of(Map.of("background", List.of(0)), NONE))
                .hasMessageContaining("0 is the background");
        assertThatThrownBy(() -> LabelSchema.of(Map.of(), NONE))
                .hasMessageContaining("neither the recipe nor the data");
        assertThat(LabelSchema.of(many(254), NONE)
                        .apply(raw(254, 1, 0, 0, 0, 0, 0, 255))
                        .classes())
                .containsExactly(-2, 1, 0, 0, 0, 0, 0, 0);
        assertThatThrownBy(() -> LabelSchema.of(many(255), NONE))
                .hasMessageContaining("1 to 254")
                .hasMessageContaining("found 255");
    }

    @Test
    void voxelsToIgnoreAreOfNoClass() {
        LabelSchema schema = LabelSchema.of(Map.of(), new TreeMap<>(Map.of(0, "air", 1, "liver", 2, "ignore")));
        assertThat(schema.names()).containsExactly("liver");
        assertThat(schema.ignored()).containsExactly(2);
        LabelMap map = schema.apply(raw(0, 1, 2, 3, 0, 0, 0, 0));
        assertThat(map.at(2)).isEqualTo(LabelSchema.IGNORE);
        assertThat(map.classes()).containsExactly(0, 1, -1, 0, 0, 0, 0, 0);
        LabelSchema recipe = LabelSchema.of(organs("a", List.of(1), "Ignore", List.of(7, 8)), NONE);
        assertThat(recipe.names()).containsExactly("a");
        assertThat(recipe.apply(raw(7, 8, 1, 0, 0, 0, 0, 0)).classes()).containsExactly(-1, -1, 1, 0, 0, 0, 0, 0);
        assertThatThrownBy(() -> LabelSchema.of(organs("a", List.of(1), "ignore", List.of(1)), NONE))
                .hasMessage("the label value 1 is listed twice, for 'a' and for 'ignore'");
        Map<String, List<Integer>> full = many(254);
        full.put("ignore", List.of(255));
        assertThat(LabelSchema.of(full, NONE)
                        .apply(raw(254, 255, 0, 0, 0, 0, 0, 0))
                        .classes())
                .startsWith(-2, -1);
        full.put("one more", List.of(300));
        assertThatThrownBy(() -> LabelSchema.of(full, NONE)).hasMessageContaining("1 to 254");
    }

    @Test
    void aLabelThatIsNoWholeNumberIsNamedWithItsPlace() {
        LabelSchema schema = LabelSchema.of(Map.of("a", List.of(1)), NONE);
        assertThatThrownBy(() -> schema.apply(raw(0, 1, 1, 0, 0, 0.5, 0, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the label at voxel (1, 0, 1) is 0.5, expected a whole number");
        assertThatThrownBy(() -> schema.apply(raw(0, 0, 0, Double.NaN, 0, 0, 0, 0)))
                .hasMessageContaining("(0, 1, 1) is NaN");
        assertThatThrownBy(() -> schema.apply(raw(1e9, 0, 0, 0, 0, 0, 0, 0))).hasMessageContaining("(0, 0, 0)");
    }

    @Test
    void aRealLabelMapStoredInDoublePrecisionIsMerged() throws IOException {
        Map<String, List<Integer>> recipe = organs("spleen", List.of(1), "kidneys", List.of(2, 3));
        recipe.put("gallbladder", List.of(4));
        recipe.put("liver", List.of(5));
        recipe.put("stomach", List.of(6));
        recipe.put("aorta", List.of(7));
        recipe.put("inferior vena cava", List.of(8));
        recipe.put("pancreas", List.of(10));
        LabelSchema schema = LabelSchema.of(recipe, NONE);
        Nifti nifti = new Nifti();
        LabelledCase scan = new LabelledCase(
                "example",
                TestData.path("ct/totalsegmentator/example_ct.nii.gz"),
                TestData.path("ct/totalsegmentator/example_seg_full_v1_104classes.nii.gz"),
                "example");
        assertThat(nifti.header(scan.label()).dataType()).isEqualTo("float64");
        Volume raw = nifti.read(scan.label());
        long[] direct = new long[schema.names().size() + 1];
        for (float value : raw.voxels()) {
            int number = 0;
            for (int k = 1; k < direct.length; k++) {
                number = recipe.getOrDefault(schema.names().get(k - 1), List.of())
                                .contains((int) value)
                        ? k
                        : number;
            }
            direct[number]++;
        }
        assertThat(direct).endsWith(9677, 12137, 1300, 41602, 4977, 1786, 2131, 818); // counted outside Java too
        assertThat(counts(schema.apply(raw), direct.length)).isEqualTo(direct);

        // the crop to the body loses no organ
        LabelledVolume whole = scan.read(nifti, new Preprocessing(null, new HuWindow(-175, 250), 0, null), schema);
        long[] inBody = counts(whole.labels(), direct.length);
        inBody[0] = direct[0];
        assertThat(inBody).isEqualTo(direct);
        // at half the edge an organ has the volume it had, but for its border
        Preprocessing coarse = new Preprocessing(Spacing.isotropic(6), new HuWindow(-175, 250), 0, null);
        long[] sixth = counts(scan.read(nifti, coarse, schema).labels(), direct.length);
        assertThat(8.0 * sixth[4] / direct[4]).isBetween(0.97, 1.03);
    }

    private static long[] counts(LabelMap map, int classes) {
        long[] counts = new long[classes];
        for (int i = 0; i < map.classes().length; i++) {
            counts[map.at(i)]++;
        }
        return counts;
    }

    private static Map<String, List<Integer>> organs(
            String first, List<Integer> values, String second, List<Integer> others) {
        Map<String, List<Integer>> organs = new LinkedHashMap<>();
        organs.put(first, values);
        organs.put(second, others);
        return organs;
    }

    private static Map<String, List<Integer>> many(int classes) {
        Map<String, List<Integer>> many = new LinkedHashMap<>();
        IntStream.rangeClosed(1, classes).forEach(value -> many.put("class " + value, List.of(value)));
        return many;
    }

    private static Volume raw(double... values) {
        float[] voxels = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            voxels[i] = (float) values[i];
        }
        return new Volume(Shape3.cube(2), Affine.identity(), voxels);
    }
}
