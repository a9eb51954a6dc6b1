package org.voco4j.pretext.voco;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * The n = n_x·n_y·n_z non-overlapping base crops that tile a volume (§3.1).
 *
 * <p>Along an axis of N voxels the edges lie at round(k·N/n), k = 0…n, so that a size that does not divide (384/5 in
 * Table 7) is tiled too. Base (i, j, k) has the number (i·n_y + j)·n_z + k, as in the released code.
 */
public final class BaseCrops {
    private BaseCrops() {}

    /**
     * The boxes in the order of their numbers.
     *
     * @throws IllegalArgumentException if there are more bases than voxels along an axis
     */
    public static List<Box> of(Shape3 volume, Shape3 grid) {
        for (int axis = 0; axis < 3; axis++) {
            if (grid.along(axis) > volume.along(axis)) {
                throw new IllegalArgumentException(
                        "a grid of " + grid + " bases does not fit into a volume of " + volume + " voxels");
            }
        }
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < grid.x(); i++) {
            for (int j = 0; j < grid.y(); j++) {
                for (int k = 0; k < grid.z(); k++) {
                    boxes.add(new Box(
                            edge(i, volume.x(), grid.x()),
                            edge(j, volume.y(), grid.y()),
                            edge(k, volume.z(), grid.z()),
                            edge(i + 1, volume.x(), grid.x()),
                            edge(j + 1, volume.y(), grid.y()),
                            edge(k + 1, volume.z(), grid.z())));
                }
            }
        }
        return List.copyOf(boxes);
    }

    private static int edge(int k, int voxels, int bases) {
        return (int) Math.round(k * (double) voxels / bases);
    }
}
