package org.voco4j.volume.format.dicom;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.voco4j.volume.Affine;
import org.voco4j.volume.VolumeFormatException;

/**
 * Where frames of a segmentation lie on a stack of slices at equal distances, of which some may have no frame.
 *
 * @param affine (column, row, slice) → RAS+ millimetres
 * @param slices from the first with a frame to the last
 * @param sliceOf the slice of each frame
 */
record FrameStack(Affine affine, int slices, int[] sliceOf) {
    private static final double TOLERANCE = 0.01; // of the distance of two slices: positions are decimal text
    private static final int MOST = 10_000; // slices; a whole body has 2000

    /**
     * The stack of frames.
     *
     * @throws VolumeFormatException if they lie on none
     */
    static FrameStack of(Path file, List<FrameGeometry> frames) throws VolumeFormatException {
        double[] orientation = frames.get(0).orientation();
        double[] spacing = frames.get(0).spacing();
        double[] across = cross(orientation);
        double[] along = new double[frames.size()]; // of each frame, along the normal
        int lowest = 0;
        int highest = 0;
        for (int i = 0; i < along.length; i++) {
            FrameGeometry frame = frames.get(i);
            if (differ(frame.orientation(), orientation, 1e-4) || differ(frame.spacing(), spacing, 1e-6)) {
                throw new VolumeFormatException(
                        file, "frames of one direction and one spacing", "others in frame " + (i + 1));
            }
            along[i] = dot(across, frame.position());
            lowest = along[i] < along[lowest] ? i : lowest;
            highest = along[i] > along[highest] ? i : highest;
        }
        double step = step(file, frames.get(0).distance(), along.clone());
        long last = Math.round((along[highest] - along[lowest]) / step);
        if (last >= MOST) {
            throw new VolumeFormatException(
                    file, "at most " + MOST + " slices", (last + 1) + " at a distance of " + step + " mm");
        }
        double[] from = frames.get(lowest).position();
        double[] to = frames.get(highest).position();
        double[][] axes = new double[3][3];
        for (int d = 0; d < 3; d++) {
            axes[0][d] = orientation[d] * spacing[1];
            axes[1][d] = orientation[3 + d] * spacing[0];
            axes[2][d] = last == 0 ? across[d] * step : (to[d] - from[d]) / last;
        }
        int[] sliceOf = new int[along.length];
        for (int i = 0; i < along.length; i++) {
            sliceOf[i] = (int) Math.round((along[i] - along[lowest]) / step);
            double[] at = frames.get(i).position();
            double off = 0;
            for (int d = 0; d < 3; d++) {
                off += Math.pow(at[d] - from[d] - sliceOf[i] * axes[2][d], 2);
            }
            if (Math.sqrt(off) > TOLERANCE * step) {
                throw new VolumeFormatException(
                        file,
                        String.format(Locale.ROOT, "frames on a line, %.4f mm or several times that apart", step),
                        String.format(Locale.ROOT, "frame %d %.4f mm beside its place", i + 1, Math.sqrt(off)));
            }
        }
        return new FrameStack(ras(file, axes, from), (int) last + 1, sliceOf);
    }

    /** What is said, if it is and all gaps are whole numbers of it, else the smallest gap. */
    private static double step(Path file, double said, double[] along) throws VolumeFormatException {
        Arrays.sort(along);
        List<Double> gaps = new ArrayList<>();
        for (int i = 1; i < along.length; i++) {
            double gap = along[i] - along[i - 1];
            if (gap > 1e-3) {
                gaps.add(gap);
            }
        }
        boolean fits =
                said > 0 && gaps.stream().allMatch(gap -> Math.abs(gap / said - Math.rint(gap / said)) < TOLERANCE);
        if (fits) {
            return said;
        }
        return gaps.stream()
                .min(Double::compare)
                .orElseThrow(
                        () -> new VolumeFormatException(file, "the distance of slices, or their thickness", "neither"));
    }

    private static Affine ras(Path file, double[][] axes, double[] origin) throws VolumeFormatException {
        double[] rows = new double[12];
        for (int row = 0; row < 3; row++) {
            double sign = row == 2 ? 1 : -1; // left to right, posterior to anterior
            for (int axis = 0; axis < 3; axis++) {
                rows[row * 4 + axis] = sign * axes[axis][row] + 0.0; // no -0
            }
            rows[row * 4 + 3] = sign * origin[row] + 0.0;
        }
        Affine affine = Affine.ofRows(rows);
        if (!(Math.abs(affine.determinant()) > 1e-12)) {
            throw new VolumeFormatException(file, "frames that span a volume", "directions and spacing " + affine);
        }
        return affine;
    }

    private static double[] cross(double[] o) {
        return new double[] {o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5], o[0] * o[4] - o[1] * o[3]};
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    private static boolean differ(double[] a, double[] b, double tolerance) {
        for (int i = 0; i < a.length; i++) {
            if (!(Math.abs(a[i] - b[i]) <= tolerance)) {
                return true;
            }
        }
        return false;
    }
}
