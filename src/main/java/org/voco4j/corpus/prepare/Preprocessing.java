package org.voco4j.corpus.prepare;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.GridSize;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.Intensity;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Planes;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Resample.Interpolation;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

/**
 * From a scan as stored to what is trained on (paper, Table 9): RAS+, spacing, an intensity law (window to [0, 1]), crop to
 * the foreground or to the body, trilinear resize with aligned corners; the same geometry for every channel.
 *
 * <p>With a window the foreground are the voxels above a threshold afterwards; with a law that is measured on each scan, as
 * MR needs one, those that are not 0 before it. In either case one channel is enough. What a law measures, it measures on
 * the voxels as stored.
 *
 * <p>A label map goes the same way by nearest neighbours and ends on the image's grid.
 *
 * @param spacing millimetres to resample to, or null to keep each scan's own (the released loader)
 * @param intensity what becomes of the values
 * @param foregroundThreshold windowed value above which a voxel is body (paper 0, released code 0.3); 0 without a window
 * @param cut what the scan is cut to
 * @param size voxels afterwards, or null to keep those of the cut
 */
public record Preprocessing(
        @Nullable Spacing spacing,
        Intensity intensity,
        double foregroundThreshold,
        Cut cut,
        @Nullable GridSize size) {
    /** To be raised when the same file comes out with other numbers: what was cached before is then made anew. */
    public static final int REVISION = 3;

    private static final int LEAST = 16; // voxels on the two longer axes
    public static final long MOST_VOXELS = 1L << 29; // 2 GiB of floats; a whole body at 1.5 mm is a quarter

    /** What a scan is cut to. */
    public enum Cut {
        /** The box of all voxels above the threshold (paper); on a CT the table is in it. */
        FOREGROUND,
        /** The box of the largest thing above the threshold: the body without table, blankets and arms that lie apart. */
        BODY
    }

    /** Cut to all foreground. */
    public Preprocessing(
            @Nullable Spacing spacing, Intensity intensity, double foregroundThreshold, @Nullable Shape3 size) {
        this(spacing, intensity, foregroundThreshold, Cut.FOREGROUND, size == null ? null : GridSize.of(size));
    }

    /** The same without a size: voxels stay as spacing leaves them. */
    public Preprocessing unsized() {
        return new Preprocessing(spacing, intensity, foregroundThreshold, cut, null);
    }

    /**
     * Checks the threshold.
     *
     * @throws IllegalArgumentException unless 0 ≤ threshold &lt; 1, and 0 where there is no window
     */
    public Preprocessing {
        if (!(foregroundThreshold >= 0 && foregroundThreshold < 1)) {
            throw new IllegalArgumentException(
                    "the foreground threshold is a windowed value from 0 to below 1, not " + foregroundThreshold);
        }
        if (foregroundThreshold > 0 && !(intensity instanceof HuWindow)) {
            throw new IllegalArgumentException("the foreground threshold is a windowed value, so it must be 0 with "
                    + intensity + ", not " + foregroundThreshold);
        }
    }

    /**
     * A prepared scan.
     *
     * @param image its channels
     * @param labels classes on the image's grid, or null if none were given
     * @param back from there to the scan's own grid
     */
    public record Prepared(Channels image, @Nullable LabelMap labels, InversePreprocessing back) {

        /**
         * Image and labels together.
         *
         * @throws IllegalStateException if there are no labels
         */
        public LabelledVolume labelled() {
            if (labels == null) {
                throw new IllegalStateException("a scan without labels");
            }
            return new LabelledVolume(image, labels, back);
        }
    }

    /** How many axes scans have: 2, that is one slice, where they are brought to a size of one slice. */
    public int dims() {
        return size != null && Objects.equals(size.z(), 1) ? 2 : 3;
    }

    /**
     * Applies all steps to a scan of one channel.
     *
     * @return {@link #size} voxels
     * @throws IllegalArgumentException with a sentence if there is nothing to learn from: a 2-D image (several slices, if
     *     {@link #dims} is 2), fewer than 16 voxels on either of the two longer axes, a grid of more than 2^29 voxels after
     *     resampling, NaN or infinite voxels, one value everywhere, or no voxel in the foreground
     */
    public Volume apply(Volume scan) {
        return prepare(Channels.of(scan), null, 1).image().single();
    }

    /**
     * Applies all steps to a scan of one channel and its labels; the foreground is the scan's.
     *
     * @throws IllegalArgumentException as {@link #apply(Volume)}, or with both shapes and the offset if the labels do
     *     not lie on the scan's grid (in whatever orientation)
     */
    public LabelledVolume apply(Volume scan, LabelMap labels) {
        return prepare(Channels.of(scan), labels, 1).labelled();
    }

    /**
     * Applies all steps, a plane at a time, so that nothing between scan and result lies in memory as a whole.
     *
     * @param labels of the scan, or null
     * @param threads that share the work; their number changes no bit
     * @throws IllegalArgumentException as {@link #apply(Volume, LabelMap)}
     */
    public Prepared prepare(Channels scan, @Nullable LabelMap labels, int threads) {
        requireUsable(scan);
        List<Intensity.Curve> curves = intensity.curves(scan);
        List<Planes> spaced = new ArrayList<>();
        for (Volume channel : scan.volumes()) {
            spaced.add(spaced(Planes.of(channel), Interpolation.LINEAR));
        }
        Planes first = Planes.of(scan.volumes().get(0));
        Planes classes = labels == null ? null : Planes.of(labels);
        if (classes != null) {
            SameGrid.require(first.grid(), classes.grid());
            classes = spaced(classes.at(first.grid().affine()), Interpolation.NEAREST);
        }
        List<Planes> valued = new ArrayList<>();
        for (int c = 0; c < spaced.size(); c++) {
            valued.add(spaced.get(c).valued(curves.get(c)));
        }
        Box box = body(intensity instanceof HuWindow ? valued : spaced, threads)
                .orElseThrow(() -> new IllegalArgumentException("no voxel lies in the foreground: " + missing(scan)));
        Resample.Grid prepared = null;
        List<Volume> ready = new ArrayList<>();
        for (Planes channel : valued) {
            Planes body = channel.cropped(box);
            Planes sized = sized(body, Interpolation.LINEAR);
            prepared = sized.grid();
            ready.add(sized.volume(threads));
        }
        InversePreprocessing back = new InversePreprocessing(
                new Resample.Grid(scan.shape(), scan.affine()),
                spaced.get(0).grid(),
                box,
                Objects.requireNonNull(prepared, "a scan has at least one channel"));
        return new Prepared(new Channels(ready), classes == null ? null : labels(classes.cropped(box), threads), back);
    }

    /** The box of the voxels that are foreground in some channel. */
    private Optional<Box> body(List<Planes> channels, int threads) {
        Optional<Box> body = Optional.empty();
        for (Planes channel : channels) {
            Planes marked = intensity instanceof HuWindow ? channel : channel.valued(Preprocessing::mark);
            Optional<Box> own = cut == Cut.BODY
                    ? marked.body(foregroundThreshold, threads)
                    : marked.foreground(foregroundThreshold, threads);
            body = body.isPresent() && own.isPresent() ? Optional.of(body.get().with(own.get())) : body.or(() -> own);
        }
        return body;
    }

    private static void mark(float[] values, int begin, int end) {
        for (int i = begin; i < end; i++) {
            values[i] = values[i] == 0 ? 0 : 1;
        }
    }

    private LabelMap labels(Planes body, int threads) {
        return sized(body, Interpolation.NEAREST).labels(threads);
    }

    private Planes sized(Planes body, Interpolation interpolation) {
        return size == null ? body : body.resized(size.from(body.grid().shape()), interpolation);
    }

    private Planes spaced(Planes planes, Interpolation interpolation) {
        if (spacing == null) {
            return planes;
        }
        requireRoom(planes.grid(), spacing);
        return planes.spaced(spacing, interpolation);
    }

    private String missing(Channels scan) {
        if (!(intensity instanceof HuWindow window)) {
            return "every voxel of every channel is 0";
        }
        double hounsfield = window.low() + foregroundThreshold * (window.high() - window.low());
        return "expected values above " + hounsfield + " HU, found " + range(scan);
    }

    /** Refuses shapes that are no scan of so many axes; see {@link #apply}. */
    public static void requireShape(Shape3 shape, int dims) {
        if (dims == 2) {
            if (shape.z() != 1 || shape.x() < LEAST || shape.y() < LEAST) {
                throw new IllegalArgumentException(shape + " is not a 2-D image: expected one slice of at least "
                        + LEAST + "x" + LEAST + " pixels");
            }
            return;
        }
        int shortest = Math.min(shape.x(), Math.min(shape.y(), shape.z()));
        int middle = Math.max(Math.min(shape.x(), shape.y()), Math.min(Math.max(shape.x(), shape.y()), shape.z()));
        if (shortest < 2) {
            throw new IllegalArgumentException(shape + " is a 2-D image, expected a 3-D scan");
        }
        if (middle < LEAST) {
            throw new IllegalArgumentException(
                    shape + " is too small: expected at least " + LEAST + " voxels on two axes");
        }
    }

    private void requireUsable(Channels scan) {
        requireShape(scan.shape(), dims());
        for (Volume channel : scan.volumes()) {
            HuWindow.requireFinite(channel);
        }
        float first = scan.volumes().get(0).voxels()[0];
        for (Volume channel : scan.volumes()) {
            for (float value : channel.voxels()) {
                if (value != first) {
                    return;
                }
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

    private static String range(Channels scan) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (Volume channel : scan.volumes()) {
            for (float value : channel.voxels()) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        return low + " … " + high;
    }
}
