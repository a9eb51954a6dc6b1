package org.voco4j.pretext.part;

import java.util.SplittableRandom;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * A random crop of the size of a base, anywhere it fits (§3.1).
 *
 * <p>Its size along an axis is the rounded mean base size N/n; its place is uniform over all whole voxels at which it
 * lies inside. Where n = 1 it spans the axis. (The released code draws x and y only, and fixes z.)
 */
public final class RandomCrop {
    private RandomCrop() {}

    /** The size of a random crop. */
    public static Shape3 size(Shape3 volume, Shape3 grid) {
        return new Shape3(
                (int) Math.round((double) volume.x() / grid.x()),
                (int) Math.round((double) volume.y() / grid.y()),
                (int) Math.round((double) volume.z() / grid.z()));
    }

    /** Draws a crop. */
    public static Box sample(Shape3 volume, Shape3 grid, SplittableRandom random) {
        return anywhere(volume, size(volume, grid), random);
    }

    /**
     * Draws a crop of which each edge is a share of the volume's, drawn on its own, of at least one voxel.
     *
     * @param least smallest share, in (0, 1]
     * @param most largest one
     */
    public static Box sample(Shape3 volume, double least, double most, SplittableRandom random) {
        int[] size = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            double share = least + (most - least) * random.nextDouble();
            size[axis] = (int) Math.max(1, Math.round(share * volume.along(axis)));
        }
        return anywhere(volume, new Shape3(size[0], size[1], size[2]), random);
    }

    /** A crop of a size, anywhere it fits. */
    public static Box anywhere(Shape3 volume, Shape3 size, SplittableRandom random) {
        int x = random.nextInt(volume.x() - size.x() + 1);
        int y = random.nextInt(volume.y() - size.y() + 1);
        int z = random.nextInt(volume.z() - size.z() + 1);
        return Box.at(x, y, z, size);
    }
}
