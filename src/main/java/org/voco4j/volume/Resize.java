package org.voco4j.volume;

/**
 * Brings a volume to a given number of voxels; the field of view stays, so the spacing becomes old · in/out per axis.
 *
 * <p>Index map per axis with aligned corners: i·(in − 1)/(out − 1) (first and last voxel stay); otherwise
 * (i + ½)·in/out − ½ (voxel borders stay), clamped to the volume. The affine is always the one of the second map, as in
 * MONAI {@code Resize}, whose values and affines these are.
 */
public final class Resize {
    private Resize() {}

    /** Trilinear. */
    public static Volume trilinear(Volume volume, Shape3 target, boolean alignCorners) {
        if (target.equals(volume.shape())) {
            return volume;
        }
        float[] out = array(target);
        trilinear(volume.voxels(), volume.shape(), Box.of(volume.shape()), alignCorners, target, out, 0);
        return new Volume(target, affine(volume.shape(), volume.affine(), target), out);
    }

    /**
     * Trilinear from a box of an array into another array, for the loader: only the tables of the three axes are
     * allocated. Nothing outside the box is looked at.
     *
     * @param source values of the whole volume, row-major
     * @param shape the whole volume
     * @param box the part to resize, inside the volume
     * @param alignCorners which index map
     * @param target the shape to write
     * @param out receives target.voxels() values, row-major, from {@code offset} on
     * @param offset where to begin
     * @throws IllegalArgumentException if the box leaves the volume or the output has no room
     */
    public static void trilinear(
            float[] source, Shape3 shape, Box box, boolean alignCorners, Shape3 target, float[] out, int offset) {
        if (!box.isInside(Box.of(shape))) {
            throw new IllegalArgumentException("box " + box + " leaves the volume of " + shape);
        }
        if (offset < 0 || offset + target.voxels() > out.length) {
            throw new IllegalArgumentException(
                    "no room for " + target + " voxels from " + offset + " in an array of " + out.length);
        }
        Shape3 in = box.shape();
        AxisSamples x = AxisSamples.resize(in.x(), target.x(), alignCorners);
        AxisSamples y = AxisSamples.resize(in.y(), target.y(), alignCorners);
        AxisSamples z = AxisSamples.resize(in.z(), target.z(), alignCorners);
        AxisSamples.sample(source, shape, box.x0(), box.y0(), box.z0(), x, y, z, out, offset);
    }

    /** Nearest neighbour, voxel floor(i·in/out) as torch has it: for label maps. */
    public static Volume nearest(Volume volume, Shape3 target) {
        Shape3 in = volume.shape();
        if (target.equals(in)) {
            return volume;
        }
        float[] out = array(target);
        AxisSamples x = AxisSamples.floor(in.x(), target.x());
        AxisSamples y = AxisSamples.floor(in.y(), target.y());
        AxisSamples z = AxisSamples.floor(in.z(), target.z());
        AxisSamples.sample(volume.voxels(), in, 0, 0, 0, x, y, z, out, 0);
        return new Volume(target, affine(volume.shape(), volume.affine(), target), out);
    }

    /** The mean over input voxels floor(i·in/out) … ceil((i + 1)·in/out), per axis (torch's adaptive pooling). */
    public static Volume area(Volume volume, Shape3 target) {
        Shape3 in = volume.shape();
        if (target.equals(in)) {
            return volume;
        }
        float[] out = array(target);
        int write = 0;
        for (int x = 0; x < target.x(); x++) {
            for (int y = 0; y < target.y(); y++) {
                for (int z = 0; z < target.z(); z++) {
                    Box cell = new Box(
                            first(x, in.x(), target.x()),
                            first(y, in.y(), target.y()),
                            first(z, in.z(), target.z()),
                            last(x, in.x(), target.x()),
                            last(y, in.y(), target.y()),
                            last(z, in.z(), target.z()));
                    out[write++] = (float) mean(volume, cell);
                }
            }
        }
        return new Volume(target, affine(volume.shape(), volume.affine(), target), out);
    }

    private static int first(int i, int in, int out) {
        return (int) ((long) i * in / out);
    }

    private static int last(int i, int in, int out) {
        return (int) (((i + 1L) * in + out - 1) / out);
    }

    private static double mean(Volume volume, Box cell) {
        double sum = 0;
        for (int x = cell.x0(); x < cell.x1(); x++) {
            for (int y = cell.y0(); y < cell.y1(); y++) {
                int row = volume.shape().index(x, y, 0);
                for (int z = cell.z0(); z < cell.z1(); z++) {
                    sum += volume.voxels()[row + z];
                }
            }
        }
        return sum / cell.voxels();
    }

    private static float[] array(Shape3 target) {
        if (target.voxels() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a volume of " + target + " does not fit into one array (2^31 voxels)");
        }
        return new float[(int) target.voxels()];
    }

    /** The affine after a resize of a grid to {@code target} voxels. */
    static Affine affine(Shape3 shape, Affine affine, Shape3 target) {
        double[] rows = new double[12];
        for (int d = 0; d < 3; d++) {
            double scale = shape.along(d) / (double) target.along(d);
            rows[d * 4 + d] = scale;
            rows[d * 4 + 3] = (scale - 1) / 2;
        }
        return affine.times(Affine.ofRows(rows));
    }
}
