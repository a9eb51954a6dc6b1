package org.voco4j.report;

import java.util.Optional;
import org.voco4j.volume.Box;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.LargestPiece;
import org.voco4j.volume.Shape3;

/** The largest place in a slice where a segmentation differs from the truth: voxels side by side, whatever class is wrong. */
final class WrongRegion {
    private static final int LEAST = 4; // voxels; fewer are the ragged edges that all segmentations have

    private WrongRegion() {}

    /**
     * Finds it.
     *
     * @param normal the axis across the slice
     * @param at the voxel index along that axis
     * @return one voxel thick; empty where nothing of any size is wrong
     */
    static Optional<Box> of(LabelMap truth, LabelMap found, int normal, int at) {
        Shape3 shape = truth.shape();
        Shape3 slice = shape.with(normal, 1);
        int[] from = new int[3]; // of the slice in the volume
        from[normal] = at;
        boolean[] wrong = new boolean[Math.toIntExact(slice.voxels())];
        for (int x = 0; x < slice.x(); x++) {
            for (int y = 0; y < slice.y(); y++) {
                for (int z = 0; z < slice.z(); z++) {
                    int voxel = shape.index(x + from[0], y + from[1], z + from[2]);
                    wrong[slice.index(x, y, z)] = truth.at(voxel) != found.at(voxel);
                }
            }
        }
        return LargestPiece.box(slice, wrong, LEAST)
                .map(box -> Box.at(box.x0() + from[0], box.y0() + from[1], box.z0() + from[2], box.shape()));
    }
}
