package org.voco4j.volume;

/**
 * The distance between neighbouring voxels in millimetres.
 *
 * @param x millimetres along x, positive and finite
 * @param y millimetres along y, positive and finite
 * @param z millimetres along z, positive and finite
 */
public record Spacing(double x, double y, double z) {

    /**
     * Checks the three distances.
     *
     * @throws IllegalArgumentException if one is not positive and finite
     */
    public Spacing {
        for (double mm : new double[] {x, y, z}) {
            if (!(mm > 0) || Double.isInfinite(mm)) {
                throw new IllegalArgumentException(
                        "a spacing must be positive and finite, not " + x + " x " + y + " x " + z + " mm");
            }
        }
    }

    /** The same distance along every axis. */
    public static Spacing isotropic(double mm) {
        return new Spacing(mm, mm, mm);
    }

    /** The distance along axis 0 (x), 1 (y) or 2 (z). */
    public double along(int axis) {
        return switch (axis) {
            case 0 -> x;
            case 1 -> y;
            case 2 -> z;
            default -> throw new IndexOutOfBoundsException("axis " + axis + ", expected 0, 1 or 2");
        };
    }

    @Override
    public String toString() {
        return x + " x " + y + " x " + z + " mm";
    }
}
