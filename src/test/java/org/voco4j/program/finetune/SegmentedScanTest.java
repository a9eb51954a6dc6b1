package org.voco4j.program.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.label.Regions;
import org.voco4j.downstream.segment.RegionMasks;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.measure.segmentation.ClassScore;
import org.voco4j.measure.segmentation.SegmentationScore;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;

class SegmentedScanTest {
    private static final Shape3 SHAPE = new Shape3(6, 5, 4);
    private static final OptionalDouble SURFACES = OptionalDouble.of(1);

    /** Classes 0…most at random. */
    private static LabelMap random(int seed, int most) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] classes = new byte[(int) SHAPE.voxels()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (byte) random.nextInt(most + 1);
        }
        return new LabelMap(SHAPE, Affine.identity(), classes);
    }

    private static LabelMap ignoringEveryFifth(LabelMap map) {
        byte[] classes = map.classes().clone();
        for (int i = 0; i < classes.length; i += 5) {
            classes[i] = (byte) LabelSchema.IGNORE;
        }
        return new LabelMap(map.shape(), map.affine(), classes);
    }

    private static List<Double> dice(SegmentationScore score) {
        return score.classes().stream().map(ClassScore::dice).toList();
    }

    /** Dice of two sets of voxels, over those that are not to be ignored. */
    private static double dice(LabelMap a, LabelMap b, LabelMap truth) {
        double both = 0;
        double all = 0;
        for (int i = 0; i < a.classes().length; i++) {
            if (truth.at(i) != LabelSchema.IGNORE) {
                both += a.at(i) * b.at(i);
                all += a.at(i) + b.at(i);
            }
        }
        return 2 * both / all;
    }

    @Test
    void whatIsSeenInVoxelsToIgnoreMakesNoDifference() {
        LabelMap truth = ignoringEveryFifth(random(1, 3));
        SegmentedScan one = new SegmentedScan(List.of(random(2, 3)), List.of());
        byte[] other = one.maps().get(0).classes().clone();
        for (int i = 0; i < other.length; i += 5) {
            other[i] = (byte) (3 - other[i]);
        }
        SegmentedScan two = new SegmentedScan(List.of(new LabelMap(SHAPE, Affine.identity(), other)), List.of());
        assertThat(one.score(truth, 3, SURFACES)).isEqualTo(two.score(truth, 3, SURFACES));
        LabelMap known = one.picture(truth);
        assertThat(known.at(0)).isZero();
        assertThat(known.at(1)).isEqualTo(truth.at(1));
    }

    @Test
    void everyRegionIsComparedByItself() {
        Regions two = new Regions(new TreeMap<>(Map.of("a", List.of(1, 2, 3), "b", List.of(2))), List.of());
        LabelMap truth = ignoringEveryFifth(random(3, 2)); // classes 1: in a alone, 2: in both
        List<LabelMap> seen = List.of(random(4, 1), random(5, 1));
        SegmentationScore score = new SegmentedScan(seen, two.members()).score(truth, 2, SURFACES);
        List<LabelMap> real = RegionMasks.of(truth, two.members(), 2);
        for (int r = 0; r < 2; r++) {
            ClassScore one = score.classes().get(r);
            assertThat(one.label()).isEqualTo(r + 1);
            assertThat(one.dice()).isCloseTo(dice(seen.get(r), real.get(r), truth), within(1e-12));
            assertThat(one.nsd()).isBetween(0.0, 1.0);
        }
        assertThat(score.classes().get(0).truthMl())
                .isGreaterThan(score.classes().get(1).truthMl());
    }

    @Test
    void aTruthInAnotherOrderOfAxesIsTheSameTruth() {
        LabelMap truth = random(6, 2);
        byte[] flipped = new byte[truth.classes().length];
        for (int x = 0; x < SHAPE.x(); x++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int z = 0; z < SHAPE.z(); z++) {
                    flipped[SHAPE.index(SHAPE.x() - 1 - x, y, z)] = truth.classes()[SHAPE.index(x, y, z)];
                }
            }
        }
        Affine backwards = Affine.ofRows(new double[] {-1, 0, 0, SHAPE.x() - 1, 0, 1, 0, 0, 0, 0, 1, 0});
        SegmentedScan seen = new SegmentedScan(List.of(random(7, 2)), List.of());
        assertThat(dice(seen.score(new LabelMap(SHAPE, backwards, flipped), 2, OptionalDouble.empty())))
                .isEqualTo(dice(seen.score(truth, 2, OptionalDouble.empty())));
    }

    @Test
    void aRegionIsWhereItsLogitIsAboveZero() {
        Tensor logits = Tensor.of(new float[] {1, -1, 0, 2, -3, 4, 1e-3f, -1}, 1, 2, 1, 2, 2);
        List<LabelMap> masks = RegionMasks.of(logits, Affine.identity());
        assertThat(masks).extracting(LabelMap::classes).containsExactly(new byte[] {1, 0, 0, 1}, new byte[] {0, 1, 1, 0
        });
        Tensor none = Tensor.of(new float[] {Float.NaN}, 1, 1, 1, 1, 1);
        assertThatThrownBy(() -> RegionMasks.of(none, Affine.identity())).hasMessageContaining("region 0");
    }

    @Test
    void smallerRegionsArePaintedOverLargerOnes() {
        BitSet inner = new BitSet();
        inner.set(0, 2);
        BitSet outer = new BitSet();
        outer.set(1);
        Shape3 row = new Shape3(1, 1, 4);
        LabelMap classes = new LabelMap(row, Affine.identity(), new byte[] {0, 2, 1, 2}); // 1: in both, 2: in the outer
        List<LabelMap> masks = RegionMasks.of(classes, List.of(inner, outer), 2);
        assertThat(RegionMasks.painted(masks).classes()).containsExactly(0, 2, 1, 2);
    }
}
