package org.voco4j.downstream.segment;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;

/** Regions that overlap as label maps of 0 and 1, one for each. */
public final class RegionMasks {
    private RegionMasks() {}

    /**
     * The voxels that a network sees in each region: those with σ(l) &gt; ½, which is l &gt; 0.
     *
     * @param logits [1, R, X, Y, Z]
     * @param affine of the scan
     * @throws IllegalArgumentException if a logit is not a number
     */
    public static List<LabelMap> of(Tensor logits, Affine affine) {
        long[] sizes = logits.shape();
        Shape3 shape = new Shape3(Math.toIntExact(sizes[2]), Math.toIntExact(sizes[3]), Math.toIntExact(sizes[4]));
        VoxelMasks masks = new VoxelMasks(shape, Math.toIntExact(sizes[1]));
        for (int x = 0; x < shape.x(); x++) {
            try (Scope step = Scope.open()) {
                masks.accept(x, 0, logits.narrow(2, x, 1)); // [1, R, 1, Y, Z]
            }
        }
        return masks.maps(affine);
    }

    /**
     * The regions of classes of which every voxel has one; voxels to ignore are in none.
     *
     * @param members for each class 1, 2, … the regions that it lies in, counted from 0
     * @param count how many regions there are
     */
    public static List<LabelMap> of(LabelMap classes, List<BitSet> members, int count) {
        return IntStream.range(0, count)
                .mapToObj(region -> {
                    byte[] inside = new byte[LabelSchema.IGNORE + 1];
                    for (int k = 1; k <= members.size(); k++) {
                        inside[k] = (byte) (members.get(k - 1).get(region) ? 1 : 0);
                    }
                    byte[] mask = new byte[classes.classes().length];
                    for (int i = 0; i < mask.length; i++) {
                        mask[i] = inside[classes.at(i)];
                    }
                    return new LabelMap(classes.shape(), classes.affine(), mask);
                })
                .toList();
    }

    /** One map to look at: the regions 1, 2, … painted over each other, those with fewer voxels later. */
    public static LabelMap painted(List<LabelMap> masks) {
        LabelMap first = masks.get(0);
        byte[] painted = new byte[first.classes().length];
        IntStream.range(0, masks.size())
                .boxed()
                .sorted(Comparator.comparingLong(r -> -voxels(masks.get(r))))
                .forEach(r -> {
                    for (int i = 0; i < painted.length; i++) {
                        painted[i] = masks.get(r).at(i) == 0 ? painted[i] : (byte) (r + 1);
                    }
                });
        return new LabelMap(first.shape(), first.affine(), painted);
    }

    private static long voxels(LabelMap mask) {
        long voxels = 0;
        for (byte value : mask.classes()) {
            voxels += value;
        }
        return voxels;
    }
}
