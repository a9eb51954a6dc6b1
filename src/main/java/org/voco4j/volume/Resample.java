package org.voco4j.volume;

/**
 * Brings a volume to a given spacing in millimetres; directions stay, and so does the centre of the first voxel unless a
 * shear makes others lie before it.
 *
 * <p>The new grid: with A = Q·R (Q orthonormal, R upper triangular with a positive diagonal; shear is dropped) the new
 * affine is Q·diag(spacing), and the number of voxels along an axis round(ptp(corners) + 1), where the corners are the
 * centres of the corner voxels in new indices. The first new voxel lies at min(corners), so the box holds every voxel centre
 * of the scan: as a rotation turns Q along, that is voxel 0 for all but sheared scans, and for those as well whose shear
 * leans toward growing indices (a gantry tilted the other way leans back). New voxel j is read at A⁻¹·A'·j, clamped to
 * the volume. An axis whose spacing is already right to 1e-3 mm keeps it, and a grid that does not change is not
 * resampled.
 *
 * <p>Source: MONAI {@code Spacing} with its defaults (diagonal=False, border padding, sums in float64), but for where sheared
 * grids begin: MONAI (from 1.0.1 on) takes the corner voxel that is smallest along all axes, and where it finds none centres
 * the new grid on A·(shape / 2). Which of the two, a difference of 1e-8 voxels decides, as headers have by rounding; and the
 * second lies up to half a new voxel from what is done here. Older versions took voxel 0 then, and lost what lies before it.
 */
public final class Resample {
    private static final double AFFINE_TOLERANCE = 1e-3; // millimetres, MONAI's AFFINE_TOL
    private static final double DIAGONAL_TOLERANCE = 1e-4; // voxels: float32 headers are not orthogonal to more

    /** How values between voxels are made. */
    public enum Interpolation {
        /** Trilinear, for images. */
        LINEAR,
        /** The closest voxel, for label maps. */
        NEAREST
    }

    /**
     * A grid of voxels in the patient.
     *
     * @param shape the number of voxels
     * @param affine voxel index → RAS+ millimetres
     */
    public record Grid(Shape3 shape, Affine affine) {}

    private Resample() {}

    /** To the given spacing, trilinear. */
    public static Volume to(Volume volume, Spacing spacing) {
        return to(volume, spacing, Interpolation.LINEAR, false);
    }

    /**
     * To the given spacing.
     *
     * @param volume what to resample
     * @param spacing the distance between voxels afterwards; to keep an axis give {@code affine().spacing().along(axis)}
     * @param interpolation LINEAR for images, NEAREST for labels
     * @param scaleExtent keep the outer voxel borders instead of the corner voxels' centres
     */
    public static Volume to(Volume volume, Spacing spacing, Interpolation interpolation, boolean scaleExtent) {
        Grid old = new Grid(volume.shape(), volume.affine());
        Grid grid = grid(volume.shape(), volume.affine(), spacing, scaleExtent);
        return isSame(old, grid) ? volume : onto(volume, grid, interpolation);
    }

    /** Whether a grid is so close to another that nothing is resampled. */
    static boolean isSame(Grid a, Grid b) {
        return a.shape().equals(b.shape()) && close(a.affine(), b.affine());
    }

    /** The grid that {@link #to} brings a volume to. */
    public static Grid grid(Shape3 shape, Affine affine, Spacing target, boolean scaleExtent) {
        Spacing old = affine.spacing();
        double[] mm = new double[3];
        for (int d = 0; d < 3; d++) {
            boolean already = Math.abs(old.along(d) - target.along(d)) <= AFFINE_TOLERANCE;
            mm[d] = already ? old.along(d) : target.along(d);
        }
        Affine turned = orthogonal(affine, mm);
        Affine toNew = turned.inverse().times(affine); // old index → new index, up to a shift
        int[] size = new int[3];
        double[] before = new double[3]; // new voxels: how far the smallest corner lies before voxel 0
        for (int d = 0; d < 3; d++) {
            double extent = 0; // of the box of corner voxels: a sum, since every corner is there
            for (int in = 0; in < 3; in++) {
                double step = toNew.at(d, in) * (shape.along(in) - (scaleExtent ? 0 : 1));
                extent += Math.abs(step);
                before[d] -= Math.min(step, 0);
            }
            before[d] = before[d] > DIAGONAL_TOLERANCE ? before[d] : 0;
            double voxels = Math.rint(extent + (scaleExtent ? 0 : 1));
            size[d] = (int) Math.min(Math.max(voxels, 1), Integer.MAX_VALUE);
        }
        Shape3 newShape = new Shape3(size[0], size[1], size[2]);
        double[] first = new double[3]; // where the first new voxel lies, in old indices
        for (int d = 0; d < 3 && scaleExtent; d++) {
            first[d] = 0.5 * (shape.along(d) / (double) size[d] - 1);
        }
        double[] origin = affine.apply(first[0], first[1], first[2]);
        for (int d = 0; d < 3; d++) {
            for (int r = 0; r < 3 && before[d] > 0; r++) {
                origin[r] -= turned.at(r, d) * before[d];
            }
        }
        return new Grid(newShape, withOrigin(turned, origin));
    }

    /** The volume's values on another grid, whatever its directions; outside the volume its border is repeated. */
    public static Volume onto(Volume volume, Grid grid, Interpolation interpolation) {
        Shape3 in = volume.shape();
        Shape3 shape = grid.shape();
        if (shape.voxels() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a volume of " + shape + " does not fit into one array (2^31 voxels)");
        }
        float[] out = new float[(int) shape.voxels()];
        Affine map = volume.affine().inverse().times(grid.affine()); // new index → old index
        if (isDiagonal(map, shape)) {
            AxisSamples[] taps = taps(in, shape, map, interpolation);
            AxisSamples.sample(volume.voxels(), in, 0, 0, 0, taps[0], taps[1], taps[2], out, 0);
        } else {
            oblique(volume, map, shape, interpolation, out);
        }
        return new Volume(shape, grid.affine(), out);
    }

    /** The tables of a map along the axes, one per axis. */
    static AxisSamples[] taps(Shape3 in, Shape3 out, Affine map, Interpolation interpolation) {
        AxisSamples[] taps = new AxisSamples[3];
        for (int d = 0; d < 3; d++) {
            taps[d] = interpolation == Interpolation.LINEAR
                    ? AxisSamples.linear(in.along(d), out.along(d), map.at(d, d), map.at(d, 3))
                    : AxisSamples.nearest(in.along(d), out.along(d), map.at(d, d), map.at(d, 3));
        }
        return taps;
    }

    /** The general path: any map, eight reads per voxel. */
    static void oblique(Volume volume, Affine map, Shape3 shape, Interpolation interpolation, float[] out) {
        StridedVoxels voxels = StridedVoxels.of(volume);
        int plane = shape.y() * shape.z();
        for (int x = 0; x < shape.x(); x++) {
            oblique(voxels, map, x, 0, shape.y(), shape.z(), interpolation, out, x * plane);
        }
    }

    /** Rows {@code y0} to before {@code y1}, each of {@code length} voxels, of plane x of the new grid. */
    static void oblique(
            StridedVoxels in,
            Affine map,
            int x,
            int y0,
            int y1,
            int length,
            Interpolation interpolation,
            float[] out,
            int offset) {
        boolean linear = interpolation == Interpolation.LINEAR;
        double[] at = new double[3];
        int write = offset;
        for (int y = y0; y < y1; y++) {
            for (int z = 0; z < length; z++) {
                for (int d = 0; d < 3; d++) {
                    double p = map.at(d, 0) * x + map.at(d, 1) * y + map.at(d, 2) * z + map.at(d, 3);
                    at[d] = Math.min(Math.max(p, 0), in.shape().along(d) - 1);
                }
                out[write++] = linear
                        ? blend(in, at)
                        : in.at((int) Math.rint(at[0]), (int) Math.rint(at[1]), (int) Math.rint(at[2]));
            }
        }
    }

    private static float blend(StridedVoxels in, double[] at) {
        double sum = 0;
        for (int corner = 0; corner < 8; corner++) {
            double weight = 1;
            int index = in.first();
            for (int d = 0; d < 3; d++) {
                int low = (int) at[d];
                boolean upper = (corner >> d & 1) == 1;
                weight *= upper ? at[d] - low : 1 - (at[d] - low);
                index += Math.min(upper ? low + 1 : low, in.shape().along(d) - 1) * in.stride(d);
            }
            sum += weight * in.value(index);
        }
        return (float) sum;
    }

    static boolean isDiagonal(Affine map, Shape3 shape) {
        for (int d = 0; d < 3; d++) {
            double drift = 0;
            for (int other = 0; other < 3; other++) {
                drift += other == d ? 0 : Math.abs(map.at(d, other)) * shape.along(other);
            }
            if (drift > DIAGONAL_TOLERANCE || map.at(d, d) <= 0) {
                return false;
            }
        }
        return true;
    }

    /** Q·diag(mm) of A = Q·R by Gram-Schmidt, with the origin at 0. */
    private static Affine orthogonal(Affine affine, double[] mm) {
        double[] rows = new double[12];
        double[][] q = new double[3][3];
        for (int c = 0; c < 3; c++) {
            for (int r = 0; r < 3; r++) {
                q[c][r] = affine.at(r, c);
            }
            for (int done = 0; done < c; done++) {
                double along = dot(q[done], q[c]);
                for (int r = 0; r < 3; r++) {
                    q[c][r] -= along * q[done][r];
                }
            }
            double length = Math.sqrt(dot(q[c], q[c]));
            for (int r = 0; r < 3; r++) {
                q[c][r] /= length;
                rows[r * 4 + c] = q[c][r] * mm[c];
            }
        }
        return Affine.ofRows(rows);
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    private static Affine withOrigin(Affine affine, double[] origin) {
        double[] rows = new double[12];
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 3; c++) {
                rows[r * 4 + c] = affine.at(r, c);
            }
            rows[r * 4 + 3] = origin[r];
        }
        return Affine.ofRows(rows);
    }

    private static boolean close(Affine a, Affine b) {
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 4; c++) {
                if (Math.abs(a.at(r, c) - b.at(r, c)) > AFFINE_TOLERANCE) {
                    return false;
                }
            }
        }
        return true;
    }
}
