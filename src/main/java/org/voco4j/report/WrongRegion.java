package org.voco4j.report;

import java.util.Optional;
import org.voco4j.volume.Box;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;

/** The largest place in a slice where a segmentation differs from the truth: voxels side by side, whatever class is wrong. */
final class WrongRegion {
    private static final int LEAST = 4; // voxels; fewer are the ragged edges that all segmentations have

    private final LabelMap truth;
    private final LabelMap found;
    private final int normal;
    private final int at;
    private final int up;
    private final int width;
    private final int height;

    private WrongRegion(LabelMap truth, LabelMap found, int normal, int at) {
        Shape3 shape = truth.shape();
        this.truth = truth;
        this.found = found;
        this.normal = normal;
        this.at = at;
        this.up = normal == 2 ? 1 : 2;
        this.width = shape.x();
        this.height = shape.along(up);
    }

    /**
     * Finds it.
     *
     * @param normal the axis across the slice: 2 for axial, 1 for coronal
     * @param at the voxel index along that axis
     * @return one voxel thick; empty where nothing of any size is wrong
     */
    static Optional<Box> of(LabelMap truth, LabelMap found, int normal, int at) {
        return new WrongRegion(truth, found, normal, at).largest();
    }

    private boolean isWrong(int x, int u) {
        int y = up == 1 ? u : at;
        int z = up == 1 ? at : u;
        int voxel = truth.shape().index(x, y, z);
        return truth.at(voxel) != found.at(voxel);
    }

    private Optional<Box> largest() {
        boolean[] seen = new boolean[width * height];
        int[] queue = new int[width * height];
        int most = LEAST - 1;
        Optional<Box> largest = Optional.empty();
        for (int first = 0; first < seen.length; first++) {
            int end = add(first / height, first % height, seen, queue, 0);
            Box box = null;
            for (int begin = 0; begin < end; begin++) {
                int x = queue[begin] / height;
                int u = queue[begin] % height;
                box = box == null ? voxel(x, u) : box.with(voxel(x, u));
                end = add(x + 1, u, seen, queue, end);
                end = add(x - 1, u, seen, queue, end);
                end = add(x, u + 1, seen, queue, end);
                end = add(x, u - 1, seen, queue, end);
            }
            if (end > most && box != null) {
                most = end;
                largest = Optional.of(box);
            }
        }
        return largest;
    }

    private int add(int x, int u, boolean[] seen, int[] queue, int end) {
        if (x < 0 || u < 0 || x >= width || u >= height || seen[x * height + u] || !isWrong(x, u)) {
            return end;
        }
        seen[x * height + u] = true;
        queue[end] = x * height + u;
        return end + 1;
    }

    private Box voxel(int x, int u) {
        return normal == 2 ? new Box(x, u, at, x + 1, u + 1, at + 1) : new Box(x, at, u, x + 1, at + 1, u + 1);
    }
}
