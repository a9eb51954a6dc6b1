package org.voco4j.program.finetune;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.downstream.segment.RegionMasks;
import org.voco4j.measure.segmentation.ClassScore;
import org.voco4j.measure.segmentation.Confusion;
import org.voco4j.measure.segmentation.SegmentationScore;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Planes;
import org.voco4j.volume.Spacing;

/**
 * What a network saw in a scan: the class of every voxel, or where each of several regions is that may overlap.
 *
 * @param maps one map of the classes 1, 2, …; or one of 0 and 1 for each region
 * @param regions for each class of the truth 1, 2, … the regions that it lies in; empty for classes
 */
record SegmentedScan(List<LabelMap> maps, List<BitSet> regions) {

    /** The same on the grid that the scan has in its file. */
    SegmentedScan onItsOwnGrid(InversePreprocessing back) {
        return new SegmentedScan(maps.stream().map(back::labels).toList(), regions);
    }

    /** One map to look at, of classes or of regions painted over each other. */
    LabelMap picture() {
        return regions.isEmpty() ? maps.get(0) : RegionMasks.painted(maps);
    }

    /** The same of the truth; voxels to ignore are background. */
    LabelMap picture(LabelMap truth) {
        return regions.isEmpty() ? known(truth, truth) : RegionMasks.painted(masks(truth));
    }

    private List<LabelMap> masks(LabelMap truth) {
        return RegionMasks.of(truth, regions, maps.size());
    }

    /**
     * Compares with the truth, over the voxels whose class is known.
     *
     * @param truth on the same grid, perhaps in another order of axes
     * @param classes how many classes or regions there are, without the background
     * @param toleranceMm for surfaces; empty if they are not measured, which is faster
     */
    SegmentationScore score(LabelMap truth, int classes, OptionalDouble toleranceMm) {
        if (!truth.affine().equals(maps.get(0).affine())) {
            return new SegmentedScan(maps.stream().map(SegmentedScan::ras).toList(), regions)
                    .scoreInOrder(ras(truth), classes, toleranceMm);
        }
        return scoreInOrder(truth, classes, toleranceMm);
    }

    private static LabelMap ras(LabelMap map) {
        return Planes.of(map).labels(1);
    }

    private SegmentationScore scoreInOrder(LabelMap truth, int classes, OptionalDouble toleranceMm) {
        if (regions.isEmpty()) {
            return score(known(maps.get(0), truth), known(truth, truth), classes + 1, toleranceMm);
        }
        List<LabelMap> real = masks(truth);
        List<ClassScore> scores = new ArrayList<>();
        for (int r = 0; r < classes; r++) {
            ClassScore one = score(known(maps.get(r), truth), real.get(r), 2, toleranceMm)
                    .classes()
                    .get(0);
            scores.add(new ClassScore(r + 1, one.overlap(), one.voxelMl(), one.nsd(), one.hd95()));
        }
        return new SegmentationScore(scores);
    }

    private static SegmentationScore score(LabelMap prediction, LabelMap truth, int count, OptionalDouble toleranceMm) {
        Spacing spacing = truth.affine().spacing();
        if (toleranceMm.isPresent()) {
            return SegmentationScore.of(prediction, truth, count, spacing, toleranceMm.getAsDouble());
        }
        Confusion confusion = Confusion.of(prediction, truth, count);
        double voxelMl = spacing.x() * spacing.y() * spacing.z() / 1000;
        List<ClassScore> scores = new ArrayList<>();
        for (int label = 1; label < count; label++) {
            scores.add(new ClassScore(label, confusion.overlap(label), voxelMl, Double.NaN, Double.NaN));
        }
        return new SegmentationScore(scores);
    }

    /** Background where the truth is to be ignored, so that such a voxel counts for no class. */
    private static LabelMap known(LabelMap map, LabelMap truth) {
        byte ignored = (byte) LabelSchema.IGNORE;
        byte[] known = map.classes();
        boolean copied = false;
        for (int i = 0; i < known.length; i++) {
            if (truth.classes()[i] == ignored && known[i] != 0) {
                known = copied ? known : known.clone();
                copied = true;
                known[i] = 0;
            }
        }
        return copied ? new LabelMap(map.shape(), map.affine(), known) : map;
    }
}
