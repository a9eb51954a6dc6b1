package org.voco4j.corpus.verify;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.LabelMaps;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Voxel;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.VolumeHeader;

/**
 * What the voxels of a file say, gathered slice by slice: range, values that are no numbers, classes, whether it is a
 * label map, and what tells its content from others'. Keeps a few kilobytes, whatever the file's size.
 */
final class VoxelFacts implements VolumeFormat.SliceVisitor {
    private static final int MOST_CLASSES = 1 << 16;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final Shape3 shape;
    private final LabelMaps.Evidence evidence = new LabelMaps.Evidence(LabelMaps.MOST_CLASSES);
    private @Nullable CoarseGridBuilder blocks; // given away when built
    private final long[][] place = new long[3][]; // what an index of each stored axis adds to the index in RAS order
    private final Map<Float, long[]> counts = new HashMap<>();
    private boolean doubt = true; // whether it may still be a label map
    private boolean counting = true;
    private int slices;
    private long voxels;
    private long nonFinite;
    private long fractions;
    private @Nullable Voxel firstFraction;
    private float fraction;
    private float low = Float.POSITIVE_INFINITY;
    private float high = Float.NEGATIVE_INFINITY;
    private long lowest;
    private long highest;
    private long content;

    /**
     * Nothing seen yet.
     *
     * @param label whether it is known to be a label map, so that classes are counted come what may
     */
    VoxelFacts(VolumeHeader header, boolean label) {
        shape = header.shape();
        blocks = label ? null : CoarseGridBuilder.of(shape, header.affine());
        doubt = !label;
        place(header.affine());
    }

    /** Positions in RAS order, so that the same voxels in another order give the same {@link #content}. */
    private void place(Affine affine) {
        String codes = Orient.codes(affine);
        long[] size = new long[3];
        int[] patientAxis = new int[3];
        for (int d = 0; d < 3; d++) {
            patientAxis[d] = Math.max("RAS".indexOf(codes.charAt(d)), "LPI".indexOf(codes.charAt(d)));
            size[patientAxis[d]] = shape.along(d);
        }
        long[] stride = {size[1] * size[2], size[2], 1};
        for (int d = 0; d < 3; d++) {
            boolean backwards = "LPI".indexOf(codes.charAt(d)) >= 0;
            int length = shape.along(d);
            place[d] = new long[length];
            for (int i = 0; i < length; i++) {
                place[d][i] = stride[patientAxis[d]] * (backwards ? length - 1 - i : i);
            }
        }
        for (int p = 0; p < 3; p++) {
            content = mix(content + size[p]);
        }
    }

    @Override
    public boolean visit(float[] slice, int width) {
        if (doubt) {
            doubt = evidence.visit(slice, width);
            counting = doubt;
            if (!doubt) {
                counts.clear();
            }
        }
        int z = slices % shape.z();
        long volume = slices / shape.z() * shape.voxels();
        for (int y = 0, i = 0; y < shape.y(); y++) {
            long row = volume + place[2][z] + place[1][y];
            for (int x = 0; x < width; x++, i++) {
                float value = slice[i];
                if (!Float.isFinite(value)) {
                    nonFinite++;
                    continue;
                }
                if (value <= low) {
                    lowest = value < low ? 1 : lowest + 1;
                    low = value;
                }
                if (value >= high) {
                    highest = value > high ? 1 : highest + 1;
                    high = value;
                }
                content += mix((row + place[0][x]) * MIX + Float.floatToRawIntBits(value + 0f));
            }
        }
        voxels += slice.length;
        if (counting) {
            count(slice, z);
        }
        if (blocks != null && slices < shape.z() && nonFinite == 0) {
            blocks.slice(slice, z);
        }
        slices++;
        return true;
    }

    private void count(float[] slice, int z) {
        int from = 0;
        for (int i = 1; i <= slice.length; i++) {
            if (i < slice.length && slice[i] == slice[from]) {
                continue; // areas are large: one look-up per border
            }
            float value = slice[from] + 0f;
            if (Float.isFinite(value)) {
                counts.computeIfAbsent(value, v -> new long[1])[0] += i - from;
                if (value != Math.rint(value)) {
                    if (fractions == 0) {
                        firstFraction = new Voxel(from % shape.x(), from / shape.x(), z);
                        fraction = value;
                    }
                    fractions += i - from;
                }
            }
            from = i;
        }
        counting = counts.size() <= MOST_CLASSES;
    }

    /** A step of splitmix64: every bit of the number changes about half of the bits of the result. */
    private static long mix(long number) {
        long mixed = (number ^ number >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    /** Why the voxels say that this is a label map, or null. */
    @Nullable
    String labelMap() {
        return doubt ? evidence.verdict() : null;
    }

    long voxels() {
        return voxels;
    }

    long nonFinite() {
        return nonFinite;
    }

    /** The lowest finite value; infinite if there is none. */
    float low() {
        return low;
    }

    float high() {
        return high;
    }

    /** How many voxels have the lowest value. */
    long lowest() {
        return lowest;
    }

    /** How many voxels have the highest value. */
    long highest() {
        return highest;
    }

    /** Whether all voxels are finite and the same. */
    boolean constant() {
        return nonFinite == 0 && low == high;
    }

    /** Value → number of voxels, for a label map with at most 65536 different ones; otherwise empty. */
    SortedMap<Float, Long> classes() {
        SortedMap<Float, Long> classes = new TreeMap<>();
        if (counting) {
            counts.forEach((value, count) -> classes.put(value, count[0]));
        }
        return classes;
    }

    /** The number of voxels of a label map that are not whole numbers. */
    long fractions() {
        return fractions;
    }

    /** The first of {@link #fractions}, in words. */
    String firstFraction() {
        Voxel at = firstFraction;
        return at == null ? "none" : fraction + " at voxel (" + at.x() + ", " + at.y() + ", " + at.z() + ")";
    }

    /**
     * A number that depends on the shape and on every voxel's value and place in RAS order: equal for the same voxels in
     * whatever order, type or file; otherwise equal by chance in 1 of 2⁶⁴.
     */
    long content() {
        return content;
    }

    /** The scan in blocks of 10 mm, once; null for label maps, values that are no numbers, and grids of no scan. */
    @Nullable
    CoarseGrid takeBlocks() {
        CoarseGridBuilder built = nonFinite > 0 || labelMap() != null ? null : blocks;
        blocks = null;
        return built == null ? null : built.build();
    }
}
