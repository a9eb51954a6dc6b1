package org.voco4j.volume;

/**
 * The index of a voxel, counted from 0 along each axis; whether a volume has such a voxel is another question.
 *
 * @param x along the first axis
 * @param y along the second axis
 * @param z along the third axis
 */
public record Voxel(int x, int y, int z) {

    /** The index along axis 0 (x), 1 (y) or 2 (z). */
    public int along(int axis) {
        return axis == 0 ? x : axis == 1 ? y : z;
    }

    /** Whether a volume of the given shape has it. */
    public boolean isInside(Shape3 shape) {
        return x >= 0 && x < shape.x() && y >= 0 && y < shape.y() && z >= 0 && z < shape.z();
    }

    @Override
    public String toString() {
        return x + "," + y + "," + z;
    }
}
