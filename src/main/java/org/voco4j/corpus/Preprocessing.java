package org.voco4j.corpus;

import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Box;
import org.voco4j.volume.Crop;
import org.voco4j.volume.Foreground;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Resample.Interpolation;
import org.voco4j.volume.Resize;
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
    private static final int LEAST = 16; // voxels on the two longer axes
    private static final int LEAST_SLICES = 8; // voxels on the shortest
    private static final long MOST_VOXELS = 1L << 29; // 2 GiB of floats; a whole body at 1.5 mm is a quarter

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
     * Applies all steps.
     *
     * @return values in [0, 1], {@link #size} voxels
     * @throws IllegalArgumentException with a sentence if there is nothing to learn from: a 2-D image, fewer than 16
     *     voxels on either of the two longer axes or 8 on the shortest, a grid of more than 2^29 voxels after
     *     resampling, NaN or infinite voxels, one value everywhere, or no voxel in the foreground
     */
    public Volume apply(Volume scan) {
        requireUsable(scan);
        Volume volume = window.apply(spaced(Orient.toRas(scan), Interpolation.LINEAR));
        Volume body = Crop.apply(volume, body(volume, scan));
        return size == null ? body : Resize.trilinear(body, size, true);
    }

    /**
     * Applies all steps to a scan and its labels; the foreground is the scan's.
     *
     * @throws IllegalArgumentException as {@link #apply(Volume)}, or with both shapes and the offset if the labels do
     *     not lie on the scan's grid (in whatever orientation)
     */
    public LabelledVolume apply(Volume scan, LabelMap labels) {
        requireUsable(scan);
        Volume ras = Orient.toRas(scan);
        Volume classes = spaced(SameGrid.of(ras, Orient.toRas(labels.toVolume())), Interpolation.NEAREST);
        Volume volume = window.apply(spaced(ras, Interpolation.LINEAR));
        Box box = body(volume, scan);
        Volume body = Crop.apply(volume, box);
        classes = Crop.apply(classes, box);
        return new LabelledVolume(
                size == null ? body : Resize.trilinear(body, size, true),
                LabelMap.of(size == null ? classes : Resize.nearest(classes, size)),
                new Resample.Grid(scan.shape(), scan.affine()));
    }

    private Volume spaced(Volume volume, Interpolation interpolation) {
        if (spacing == null) {
            return volume;
        }
        requireRoom(volume, spacing);
        return Resample.to(volume, spacing, interpolation, false);
    }

    private Box body(Volume windowed, Volume scan) {
        return Foreground.box(windowed, foregroundThreshold)
                .orElseThrow(
                        () -> new IllegalArgumentException("no voxel lies in the foreground: expected values above "
                                + hounsfield() + " HU, found " + range(scan)));
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
    static void requireRoom(Volume volume, Spacing spacing) {
        Shape3 shape =
                Resample.grid(volume.shape(), volume.affine(), spacing, false).shape();
        if (shape.voxels() > MOST_VOXELS) {
            throw new IllegalArgumentException(
                    volume.shape() + " voxels of " + volume.affine().spacing() + " would become " + shape + " of "
                            + spacing + ": expected at most 2^29 voxels");
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
