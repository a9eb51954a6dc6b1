package org.voco4j.corpus.prepare;

import java.util.Locale;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Resample.Grid;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Whether a label map lies on its image's grid: as many voxels, and every corner voxel of one at the same place as the
 * other's, to a thousandth of a voxel (headers keep float32, and programs write the same grid in different ways).
 */
public final class SameGrid {
    private static final double TOLERANCE = 1e-3; // voxels

    private SameGrid() {}

    /**
     * Checks it; both are in RAS+ already.
     *
     * @throws IllegalArgumentException with both shapes and the offset in millimetres if they lie on different grids
     */
    public static void require(Grid image, Grid labels) {
        require(image, labels, "the labels lie", "the image");
    }

    /**
     * Checks it for two grids of any kind.
     *
     * @param subject begins the sentence
     * @param reference what the first grid is of
     * @throws IllegalArgumentException as {@link #require(Grid, Grid)}
     */
    public static void require(Grid grid, Grid other, String subject, String reference) {
        if (!holds(grid, other)) {
            throw new IllegalArgumentException(subject + " on another grid than " + reference + ": " + words(other)
                    + " against " + words(grid) + "; in RAS+ their first voxel lies " + offset(grid, other, false)
                    + " mm and their last " + offset(grid, other, true) + " mm from " + reference + "'s (R, A, S)");
        }
    }

    /**
     * A volume with the image's affine, which its own equals but for rounding; both are in RAS+ already.
     *
     * @param subject begins the sentence
     * @throws IllegalArgumentException as {@link #require(Grid, Grid)}
     */
    public static Volume of(Volume image, Volume other, String subject) {
        require(new Grid(image.shape(), image.affine()), new Grid(other.shape(), other.affine()), subject, "the image");
        return new Volume(other.shape(), image.affine(), other.voxels());
    }

    /** Whether two grids are one. */
    static boolean holds(Grid a, Grid b) {
        return a.shape().equals(b.shape()) && cornersMeet(a, b);
    }

    private static boolean cornersMeet(Grid image, Grid labels) {
        Affine map = image.affine().inverse().times(labels.affine()); // label index → image index
        for (int corner = 0; corner < 8; corner++) {
            double[] at = new double[3];
            for (int d = 0; d < 3; d++) {
                at[d] = (corner >> d & 1) * (image.shape().along(d) - 1);
            }
            double[] there = map.apply(at[0], at[1], at[2]);
            for (int d = 0; d < 3; d++) {
                if (!(Math.abs(there[d] - at[d]) <= TOLERANCE)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String offset(Grid image, Grid labels, boolean last) {
        double[] from = corner(image, last);
        double[] to = corner(labels, last);
        return String.format(Locale.ROOT, "(%.3f, %.3f, %.3f)", to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    }

    private static double[] corner(Grid volume, boolean last) {
        Shape3 shape = volume.shape();
        return last
                ? volume.affine().apply(shape.x() - 1, shape.y() - 1, shape.z() - 1)
                : volume.affine().apply(0, 0, 0);
    }

    private static String words(Grid volume) {
        return volume.shape() + " voxels of " + volume.affine().spacing();
    }
}
