package org.voco4j.volume;

/**
 * A scan in memory: f: voxel (x, y, z) → value, with the affine that places it in the patient.
 *
 * <p>Values are floats in row-major order (z fastest, {@link Shape3#index}); what they mean (Hounsfield units, a
 * windowed value in [0, 1], a label) is the caller's knowledge. The array is not copied: whoever makes a volume gives
 * the array away, and nobody changes it afterwards.
 */
public final class Volume {
    private final Shape3 shape;
    private final Affine affine;
    private final float[] voxels;

    /**
     * Wraps an array.
     *
     * @throws IllegalArgumentException if the array's length is not the shape's number of voxels
     */
    public Volume(Shape3 shape, Affine affine, float[] voxels) {
        if (voxels.length != shape.voxels()) {
            throw new IllegalArgumentException(
                    "a volume of " + shape + " has " + shape.voxels() + " voxels, the array " + voxels.length);
        }
        this.shape = shape;
        this.affine = affine;
        this.voxels = voxels;
    }

    /** The number of voxels along each axis. */
    public Shape3 shape() {
        return shape;
    }

    /** Voxel index → RAS+ millimetres. */
    public Affine affine() {
        return affine;
    }

    /** The values themselves, row-major; not a copy, not to be changed. */
    public float[] voxels() {
        return voxels;
    }

    /**
     * A volume on the same grid with other values; the array is not copied.
     *
     * @throws IllegalArgumentException if the array's length is not the shape's number of voxels
     */
    public Volume withVoxels(float[] values) {
        return new Volume(shape, affine, values);
    }

    /** The value at (x, y, z). */
    public float at(int x, int y, int z) {
        return voxels[shape.index(x, y, z)];
    }
}
