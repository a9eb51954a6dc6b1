package org.voco4j.program.locate;

import java.io.IOException;
import java.nio.file.Path;
import org.voco4j.corpus.ScanFile;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.corpus.prepare.Quantised;
import org.voco4j.file.FileReason;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.Voxel;

/**
 * A scan of the user's, prepared as in training, that still knows the voxels of its file.
 *
 * <p>With the affines S of the file and P of the prepared grid, voxel v of the file lies at P⁻¹·S·v of the prepared grid.
 *
 * @param file where it was read from
 * @param stored the grid in the file
 * @param volume as trained on: RAS+, values in [0, 1]
 */
public record PreparedScan(Path file, Resample.Grid stored, Volume volume) {
    /** Half-way between two voxels the lower one counts, whatever an affine of floats makes of it. */
    private static final double NUDGE = 1e-3;

    /**
     * Where a crop lies in the prepared grid.
     *
     * @param moved whether it would have stuck out where it was wanted
     */
    public record Place(Box box, boolean moved) {}

    /**
     * Reads and prepares a scan, or an image of one slice where that is prepared.
     *
     * @throws UsageException with the file and a sentence if it is no scan that can be used
     */
    public static PreparedScan read(Path file, Preprocessing preprocessing) {
        try {
            Volume scan = ScanFile.read(file, preprocessing.dims());
            Volume prepared = Quantised.of(preprocessing.apply(scan)).toVolume();
            return new PreparedScan(file, new Resample.Grid(scan.shape(), scan.affine()), prepared);
        } catch (IOException e) {
            throw new UsageException(FileReason.of(e), e);
        } catch (IllegalArgumentException e) {
            throw new UsageException(file + ": " + e.getMessage(), e);
        }
    }

    /** As the measures take it. */
    HeldOutScan heldOut() {
        return new HeldOutScan(ScanFile.name(file), ScanFile.name(file), () -> volume);
    }

    /**
     * The crop around a voxel of the file, or the nearest one that lies in the prepared grid.
     *
     * @param centre as stored, which is what a viewer shows
     * @param size of the crop in the prepared grid; an axis that it spans leaves no choice
     * @throws UsageException if the file has no such voxel
     */
    Place place(Voxel centre, Shape3 size) {
        if (!centre.isInside(stored.shape())) {
            Shape3 shape = stored.shape();
            Voxel last = new Voxel(shape.x() - 1, shape.y() - 1, shape.z() - 1);
            throw new UsageException(
                    "--crop " + centre + " lies outside " + file + ", whose voxels are 0,0,0 to " + last);
        }
        double[] at = prepared().apply(centre.x(), centre.y(), centre.z());
        int[] low = new int[3];
        boolean moved = false;
        for (int axis = 0; axis < 3; axis++) {
            int room = volume.shape().along(axis) - size.along(axis);
            long wanted = Math.round(at[axis] + 0.5 - size.along(axis) / 2.0 - NUDGE); // voxel i spans i to i + 1
            low[axis] = (int) Math.max(0, Math.min(room, wanted));
            moved |= room > 0 && low[axis] != wanted;
        }
        return new Place(Box.at(low[0], low[1], low[2], size), moved);
    }

    /** The voxel of the file at the centre of a box of the prepared grid. */
    Voxel centre(Box box) {
        double[] at = prepared()
                .inverse()
                .apply(
                        (box.x0() + box.x1() - 1) / 2.0,
                        (box.y0() + box.y1() - 1) / 2.0,
                        (box.z0() + box.z1() - 1) / 2.0);
        return new Voxel((int) Math.round(at[0]), (int) Math.round(at[1]), (int) Math.round(at[2]));
    }

    /** Voxel of the file → voxel of the prepared grid. */
    private Affine prepared() {
        return volume.affine().inverse().times(stored.affine());
    }
}
