package org.voco4j.downstream.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Reference;
import org.voco4j.augment.Draws;
import org.voco4j.augment.PatchAugmentation.View;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.downstream.segment.PatchSampler.Centre;
import org.voco4j.downstream.segment.PatchSampler.Positives;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Crop;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Pad;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** Where patches lie and what they hold, against MONAI and by their laws. */
class PatchSamplerTest {
    private static final Reference REFERENCE = Reference.of("crop_centres");
    private static final Shape3 SCAN = new Shape3(12, 10, 9);

    private static PatchSampler sampler(Shape3 size) {
        return new PatchSampler(size, 1, 1, Positives.VOXELS, 0);
    }

    private static Channels image(Shape3 shape) {
        float[] values = new float[(int) shape.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return Channels.of(new Volume(shape, Affine.identity(), values));
    }

    /** Class 1 in a block of 4³, class 2 in one voxel, class 200 in another. */
    private static LabelMap labels() {
        byte[] classes = new byte[(int) SCAN.voxels()];
        for (int x = 4; x < 8; x++) {
            for (int y = 3; y < 7; y++) {
                Arrays.fill(classes, SCAN.index(x, y, 2), SCAN.index(x, y, 6), (byte) 1);
            }
        }
        classes[SCAN.index(0, 0, 0)] = 2;
        classes[SCAN.index(11, 9, 8)] = (byte) 200;
        return new LabelMap(SCAN, Affine.identity(), classes);
    }

    private static LabelMap all(int label) {
        byte[] classes = new byte[(int) SCAN.voxels()];
        Arrays.fill(classes, (byte) label);
        return new LabelMap(SCAN, Affine.identity(), classes);
    }

    private static List<Centre> draw(PatchSampler sampler, Channels image, LabelMap labels, int count) {
        ClassCounts counts = ClassCounts.of(image, labels, Float.NEGATIVE_INFINITY);
        List<Centre> centres = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            centres.add(sampler.draw(counts, image, labels, Draws.of(7).at(i)));
        }
        return centres;
    }

    private static Shape3 shape(long[] sizes, int row) {
        return new Shape3((int) sizes[3 * row], (int) sizes[3 * row + 1], (int) sizes[3 * row + 2]);
    }

    @Test
    void centresAreMovedAsMonaiMovesThem() {
        long[] proposed = REFERENCE.longs("centre.proposed");
        long[] corrected = REFERENCE.longs("centre.corrected");
        for (int i = 0; i < REFERENCE.shape("centre.proposed")[0]; i++) {
            Shape3 size = shape(REFERENCE.longs("centre.roi"), i);
            Shape3 scan = shape(REFERENCE.longs("centre.image"), i);
            int voxel = scan.index((int) proposed[3 * i], (int) proposed[3 * i + 1], (int) proposed[3 * i + 2]);
            Box box = sampler(size).box(new Centre(voxel, true), scan);
            assertThat(box.shape()).isEqualTo(size);
            for (int axis = 0; axis < 3; axis++) {
                assertThat(box.low(axis) + size.along(axis) / 2)
                        .as("case %d axis %d", i, axis)
                        .isEqualTo((int) corrected[3 * i + axis]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void patchesEqualMonai(int number) {
        Shape3 scan = shape(REFERENCE.longs("centre.image"), number);
        long[] centre = REFERENCE.longs("centre.corrected");
        int voxel = scan.index((int) centre[3 * number], (int) centre[3 * number + 1], (int) centre[3 * number + 2]);
        PatchSampler sampler = sampler(shape(REFERENCE.longs("centre.roi"), number));
        float[] expected = REFERENCE.floats("patch" + number);
        FloatBuffer images = FloatBuffer.allocate(expected.length);
        FloatBuffer targets = FloatBuffer.allocate(expected.length);
        LabelMap none = new LabelMap(scan, Affine.identity(), new byte[(int) scan.voxels()]);
        sampler.fill(image(scan), none, new Centre(voxel, true), View.IDENTITY, images, targets, 0);
        assertThat(images.array()).isEqualTo(expected);
    }

    @Test
    void noPatchIsCentredOnAVoxelToIgnore() {
        byte[] classes = labels().classes().clone();
        for (int i = 0; i < classes.length; i += 2) {
            classes[i] = (byte) LabelSchema.IGNORE;
        }
        LabelMap labels = new LabelMap(SCAN, Affine.identity(), classes);
        ClassCounts counts = ClassCounts.of(image(SCAN), labels, Float.NEGATIVE_INFINITY);
        assertThat(counts.count(0) + counts.count(ClassCounts.FOREGROUND)).isEqualTo(classes.length / 2);
        assertThat(counts.present()).doesNotContain(LabelSchema.IGNORE);
        PatchSampler sampler = sampler(Shape3.cube(4));
        for (int i = 0; i < 200; i++) {
            int voxel = sampler.draw(counts, image(SCAN), labels, Draws.of(i)).voxel();
            assertThat(labels.at(voxel)).isNotEqualTo(LabelSchema.IGNORE);
        }
    }

    @Test
    void theNthVoxelIsEntryNOfMonaisLists() {
        int[] sizes = REFERENCE.shape("index.label");
        Shape3 shape = new Shape3(sizes[1], sizes[2], sizes[3]);
        Channels image = Channels.of(new Volume(shape, Affine.identity(), REFERENCE.floats("index.image")));
        LabelMap labels = LabelMap.of(image.single().withVoxels(REFERENCE.floats("index.label")));
        ClassCounts overZero = ClassCounts.of(image, labels, 0);
        ClassCounts every = ClassCounts.of(image, labels, Float.NEGATIVE_INFINITY);
        assertIndices(overZero, ClassCounts.FOREGROUND, image, labels, REFERENCE.longs("index.fg"));
        assertIndices(overZero, 0, image, labels, REFERENCE.longs("index.bg_over_threshold"));
        assertIndices(every, ClassCounts.FOREGROUND, image, labels, REFERENCE.longs("index.fg"));
        assertIndices(every, 0, image, labels, REFERENCE.longs("index.bg_all"));
    }

    private static void assertIndices(ClassCounts counts, int label, Channels image, LabelMap labels, long[] expected) {
        long[] found = new long[counts.count(label)];
        for (int n = 0; n < found.length; n++) {
            found[n] = counts.voxel(label, n, image, labels);
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void classesAreCountedOneByOne() {
        ClassCounts counts = ClassCounts.of(image(SCAN), labels(), Float.NEGATIVE_INFINITY);
        assertThat(counts.present()).containsExactly(1, 2, 200);
        assertThat(counts.count(1)).isEqualTo(64);
        assertThat(counts.count(200)).isEqualTo(1);
        assertThat(counts.count(3)).isZero();
        assertThat(counts.count(0) + counts.count(ClassCounts.FOREGROUND)).isEqualTo((int) SCAN.voxels());
        assertThat(counts.voxel(200, 0, image(SCAN), labels())).isEqualTo((int) SCAN.voxels() - 1);
        for (int n = 0; n < 64; n++) {
            assertThat(labels().at(counts.voxel(1, n, image(SCAN), labels()))).isEqualTo(1);
        }
        assertThatThrownBy(() -> ClassCounts.of(image(Shape3.cube(4)), labels(), 0))
                .hasMessageContaining("12x10x9")
                .hasMessageContaining("4x4x4");
    }

    @Test
    void aCentreIsOfItsKindAndInTheMiddleOfItsPatchWhereNothingWasMoved() {
        Shape3 size = new Shape3(5, 4, 3);
        PatchSampler sampler = sampler(size);
        int unmoved = 0;
        for (Centre centre : draw(sampler, image(SCAN), labels(), 300)) {
            assertThat(labels().at(centre.voxel()) > 0).isEqualTo(centre.positive());
            Box box = sampler.box(centre, SCAN);
            assertThat(box.isInside(Box.of(SCAN))).isTrue();
            int middle = SCAN.index(box.x0() + 2, box.y0() + 2, box.z0() + 1);
            boolean near = near(centre.voxel() / SCAN.z() / SCAN.y(), 0, size)
                    || near(centre.voxel() / SCAN.z() % SCAN.y(), 1, size)
                    || near(centre.voxel() % SCAN.z(), 2, size);
            assertThat(middle == centre.voxel()).as("%s in %s", centre, box).isNotEqualTo(near);
            unmoved += near ? 0 : 1;
        }
        assertThat(unmoved).isBetween(50, 299);
    }

    /** Whether a centre lies so near an end of its axis that a patch around it sticks out. */
    private static boolean near(int centre, int axis, Shape3 size) {
        int low = centre - size.along(axis) / 2;
        return low < 0 || low + size.along(axis) > SCAN.along(axis);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "1,3", "1,0", "0,1"})
    void theShareOfPositivesIsThatOfTheWeights(double positive, double negative) {
        PatchSampler sampler = new PatchSampler(Shape3.cube(4), positive, negative, Positives.VOXELS, 0);
        long positives = draw(sampler, image(SCAN), labels(), 4000).stream()
                .filter(Centre::positive)
                .count();
        double share = positive / (positive + negative);
        double deviation = Math.sqrt(share * (1 - share) / 4000);
        assertThat(Math.abs(positives / 4000.0 - share)).isLessThanOrEqualTo(4 * deviation);
    }

    @Test
    void voxelsAreDrawnEvenlyOrClassesAre() {
        int[] byVoxel = new int[256];
        int[] byClass = new int[256];
        PatchSampler voxels = new PatchSampler(Shape3.cube(4), 1, 0, Positives.VOXELS, 0);
        PatchSampler classes = new PatchSampler(Shape3.cube(4), 1, 0, Positives.CLASSES, 0);
        draw(voxels, image(SCAN), labels(), 3300).forEach(c -> byVoxel[labels().at(c.voxel())]++);
        draw(classes, image(SCAN), labels(), 3300).forEach(c -> byClass[labels().at(c.voxel())]++);
        assertThat(byVoxel[1]).isBetween(3200 - 40, 3200 + 40); // 64 of 66 voxels, deviation 10
        assertThat(byVoxel[2]).isBetween(50 - 28, 50 + 28);
        for (int label : new int[] {1, 2, 200}) {
            assertThat(byClass[label]).as("class %d", label).isBetween(1100 - 108, 1100 + 108); // deviation 27
        }
    }

    @Test
    void everyVoxelCanBeACentre() {
        PatchSampler sampler = sampler(Shape3.cube(4));
        long different = draw(sampler, image(SCAN), labels(), 20_000).stream()
                .map(Centre::voxel)
                .distinct()
                .count();
        assertThat(different).isEqualTo(SCAN.voxels());
    }

    @Test
    void aScanOfOneKindGivesThatKind() {
        PatchSampler sampler = sampler(Shape3.cube(4));
        assertThat(draw(sampler, image(SCAN), all(0), 20)).noneMatch(Centre::positive);
        assertThat(draw(sampler, image(SCAN), all(9), 20)).allMatch(Centre::positive);
        Channels air = Channels.of(new Volume(SCAN, Affine.identity(), new float[(int) SCAN.voxels()]));
        ClassCounts nothing = ClassCounts.of(air, all(0), 0);
        assertThatThrownBy(() -> sampler.draw(nothing, air, all(0), Draws.of(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("12x10x9");
        assertThatThrownBy(() -> new PatchSampler(SCAN, 0, 0, Positives.VOXELS, 0))
                .hasMessageContaining("not both 0");
    }

    @Test
    void equalDrawsGiveEqualPatchesAndOthersOthers() {
        PatchSampler sampler = sampler(Shape3.cube(4));
        assertThat(draw(sampler, image(SCAN), labels(), 50)).isEqualTo(draw(sampler, image(SCAN), labels(), 50));
        assertThat(draw(sampler, image(SCAN), labels(), 50).stream().distinct()).hasSizeGreaterThan(30);
    }

    /** Cutting with padding equals padding first, then cutting; every place in the buffers outside the patch stays. */
    @Test
    void aShortScanIsPaddedAtBothEnds() {
        Shape3 size = new Shape3(15, 4, 12);
        PatchSampler sampler = new PatchSampler(size, 1, 1, Positives.VOXELS, -3);
        Volume paddedImage = Pad.symmetric(image(SCAN).single(), size, -3);
        Volume paddedLabels = Pad.symmetric(labels().toVolume(), size, 0);
        int voxels = (int) size.voxels();
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 20; i++) {
            Centre centre = new Centre(random.nextInt((int) SCAN.voxels()), true);
            FloatBuffer images = FloatBuffer.allocate(6 * voxels);
            FloatBuffer targets = FloatBuffer.allocate(3 * voxels);
            Volume one = image(SCAN).single();
            Channels two = new Channels(List.of(one, one.withVoxels(doubled(one))));
            sampler.fill(two, labels(), centre, View.IDENTITY, images, targets, 1);
            int y = Math.min(Math.max(centre.voxel() / SCAN.z() % SCAN.y() - 2, 0), 6);
            Box box = Box.at(0, y, 0, size);
            float[] patch = Crop.apply(paddedImage, box).voxels();
            float[] both = Arrays.copyOf(patch, 2 * voxels);
            for (int v = 0; v < voxels; v++) {
                both[voxels + v] = patch[v] == -3 ? -3 : 2 * patch[v];
            }
            assertPart(images.array(), both);
            assertPart(targets.array(), Crop.apply(paddedLabels, box).voxels());
            assertThat(images.position()).isZero();
        }
    }

    private static float[] doubled(Volume volume) {
        float[] twice = volume.voxels().clone();
        for (int i = 0; i < twice.length; i++) {
            twice[i] *= 2;
        }
        return twice;
    }

    private static void assertPart(float[] buffer, float[] patch) {
        int from = patch.length;
        assertThat(Arrays.copyOfRange(buffer, from, 2 * from)).isEqualTo(patch);
        assertThat(Arrays.copyOf(buffer, from)).containsOnly(0);
        assertThat(Arrays.copyOfRange(buffer, 2 * from, buffer.length)).containsOnly(0);
    }

    @Test
    void imageAndLabelsAreFlippedTogether() {
        Channels image = Channels.of(labels().toVolume());
        Shape3 size = new Shape3(7, 6, 5);
        int voxels = (int) size.voxels();
        FloatBuffer images = FloatBuffer.allocate(voxels);
        FloatBuffer targets = FloatBuffer.allocate(voxels);
        Centre centre = new Centre(SCAN.index(4, 3, 2), true); // a corner of the block: no symmetry
        sampler(size).fill(image, labels(), centre, new View(true, false, true, 0, 2, 0.5f), images, targets, 0);
        for (int i = 0; i < voxels; i++) {
            assertThat(images.get(i)).isEqualTo(targets.get(i) * 2 + 0.5f);
        }
        FloatBuffer straight = FloatBuffer.allocate(voxels);
        sampler(size).fill(image, labels(), centre, View.IDENTITY, images, straight, 0);
        assertThat(targets.array()).isNotEqualTo(straight.array());
    }
}
