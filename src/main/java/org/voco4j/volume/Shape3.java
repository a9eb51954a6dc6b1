package org.voco4j.volume;

import java.util.List;

/**
 * The number of voxels along x, y and z of a volume, a crop or a grid of bases.
 *
 * <p>Storage is row-major: z varies fastest, so voxel (x, y, z) lies at {@code (x·Y + y)·Z + z}.
 *
 * @param x voxels along x, at least 1
 * @param y voxels along y, at least 1
 * @param z voxels along z, at least 1
 */
public record Shape3(int x, int y, int z) {

    /**
     * Checks the three sizes.
     *
     * @throws IllegalArgumentException if a size is below 1
     */
    public Shape3 {
        if (x < 1 || y < 1 || z < 1) {
            throw new IllegalArgumentException("a shape needs at least 1 voxel per axis, not " + x + "x" + y + "x" + z);
        }
    }

    /** A cube of the given edge. */
    public static Shape3 cube(int edge) {
        return new Shape3(edge, edge, edge);
    }

    /** The size along axis 0 (x), 1 (y) or 2 (z). */
    public int along(int axis) {
        return switch (axis) {
            case 0 -> x;
            case 1 -> y;
            case 2 -> z;
            default -> throw new IndexOutOfBoundsException("axis " + axis + ", expected 0, 1 or 2");
        };
    }

    /** The three sizes. */
    public List<Integer> edges() {
        return List.of(x, y, z);
    }

    /** This shape with the size along one axis replaced. */
    public Shape3 with(int axis, int size) {
        return new Shape3(axis == 0 ? size : x, axis == 1 ? size : y, axis == 2 ? size : z);
    }

    /** The number of voxels, x·y·z. */
    public long voxels() {
        return (long) x * y * z;
    }

    /** The position of voxel (i, j, k) in row-major storage. */
    public int index(int i, int j, int k) {
        return (i * y + j) * z + k;
    }

    @Override
    public String toString() {
        return x + "x" + y + "x" + z;
    }
}
