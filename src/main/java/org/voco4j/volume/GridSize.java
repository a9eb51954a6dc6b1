package org.voco4j.volume;

import org.jspecify.annotations.Nullable;

/**
 * How many voxels a scan is brought to along each axis.
 *
 * @param x from the patient's left to the right, at least 1
 * @param y from back to front, at least 1
 * @param z slices, at least 1; null: as many as there are, so that they stay as far apart as they are
 */
public record GridSize(int x, int y, @Nullable Integer z) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public GridSize {
        if (x < 1 || y < 1 || (z != null && z < 1)) {
            throw new IllegalArgumentException(
                    "a grid needs at least 1 voxel along each axis, not " + x + "x" + y + (z == null ? "" : "x" + z));
        }
    }

    /** A size along all axes. */
    public static GridSize of(Shape3 shape) {
        return new GridSize(shape.x(), shape.y(), shape.z());
    }

    /** The shape that one becomes. */
    public Shape3 from(Shape3 before) {
        return new Shape3(x, y, z == null ? before.z() : z);
    }

    /**
     * The shape, which does not depend on the scan.
     *
     * @return null where the number of slices does
     */
    public @Nullable Shape3 fixed() {
        return z == null ? null : new Shape3(x, y, z);
    }

    /** As {@code 64x64x16}, or {@code 64x64} where slices stay. */
    @Override
    public String toString() {
        return x + "x" + y + (z == null ? "" : "x" + z);
    }
}
