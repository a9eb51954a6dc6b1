package org.voco4j.volume.format.dicom;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.voco4j.volume.Affine;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;

/**
 * Where frames of a segmentation lie on a stack of slices at even distances, of which some have several and some none.
 *
 * @param affine (column, row, slice) → RAS+ millimetres
 * @param slices from the first with a frame to the last
 * @param sliceOf the slice of each frame
 */
record FrameStack(Affine affine, int slices, int[] sliceOf) {
    private static final double UNEVEN = 0.1; // of the distance, as slices of a scan may lie
    private static final double EXACT = 0.01; // where nothing is said of the distance
    private static final double SIDEWAYS = 0.5; // pixels
    private static final int MOST = 10_000; // slices; a whole body has 2000

    /**
     * The stack of frames.
     *
     * @throws VolumeFormatException if they lie on none
     */
    static FrameStack of(Path file, List<Slice> frames) throws VolumeFormatException {
        Slice first = frames.get(0);
        for (Slice frame : frames) {
            if (frame.position() == null || !SeriesSorter.isLike(first, frame)) {
                throw new VolumeFormatException(
                        file,
                        Fault.SLICES,
                        "frames that say where they lie, of one direction and one spacing",
                        frame.position() == null ? "one without a position" : "several");
            }
        }
        StackOrder order = StackOrder.of(frames);
        double[] at = order.at();
        double distance = distance(file, order, first.depth());
        int[] sliceOf = new int[frames.size()]; // in order
        for (int i = 1; i < at.length; i++) {
            long further = Math.round((at[i] - at[i - 1]) / distance);
            if (sliceOf[i - 1] + further >= MOST) {
                throw new VolumeFormatException(
                        file,
                        Fault.SLICES,
                        "at most " + MOST + " slices",
                        Words.of(at[at.length - 1] - at[0]) + " mm at a distance of " + Words.of(distance) + " mm");
            }
            sliceOf[i] = sliceOf[i - 1] + (int) further;
        }
        int last = sliceOf[at.length - 1];
        double[] from = StackOrder.known(order.slices().get(0).position());
        double[] to = StackOrder.known(order.slices().get(at.length - 1).position());
        double[] step = new double[3];
        for (int d = 0; d < 3; d++) {
            step[d] = last == 0 ? order.normal()[d] * distance : (to[d] - from[d]) / last;
        }
        requireEven(file, order, sliceOf, step);
        int[] asStored = new int[frames.size()];
        for (int i = 0; i < asStored.length; i++) {
            asStored[order.slices().get(i).frame()] = sliceOf[i];
        }
        double[][] steps = Stack.steps(StackOrder.known(first.orientation()), first.spacing(), step);
        return new FrameStack(ras(steps, from), last + 1, asStored);
    }

    /** What is said, if all gaps are about whole numbers of it; else the smallest gap, if all are whole numbers of that. */
    private static double distance(Path file, StackOrder order, double said) throws VolumeFormatException {
        double[] at = order.at();
        double[] gaps = IntStream.range(1, at.length)
                .filter(i -> !order.isRepeat(i))
                .mapToDouble(i -> at[i] - at[i - 1])
                .toArray();
        if (said > 0 && areMultiples(gaps, said, 2 * UNEVEN)) {
            return said;
        }
        double smallest = Arrays.stream(gaps).min().orElse(0);
        if (smallest == 0 || !areMultiples(gaps, smallest, EXACT)) {
            throw new VolumeFormatException(
                    file,
                    Fault.SLICES,
                    "slices at even distances" + (said > 0 ? ", " + Words.of(said) + " mm as it says" : ""),
                    smallest == 0
                            ? "one slice of no thickness"
                            : "distances of " + Words.of(smallest) + " to "
                                    + Words.of(Arrays.stream(gaps).max().orElse(0)) + " mm");
        }
        return smallest;
    }

    private static boolean areMultiples(double[] gaps, double distance, double tolerance) {
        return Arrays.stream(gaps)
                .map(gap -> gap / distance)
                .allMatch(times -> times > 0.5 && Math.abs(times - Math.rint(times)) < tolerance);
    }

    private static void requireEven(Path file, StackOrder order, int[] sliceOf, double[] step)
            throws VolumeFormatException {
        double distance = StackOrder.dot(order.normal(), step);
        double[] spacing = order.slices().get(0).spacing();
        for (int i = 0; i < sliceOf.length; i++) {
            double off = Math.abs(order.at()[i] - order.at()[0] - sliceOf[i] * distance);
            double across = order.shift(i, order.row()) - sliceOf[i] * StackOrder.dot(order.row(), step);
            double down = order.shift(i, order.column()) - sliceOf[i] * StackOrder.dot(order.column(), step);
            double sideways = Math.max(Math.abs(across) / spacing[1], Math.abs(down) / spacing[0]);
            if (off > UNEVEN * distance || sideways > SIDEWAYS) {
                throw new VolumeFormatException(
                        file,
                        Fault.SLICES,
                        "frames on a line, " + Words.of(distance) + " mm or several times that apart",
                        "frame " + (order.slices().get(i).frame() + 1) + " " + Words.of(off) + " mm and "
                                + Words.of(sideways) + " pixels beside its place");
            }
        }
    }

    private static Affine ras(double[][] steps, double[] origin) {
        double[] rows = new double[12];
        for (int row = 0; row < 3; row++) {
            double sign = row == 2 ? 1 : -1; // the patient's left and back are behind 0
            for (int axis = 0; axis < 3; axis++) {
                rows[row * 4 + axis] = sign * steps[axis][row];
            }
            rows[row * 4 + 3] = sign * origin[row];
        }
        return Affine.ofRows(Arrays.stream(rows).map(value -> value + 0.0).toArray()); // no -0
    }
}
