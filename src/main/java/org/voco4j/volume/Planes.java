package org.voco4j.volume;

import java.util.Optional;
import java.util.function.Supplier;
import org.voco4j.volume.Resample.Grid;
import org.voco4j.volume.Resample.Interpolation;

/**
 * A volume in RAS+ that is made plane by plane: plane x, the voxels (x, ·, ·), comes from the one or two planes that it
 * needs of the volume before it, and no volume in between exists as a whole.
 *
 * <p>Every step gives what it gives for a whole volume ({@link Orient}, {@link Resample}, {@link Intensity}, {@link
 * Crop}, {@link Resize}) to the last bit: the same sums in the same order, rounded to float in the same places. So the
 * number of threads changes no bit either. Memory beside source and result: two planes per step and thread.
 */
public final class Planes {
    /** One reader's way through a volume; fastest where x grows. Not for several threads. */
    interface Cursor {
        /** Writes rows {@code y0} to before {@code y1} of plane x, each as long as the z axis, from {@code offset} on. */
        void rows(int x, int y0, int y1, float[] out, int offset);
    }

    private final StridedVoxels stored;
    private final Grid grid;
    private final boolean asStored; // oriented, nothing else
    private final Supplier<Cursor> cursors;

    private Planes(StridedVoxels stored, Grid grid, boolean asStored, Supplier<Cursor> cursors) {
        this.stored = stored;
        this.grid = grid;
        this.asStored = asStored;
        this.cursors = cursors;
    }

    private static Planes of(StridedVoxels stored, Affine affine) {
        return new Planes(stored, new Grid(stored.shape(), affine), true, () -> stored::rows);
    }

    private Planes then(Grid after, Supplier<Cursor> made) {
        return new Planes(stored, after, false, made);
    }

    /** A volume turned to RAS+. */
    public static Planes of(Volume volume) {
        StridedVoxels stored = StridedVoxels.ras(volume);
        return of(stored, stored.affine());
    }

    /** A label map turned to RAS+; its classes are the values. */
    public static Planes of(LabelMap labels) {
        StridedVoxels stored = StridedVoxels.ras(labels);
        return of(stored, stored.affine());
    }

    /** The number of voxels, and where they lie. */
    public Grid grid() {
        return grid;
    }

    /**
     * The same values said to lie elsewhere.
     *
     * @throws IllegalStateException if anything but the orientation was changed already
     */
    public Planes at(Affine affine) {
        requireStored();
        return of(stored, affine);
    }

    /**
     * Resampled, as {@link Resample#to} does it.
     *
     * @throws IllegalStateException if anything but the orientation was changed already
     */
    public Planes spaced(Spacing spacing, Interpolation interpolation) {
        requireStored();
        Grid to = Resample.grid(grid.shape(), grid.affine(), spacing, false);
        if (Resample.isSame(grid, to)) {
            return this;
        }
        Affine map = grid.affine().inverse().times(to.affine()); // new index → old index
        if (Resample.isDiagonal(map, to.shape())) {
            return then(to, sampled(Resample.taps(grid.shape(), to.shape(), map, interpolation)));
        }
        int length = to.shape().z();
        Cursor oblique =
                (x, y0, y1, out, at) -> Resample.oblique(stored, map, x, y0, y1, length, interpolation, out, at);
        return then(to, () -> oblique);
    }

    private void requireStored() {
        if (!asStored) {
            throw new IllegalStateException("a grid is changed before anything else is");
        }
    }

    /** With new values, as {@link Intensity#apply} gives them; the values have to be finite. */
    public Planes valued(Intensity.Curve curve) {
        int length = grid.shape().z();
        return then(grid, () -> {
            Cursor before = cursors.get();
            return (x, y0, y1, out, at) -> {
                before.rows(x, y0, y1, out, at);
                curve.apply(out, at, at + (y1 - y0) * length);
            };
        });
    }

    /**
     * The part inside a box, as {@link Crop#apply} cuts it.
     *
     * @throws IllegalArgumentException if they do not overlap
     */
    public Planes cropped(Box wanted) {
        Shape3 in = grid.shape();
        Box box = Crop.clip(wanted, in);
        if (box.equals(Box.of(in))) {
            return this;
        }
        Affine affine = grid.affine().times(Affine.translation(box.x0(), box.y0(), box.z0()));
        int length = box.shape().z();
        return then(new Grid(box.shape(), affine), () -> {
            Cursor before = cursors.get();
            float[] whole = new float[in.z() == length ? 0 : box.shape().y() * in.z()];
            return (x, y0, y1, out, at) -> {
                if (in.z() == length) {
                    before.rows(x + box.x0(), y0 + box.y0(), y1 + box.y0(), out, at);
                    return;
                }
                before.rows(x + box.x0(), y0 + box.y0(), y1 + box.y0(), whole, 0);
                for (int y = 0; y < y1 - y0; y++) {
                    System.arraycopy(whole, y * in.z() + box.z0(), out, at + y * length, length);
                }
            };
        });
    }

    /** Resized, trilinear with aligned corners or nearest, as {@link Resize} does both. */
    public Planes resized(Shape3 target, Interpolation interpolation) {
        Shape3 in = grid.shape();
        if (target.equals(in)) {
            return this;
        }
        AxisSamples[] taps = new AxisSamples[3];
        for (int d = 0; d < 3; d++) {
            taps[d] = interpolation == Interpolation.LINEAR
                    ? AxisSamples.resize(in.along(d), target.along(d), true)
                    : AxisSamples.floor(in.along(d), target.along(d));
        }
        return then(new Grid(target, Resize.affine(in, grid.affine(), target)), sampled(taps));
    }

    private Supplier<Cursor> sampled(AxisSamples[] taps) {
        return () -> new SampledPlanes(cursors.get(), grid.shape(), taps[0], taps[1], taps[2]);
    }

    /**
     * The box of the voxels above a threshold, as {@link Foreground#box}; empty if there is none.
     *
     * <p>Planes are taken from both ends inward, and what lies inside the box found so far is not made: it cannot widen it.
     */
    public Optional<Box> foreground(double threshold, int threads) {
        Shape3 shape = grid.shape();
        BoundingBox extent = new BoundingBox(shape);
        ParallelRange.each(shape.x(), threads, () -> {
            Cursor cursor = cursors.get();
            float[] rows = new float[shape.y() * shape.z()];
            return i -> extent.look(cursor, i % 2 == 0 ? i / 2 : shape.x() - 1 - i / 2, rows, threshold);
        });
        return extent.box();
    }

    /** The box of the largest thing above a threshold, without what lies apart from it ({@link BodyBox}); empty if there is none. */
    public Optional<Box> body(double threshold, int threads) {
        return foreground(threshold, threads).map(box -> BodyBox.of(this, threshold, box, threads));
    }

    Cursor cursor() {
        return cursors.get();
    }

    /** The whole volume. */
    public Volume volume(int threads) {
        float[] out = new float[Math.toIntExact(grid.shape().voxels())];
        int plane = grid.shape().y() * grid.shape().z();
        ParallelRange.blocks(grid.shape().x(), threads, () -> {
            Cursor cursor = cursors.get();
            return x -> cursor.rows(x, 0, grid.shape().y(), out, x * plane);
        });
        return new Volume(grid.shape(), grid.affine(), out);
    }

    /** The whole label map, of values that are classes. */
    public LabelMap labels(int threads) {
        byte[] out = new byte[Math.toIntExact(grid.shape().voxels())];
        int plane = grid.shape().y() * grid.shape().z();
        ParallelRange.blocks(grid.shape().x(), threads, () -> {
            Cursor cursor = cursors.get();
            float[] values = new float[plane];
            return x -> {
                cursor.rows(x, 0, grid.shape().y(), values, 0);
                for (int i = 0; i < plane; i++) {
                    out[x * plane + i] = (byte) values[i];
                }
            };
        });
        return new LabelMap(grid.shape(), grid.affine(), out);
    }
}
