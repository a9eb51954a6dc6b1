package org.voco4j.corpus.prepare;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Resample.Grid;
import org.voco4j.volume.Resample.Interpolation;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * The way from a prepared grid back to the grid of the scan's file, for what was found on the former.
 *
 * <p>Voxel v of the file lies at q = spaced⁻¹·stored·v of the resampled scan. Where the voxel nearest to q lies outside
 * the box of the foreground, nothing was prepared. Otherwise each comes from where its resize read: a class from the
 * prepared voxel i whose floor(i·in/out) is nearest to that voxel of the box, a value from between the prepared voxels,
 * of which i lies at i·(in − 1)/(out − 1) of the box (aligned corners).
 *
 * @param stored the grid in the file
 * @param spaced the same scan in RAS+ at the recipe's spacing
 * @param box its foreground, in voxels of {@code spaced}
 * @param prepared the box resized: the grid of what is trained on
 */
public record InversePreprocessing(Grid stored, Grid spaced, Box box, Grid prepared) {

    /**
     * Classes on the scan's own grid; background where nothing was prepared.
     *
     * @throws IllegalArgumentException if the labels do not lie on the prepared grid
     */
    public LabelMap labels(LabelMap found) {
        require(new Grid(found.shape(), found.affine()));
        Shape3 size = prepared.shape();
        int[][] from = new int[3][];
        for (int d = 0; d < 3; d++) {
            from[d] = sources(box.shape().along(d), size.along(d));
        }
        byte[] out = new byte[Math.toIntExact(stored.shape().voxels())];
        visit((at, body) -> out[at] =
                body == null ? 0 : found.classes()[size.index(from[0][body[0]], from[1][body[1]], from[2][body[2]])]);
        return new LabelMap(stored.shape(), stored.affine(), out);
    }

    /** For each of {@code in} voxels the one of {@code out} that was made of it, or else of the nearest. */
    private static int[] sources(int in, int out) {
        int[] sources = new int[in];
        for (int voxel = 0; voxel < in; voxel++) {
            long above = Math.min(out - 1, ((long) voxel * out + in - 1) / in);
            long below = Math.max(0, above - 1);
            boolean nearer = Math.abs(below * in / out - voxel) < Math.abs(above * in / out - voxel);
            sources[voxel] = (int) (nearer ? below : above);
        }
        return sources;
    }

    /**
     * Values on the scan's own grid.
     *
     * @param outside what stands where nothing was prepared
     * @throws IllegalArgumentException if the values do not lie on the prepared grid
     */
    public Volume values(Volume found, float outside) {
        require(new Grid(found.shape(), found.affine()));
        double[] rows = new double[12];
        for (int d = 0; d < 3; d++) {
            int out = found.shape().along(d);
            rows[d * 4 + d] = out == 1 ? 1 : (box.shape().along(d) - 1) / (double) (out - 1);
            rows[d * 4 + d] = rows[d * 4 + d] == 0 ? 1 : rows[d * 4 + d]; // one voxel became several of one value
            rows[d * 4 + 3] = box.low(d);
        }
        Affine aligned = spaced.affine().times(Affine.ofRows(rows));
        Volume placed = new Volume(found.shape(), aligned, found.voxels());
        float[] out = Resample.onto(placed, stored, Interpolation.LINEAR).voxels();
        visit((at, body) -> out[at] = body == null ? outside : out[at]);
        return new Volume(stored.shape(), stored.affine(), out);
    }

    private void require(Grid found) {
        if (!SameGrid.holds(prepared, found)) {
            throw new IllegalArgumentException(
                    "expected a result on the prepared grid, " + words(prepared) + ", found " + words(found));
        }
    }

    private static String words(Grid grid) {
        double[] first = grid.affine().apply(0, 0, 0);
        return String.format(
                Locale.ROOT,
                "%s voxels of %s from (%.2f, %.2f, %.2f) mm",
                grid.shape(),
                grid.affine().spacing(),
                first[0],
                first[1],
                first[2]);
    }

    private interface Visitor {
        /**
         * One voxel of the file.
         *
         * @param at its place in row-major order
         * @param body the voxel of the box nearest to it, or null where that lies outside
         */
        void visit(int at, int @Nullable [] body);
    }

    private void visit(Visitor visitor) {
        Affine toSpaced = spaced.affine().inverse().times(stored.affine());
        Shape3 shape = stored.shape();
        int[] body = new int[3];
        int at = 0;
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int z = 0; z < shape.z(); z++) {
                    boolean inside = true;
                    for (int d = 0; d < 3; d++) {
                        double q = toSpaced.at(d, 0) * x + toSpaced.at(d, 1) * y + toSpaced.at(d, 2) * z;
                        double most = spaced.shape().along(d) - 1; // outside, the border repeats
                        int nearest = (int) Math.rint(Math.min(Math.max(q + toSpaced.at(d, 3), 0), most));
                        body[d] = nearest - box.low(d);
                        inside &= nearest >= box.low(d) && nearest < box.high(d);
                    }
                    visitor.visit(at++, inside ? body : null);
                }
            }
        }
    }
}
