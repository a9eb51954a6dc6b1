package org.voco4j.volume;

/**
 * A half-open axis-aligned box of voxels, {v ∈ Z³ | lo ≤ v &lt; hi}; it may reach outside a volume.
 *
 * @param x0 first voxel along x
 * @param y0 first voxel along y
 * @param z0 first voxel along z
 * @param x1 one past the last voxel along x
 * @param y1 one past the last voxel along y
 * @param z1 one past the last voxel along z
 */
public record Box(int x0, int y0, int z0, int x1, int y1, int z1) {

    /**
     * Checks that the box holds at least one voxel.
     *
     * @throws IllegalArgumentException if it is empty along an axis
     */
    public Box {
        if (x1 <= x0 || y1 <= y0 || z1 <= z0) {
            throw new IllegalArgumentException(
                    "an empty box: [" + x0 + "," + x1 + ") x [" + y0 + "," + y1 + ") x [" + z0 + "," + z1 + ")");
        }
    }

    /** The box of a given shape whose first voxel is (x, y, z). */
    public static Box at(int x, int y, int z, Shape3 shape) {
        return new Box(x, y, z, x + shape.x(), y + shape.y(), z + shape.z());
    }

    /** The box that is the whole of a volume. */
    public static Box of(Shape3 shape) {
        return at(0, 0, 0, shape);
    }

    /** The first voxel along an axis. */
    public int low(int axis) {
        return axis == 0 ? x0 : axis == 1 ? y0 : z0;
    }

    /** One past the last voxel along an axis. */
    public int high(int axis) {
        return axis == 0 ? x1 : axis == 1 ? y1 : z1;
    }

    /** The number of voxels along each axis. */
    public Shape3 shape() {
        return new Shape3(x1 - x0, y1 - y0, z1 - z0);
    }

    /** The number of voxels in the box. */
    public long voxels() {
        return shape().voxels();
    }

    /** The number of voxels that lie in both boxes. */
    public long overlap(Box other) {
        long voxels = 1;
        for (int axis = 0; axis < 3; axis++) {
            voxels *= Math.max(0, Math.min(high(axis), other.high(axis)) - Math.max(low(axis), other.low(axis)));
        }
        return voxels;
    }

    /** The smallest box that holds both. */
    public Box with(Box other) {
        return new Box(
                Math.min(x0, other.x0),
                Math.min(y0, other.y0),
                Math.min(z0, other.z0),
                Math.max(x1, other.x1),
                Math.max(y1, other.y1),
                Math.max(z1, other.z1));
    }

    /** Whether this box lies wholly inside the other. */
    public boolean isInside(Box other) {
        return overlap(other) == voxels();
    }

    @Override
    public String toString() {
        return "[" + x0 + "," + x1 + ")x[" + y0 + "," + y1 + ")x[" + z0 + "," + z1 + ")";
    }
}
