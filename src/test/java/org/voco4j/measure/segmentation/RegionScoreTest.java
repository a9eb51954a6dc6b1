package org.voco4j.measure.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.Reference;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

/** Overlapping regions are measured one by one: tumour core, whole tumour, enhancing tumour of two cases. */
class RegionScoreTest {
    private static final Reference REFERENCE = Reference.of("brats_regions");
    private static final Shape3 SHAPE = new Shape3(8, 10, 6);
    private static final Spacing MM = new Spacing(1, 1, 1);

    /** A mask for each region: where a tensor [2, 3, X, Y, Z] lies above a value. */
    private static List<LabelMap> masks(String name, int image, double above) {
        double[] all = REFERENCE.doubles(name);
        int voxels = (int) SHAPE.voxels();
        List<LabelMap> masks = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            byte[] mask = new byte[voxels];
            for (int i = 0; i < voxels; i++) {
                mask[i] = (byte) (all[(image * 3 + k) * voxels + i] > above ? 1 : 0);
            }
            masks.add(new LabelMap(SHAPE, Affine.identity(), mask));
        }
        return masks;
    }

    @Test
    void diceOfEveryRegionEqualsTheReference() {
        double[] expected = REFERENCE.doubles("hard.dice");
        for (int image = 0; image < 2; image++) {
            // the sigmoid of a logit is above one half where the logit is above zero
            SegmentationScore score =
                    SegmentationScore.ofRegions(masks("logits", image, 0), masks("target", image, 0.5), MM, 1);
            for (int k = 0; k < 3; k++) {
                ClassScore region = score.classes().get(k);
                assertThat(region.label()).isEqualTo(k + 1);
                assertThat(region.dice()).isCloseTo(expected[image * 3 + k], within(1e-12));
            }
            assertThat(score.invented()).isEqualTo(image); // the second case has no enhancing tumour
        }
    }

    @Test
    void regionsThatDoNotOverlapAreScoredAsClassesAre() {
        byte[] a = new byte[(int) SHAPE.voxels()];
        byte[] b = new byte[a.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = (byte) (i / 70 % 3);
            b[i] = (byte) (i / 50 % 3);
        }
        LabelMap prediction = new LabelMap(SHAPE, Affine.identity(), a);
        LabelMap truth = new LabelMap(SHAPE, Affine.identity(), b);
        SegmentationScore classes = SegmentationScore.of(prediction, truth, 3, MM, 1.5);
        assertThat(SegmentationScore.ofRegions(split(prediction), split(truth), MM, 1.5))
                .isEqualTo(classes);
    }

    private static List<LabelMap> split(LabelMap map) {
        List<LabelMap> masks = new ArrayList<>();
        for (int label = 1; label <= 2; label++) {
            byte[] mask = new byte[map.classes().length];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte) (map.at(i) == label ? 1 : 0);
            }
            masks.add(new LabelMap(map.shape(), map.affine(), mask));
        }
        return masks;
    }

    @Test
    void refusesAnotherNumberOfRegions() {
        List<LabelMap> three = masks("target", 0, 0.5);
        assertThatThrownBy(() -> SegmentationScore.ofRegions(three.subList(0, 2), three, MM, 1))
                .hasMessage("a prediction of 2 regions cannot be compared with a truth of 3");
    }
}
