package org.voco4j.corpus;

import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Box;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Planes;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Resample.Interpolation;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

/**
 * From a scan as stored to what is trained on (paper, Table 9): RAS+, spacing, window to [0, 1], crop to the
 * foreground, trilinear resize with aligned corners.
 *
 * <p>A label map goes the same way by nearest neighbours and ends on the image's grid.
 *
 * @param spacing millimetres to resample to, or null to keep each scan's own (the released loader)
 * @param window which intensities become 0 and 1
 * @param foregroundThreshold windowed value above which a voxel is body (paper 0, released code 0.3)
 * @param size voxels afterwards, or null to keep those of the foreground
 */
public record Preprocessing(
        @Nullable Spacing spacing,
        HuWindow window,
        double foregroundThreshold,
        @Nullable Shape3 size) {
    /** To be raised when the same file comes out with other numbers: what was cached before is then made anew. */
    static final int REVISION = 1;

    private static final int LEAST = 16; // voxels on the two longer axes
    private static final int LEAST_SLICES = 8; // voxels on the shortest
    static final long MOST_VOXELS = 1L << 29; // 2 GiB of floats; a whole body at 1.5 mm is a quarter

    /**
     * Checks the threshold.
     *
     * @throws IllegalArgumentException unless 0 ≤ threshold &lt; 1
     */
    public Preprocessing {
        if (!(foregroundThreshold >= 0 && foregroundThreshold < 1)) {
            throw new IllegalArgumentException(
                    "the foreground threshold is a windowed value from 0 to below 1, not " + foregroundThreshold);
        }
    }

    /**
     * A prepared scan.
     *
     * @param image values in [0, 1]
     * @param labels classes on the image's grid, or null if none were given
     * @param back from there to the scan's own grid
     */
    public record Prepared(Volume image, @Nullable LabelMap labels, WayBack back) {

        /**
         * Image and labels together.
         *
         * @throws IllegalStateException if there are no labels
         */
        LabelledVolume labelled() {
            if (labels == null) {
                throw new IllegalStateException("a scan without labels");
            }
            return new LabelledVolume(image, labels, back.stored());
        }
    }

    /**
     * Applies all steps.
     *
     * @return values in [0, 1], {@link #size} voxels
     * @throws IllegalArgumentException with a sentence if there is nothing to learn from: a 2-D image, fewer than 16
     *     voxels on either of the two longer axes or 8 on the shortest, a grid of more than 2^29 voxels after
     *     resampling, NaN or infinite voxels, one value everywhere, or no voxel in the foreground
     */
    public Volume apply(Volume scan) {
        return prepare(scan, null, 1).image();
    }

    /**
     * Applies all steps to a scan and its labels; the foreground is the scan's.
     *
     * @throws IllegalArgumentException as {@link #apply(Volume)}, or with both shapes and the offset if the labels do
     *     not lie on the scan's grid (in whatever orientation)
     */
    public LabelledVolume apply(Volume scan, LabelMap labels) {
        return prepare(scan, labels, 1).labelled();
    }

    /**
     * Applies all steps, a plane at a time, so that nothing between scan and result lies in memory as a whole.
     *
     * @param labels of the scan, or null
     * @param threads that share the work; their number changes no bit
     * @throws IllegalArgumentException as {@link #apply(Volume, LabelMap)}
     */
    public Prepared prepare(Volume scan, @Nullable LabelMap labels, int threads) {
        requireUsable(scan);
        Planes image = Planes.of(scan);
        Planes classes = labels == null ? null : Planes.of(labels);
        if (classes != null) {
            SameGrid.require(image.grid(), classes.grid());
            classes = spaced(classes.at(image.grid().affine()), Interpolation.NEAREST);
        }
        Planes windowed = spaced(image, Interpolation.LINEAR).windowed(window);
        Box box = windowed.foreground(foregroundThreshold, threads)
                .orElseThrow(
                        () -> new IllegalArgumentException("no voxel lies in the foreground: expected values above "
                                + hounsfield() + " HU, found " + range(scan)));
        Planes body = windowed.cropped(box);
        Planes ready = size == null ? body : body.resized(size, Interpolation.LINEAR);
        WayBack back = new WayBack(new Resample.Grid(scan.shape(), scan.affine()), windowed.grid(), box, ready.grid());
        return new Prepared(
                ready.volume(threads), classes == null ? null : labels(classes.cropped(box), threads), back);
    }

    private LabelMap labels(Planes body, int threads) {
        return (size == null ? body : body.resized(size, Interpolation.NEAREST)).labels(threads);
    }

    private Planes spaced(Planes planes, Interpolation interpolation) {
        if (spacing == null) {
            return planes;
        }
        requireRoom(planes.grid(), spacing);
        return planes.spaced(spacing, interpolation);
    }

    private double hounsfield() {
        return window.low() + foregroundThreshold * (window.high() - window.low());
    }

    /** Refuses shapes that are no scan; see {@link #apply}. */
    static void requireShape(Shape3 shape) {
        int shortest = Math.min(shape.x(), Math.min(shape.y(), shape.z()));
        int middle = Math.max(Math.min(shape.x(), shape.y()), Math.min(Math.max(shape.x(), shape.y()), shape.z()));
        if (shortest < 2) {
            throw new IllegalArgumentException(shape + " is a 2-D image, expected a 3-D scan");
        }
        if (shortest < LEAST_SLICES || middle < LEAST) {
            throw new IllegalArgumentException(shape + " is too small: expected at least " + LEAST
                    + " voxels on two axes and " + LEAST_SLICES + " on the third");
        }
    }

    private static void requireUsable(Volume scan) {
        requireShape(scan.shape());
        HuWindow.requireFinite(scan);
        float first = scan.voxels()[0];
        for (float value : scan.voxels()) {
            if (value != first) {
                return;
            }
        }
        throw new IllegalArgumentException("every voxel is " + first + ", expected a scan");
    }

    /** A wrong spacing in a header would ask for more memory than there is. */
    static void requireRoom(Resample.Grid grid, Spacing spacing) {
        Shape3 shape =
                Resample.grid(grid.shape(), grid.affine(), spacing, false).shape();
        if (shape.voxels() > MOST_VOXELS) {
            throw new IllegalArgumentException(
                    grid.shape() + " voxels of " + grid.affine().spacing() + " would become " + shape + " of " + spacing
                            + ": expected at most 2^29 voxels");
        }
    }

    private static String range(Volume volume) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : volume.voxels()) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        return low + " … " + high;
    }
}
