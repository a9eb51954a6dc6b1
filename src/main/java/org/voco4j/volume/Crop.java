package org.voco4j.volume;

import java.util.Arrays;

/** Cuts a box out of a volume; the affine follows (MONAI {@code SpatialCrop}). */
public final class Crop {
    private Crop() {}

    /**
     * The part of the box that lies in the volume.
     *
     * @throws IllegalArgumentException if they do not overlap
     */
    public static Volume apply(Volume volume, Box box) {
        return padded(volume, clip(box, volume.shape()), 0);
    }

    /** The whole box, with {@code fill} where it leaves the volume. */
    public static Volume padded(Volume volume, Box box, float fill) {
        Shape3 in = volume.shape();
        Shape3 out = box.shape();
        if (box.equals(Box.of(in))) {
            return volume;
        }
        float[] voxels = new float[Math.toIntExact(out.voxels())];
        boolean inside = box.isInside(Box.of(in));
        if (!inside && fill != 0) {
            Arrays.fill(voxels, fill);
        }
        int z0 = Math.max(box.z0(), 0);
        int length = Math.min(box.z1(), in.z()) - z0;
        for (int x = Math.max(box.x0(), 0); length > 0 && x < Math.min(box.x1(), in.x()); x++) {
            for (int y = Math.max(box.y0(), 0); y < Math.min(box.y1(), in.y()); y++) {
                int to = out.index(x - box.x0(), y - box.y0(), z0 - box.z0());
                System.arraycopy(volume.voxels(), in.index(x, y, z0), voxels, to, length);
            }
        }
        Affine shifted = volume.affine().times(Affine.translation(box.x0(), box.y0(), box.z0()));
        return new Volume(out, shifted, voxels);
    }

    /**
     * The part of a box that lies in a volume of the given shape.
     *
     * @throws IllegalArgumentException if they do not overlap
     */
    public static Box clip(Box box, Shape3 shape) {
        if (box.overlap(Box.of(shape)) == 0) {
            throw new IllegalArgumentException("box " + box + " lies outside the volume of " + shape);
        }
        return new Box(
                Math.max(box.x0(), 0),
                Math.max(box.y0(), 0),
                Math.max(box.z0(), 0),
                Math.min(box.x1(), shape.x()),
                Math.min(box.y1(), shape.y()),
                Math.min(box.z1(), shape.z()));
    }

    /**
     * The box of the given size around a centre voxel: from centre − size/2 (rounded down), moved up to 0 where it
     * would begin below; at the high end it may leave the volume.
     */
    public static Box centred(int x, int y, int z, Shape3 size) {
        return Box.at(
                Math.max(x - size.x() / 2, 0), Math.max(y - size.y() / 2, 0), Math.max(z - size.z() / 2, 0), size);
    }
}
