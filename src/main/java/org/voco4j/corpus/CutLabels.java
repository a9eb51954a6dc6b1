package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Crop;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Resample.Grid;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.VolumeHeader;

/** Label maps of formats that keep only the slices that show something, filled up to the grid of what they belong to. */
public final class CutLabels {
    private static final double BESIDE = 0.101; // voxels
    private static final int FARTHEST = 1_000_000; // voxels from grid to grid: beyond it they are not of one scan

    private CutLabels() {}

    /**
     * The values of a label map on the grid of its scan if it is cut and lies on it, else as stored.
     *
     * @throws IOException if one of the two cannot be read
     */
    static Volume read(VolumeFormat format, Path labels, Path scan) throws IOException {
        return format.isCut(labels) ? read(format, labels, grid(format, scan)) : format.read(labels);
    }

    /**
     * The values of a label map on a grid if it is cut and lies on it, else as stored.
     *
     * @throws IOException if it cannot be read
     */
    public static Volume read(VolumeFormat format, Path labels, @Nullable Grid grid) throws IOException {
        Volume stored = format.read(labels);
        return grid != null && format.isCut(labels) ? filled(stored, grid) : stored;
    }

    /**
     * The grid on which two label maps can be compared if one of them is cut: the scan's, the whole one's, or what both
     * together take; null if none is cut.
     *
     * @throws IOException if a header cannot be read
     */
    public static @Nullable Grid common(VolumeFormat format, Path one, Path other, @Nullable Path scan)
            throws IOException {
        boolean cut = format.isCut(one);
        boolean otherCut = format.isCut(other);
        if (!cut && !otherCut) {
            return null;
        }
        if (scan != null) {
            return grid(format, scan);
        }
        return cut && otherCut ? together(grid(format, one), grid(format, other)) : grid(format, cut ? other : one);
    }

    private static Grid grid(VolumeFormat format, Path file) throws IOException {
        VolumeHeader header = format.header(file);
        return new Grid(header.shape(), header.affine());
    }

    /** Slices of a scan, and so its label map's, may lie a little beside the even places of the scan's grid. */
    private static Volume filled(Volume labels, Grid grid) {
        Volume turned = Orient.to(labels, Orient.codes(grid.affine()));
        Shape3 shape = turned.shape();
        Affine map = grid.affine().inverse().times(turned.affine());
        double[] first = map.apply(0, 0, 0);
        for (int corner = 0; corner < 8; corner++) {
            double[] at = corner(map, shape, corner);
            for (int d = 0; d < 3; d++) {
                double index = whole(first[d]) + (corner >> d & 1) * (shape.along(d) - 1);
                if (!(Math.abs(at[d] - index) <= BESIDE)) {
                    return labels;
                }
            }
        }
        Box box = Box.at(-whole(first[0]), -whole(first[1]), -whole(first[2]), grid.shape());
        return Box.of(shape).isInside(box)
                ? new Volume(
                        grid.shape(), grid.affine(), Crop.padded(turned, box, 0).voxels())
                : labels;
    }

    private static double[] corner(Affine map, Shape3 shape, int corner) {
        return map.apply(
                (corner & 1) * (shape.x() - 1), (corner >> 1 & 1) * (shape.y() - 1), (corner >> 2) * (shape.z() - 1));
    }

    /** The first grid, grown along one axis to hold the second, whose axes may run another way; else as it is. */
    private static Grid together(Grid grid, Grid other) {
        Affine map = grid.affine().inverse().times(other.affine());
        int[] low = {0, 0, 0};
        int[] high = {grid.shape().x(), grid.shape().y(), grid.shape().z()};
        for (int corner = 0; corner < 8; corner++) {
            double[] at = corner(map, other.shape(), corner);
            for (int d = 0; d < 3; d++) {
                low[d] = Math.min(low[d], whole(at[d]));
                high[d] = Math.max(high[d], whole(at[d]) + 1);
            }
        }
        int grown = 0;
        for (int d = 0; d < 3; d++) {
            grown += high[d] - low[d] > grid.shape().along(d) ? 1 : 0;
        }
        Box box = new Box(low[0], low[1], low[2], high[0], high[1], high[2]);
        if (grown > 1 || box.voxels() > Integer.MAX_VALUE - 8) {
            return grid;
        }
        return new Grid(box.shape(), grid.affine().times(Affine.translation(low[0], low[1], low[2])));
    }

    private static int whole(double index) {
        return (int) Math.rint(Math.max(-FARTHEST, Math.min(FARTHEST, index)));
    }
}
