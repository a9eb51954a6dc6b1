package org.voco4j.volume.format.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;
import org.voco4j.volume.format.dicom.codec.FrameShape;

/**
 * Slices as a volume: at even distances along one line, at right angles to it.
 *
 * <p>Positions alone say how far slices lie apart; what headers say of thickness and spacing counts only for a single slice.
 * Every slice must lie within a tenth of the distance of its even place. A gap, uneven distances and a tilted gantry are refused
 * with their numbers, or resampled by {@link EvenGrid}; several images at one place are always refused.
 *
 * @param slices in order
 * @param shape voxels along rows, columns and slices
 * @param origin the centre of the first voxel, mm in left-posterior-superior
 * @param steps from a voxel to the next along each axis, likewise
 * @param resampled how the slices are resampled; null if they are taken as they are
 * @param missing the identifiers that no file has
 */
public record Stack(
        List<Slice> slices,
        Shape3 shape,
        double[] origin,
        double[][] steps,
        @Nullable EvenGrid resampled,
        List<String> missing) {
    private static final double UNEVEN = 0.1; // of the distance
    private static final double TILT = 0.5; // degrees: below it the volume's axes hold it
    private static final double SIDEWAYS = 0.5; // pixels off the line
    private static final double MOST_GROWN = 4; // a grid of more voxels for one would be made up

    /**
     * Slices of one size and direction as a volume.
     *
     * @param named what to name in a refusal
     * @param fix whether what is uneven or tilted is resampled
     * @throws VolumeFormatException if they are no volume
     */
    public static Stack of(Path named, SeriesSorter.Series series, boolean fix) throws IOException {
        List<Slice> slices = series.slices();
        Set<Path> checked = new HashSet<>();
        for (Slice slice : slices) {
            if (checked.add(slice.frames().path())) {
                slice.frames().check();
            }
        }
        Slice first = slices.get(0);
        if (slices.size() == 1) {
            return single(first, series.missing());
        }
        if (slices.stream().anyMatch(slice -> slice.position() == null)) {
            throw new VolumeFormatException(
                    named, Fault.SLICES, "frames that say where they lie", slices.size() + " without a position");
        }
        StackOrder order = StackOrder.of(slices);
        int repeat = order.firstRepeat();
        if (repeat >= 0) {
            throw repeated(named, order, repeat);
        }
        String fault = fault(order);
        if (fault != null) {
            EvenGrid grid = EvenGrid.of(order);
            double grown = (double) grid.shape().voxels()
                    / slices.size()
                    / first.frames().size();
            if (!fix || grown > MOST_GROWN) {
                throw new VolumeFormatException(
                        named, Fault.SLICES, "slices at even distances, straight above each other", fault);
            }
            return new Stack(order.slices(), grid.shape(), grid.origin(), grid.steps(), grid, series.missing());
        }
        double[] from = StackOrder.known(order.slices().get(0).position());
        double[] to = StackOrder.known(order.slices().get(slices.size() - 1).position());
        double[] step = new double[3];
        for (int i = 0; i < 3; i++) {
            step[i] = (to[i] - from[i]) / (slices.size() - 1);
        }
        return of(order.slices(), from, StackOrder.known(first.orientation()), step, series.missing());
    }

    /** The files, in order of their paths. */
    public List<Path> files() {
        return slices.stream()
                .map(slice -> slice.frames().path())
                .distinct()
                .sorted()
                .toList();
    }

    /** How voxels are stored, for example {@code int16}. */
    public String dataType() {
        FrameShape stored = slices.get(0).frames().shape();
        return (stored.signed() ? "int" : "uint") + stored.bitsAllocated();
    }

    /**
     * All voxels, the last axis fastest, read by some threads.
     *
     * @throws VolumeFormatException if pixels are damaged or end early
     */
    public float[] voxels(int threads) throws IOException {
        return StackVoxels.read(this, threads);
    }

    /**
     * Shows slices one after the other, with the memory of one where they are taken as they are.
     *
     * @throws VolumeFormatException if pixels are damaged or end early
     */
    public void visit(int threads, Visitor visitor) throws IOException {
        StackVoxels.visit(this, threads, visitor);
    }

    /** Takes slices in order. */
    @FunctionalInterface
    public interface Visitor {
        /** One slice, a row after the other; false to stop. */
        boolean visit(float[] slice);
    }

    /** One slice: as deep as it says, else 1 mm; one without a position lies at the origin, as pictures do. */
    private static Stack single(Slice slice, List<String> missing) {
        double[] orientation = slice.orientation() == null ? new double[] {1, 0, 0, 0, 1, 0} : slice.orientation();
        double[] position = slice.position() == null ? new double[3] : slice.position();
        Slice placed = new Slice(
                slice.frames(),
                slice.frame(),
                position,
                orientation,
                slice.spacing(),
                slice.depth(),
                slice.slope(),
                slice.intercept(),
                slice.parts());
        double[] step = StackOrder.of(List.of(placed)).normal();
        double depth = slice.depth() > 0 ? slice.depth() : 1;
        double[] scaled = Arrays.stream(step).map(s -> s * depth).toArray();
        return of(List.of(slice), position, orientation, scaled, missing);
    }

    private static Stack of(
            List<Slice> slices, double[] origin, double[] orientation, double[] step, List<String> missing) {
        Slice first = slices.get(0);
        double[][] steps = steps(orientation, first.spacing(), step);
        Shape3 shape = new Shape3(
                first.frames().shape().columns(), first.frames().shape().rows(), slices.size());
        return new Stack(slices, shape, origin, steps, null, missing);
    }

    /** Along a row from column to column, along a column from row to row, and from slice to slice. */
    static double[][] steps(double[] orientation, double[] spacing, double[] step) {
        double[][] steps = new double[3][3];
        for (int i = 0; i < 3; i++) {
            steps[0][i] = orientation[i] * spacing[1];
            steps[1][i] = orientation[3 + i] * spacing[0];
            steps[2][i] = step[i];
        }
        return steps;
    }

    private static VolumeFormatException repeated(Path named, StackOrder order, int first) {
        int places = 1;
        int here = 1;
        for (int i = 1; i < order.at().length; i++) {
            places += order.isRepeat(i) ? 0 : 1;
        }
        for (int i = first + 1; i < order.at().length && order.isRepeat(i); i++) {
            here++;
        }
        return new VolumeFormatException(
                named,
                Fault.SLICES,
                "one image at each place",
                Words.count(order.at().length, "image") + " at " + Words.count(places, "place") + ": " + here + " at "
                        + Words.of(order.at()[first])
                        + " mm along their normal, and no temporal position or acquisition makes volumes of them");
    }

    /** What keeps slices from being a volume as they are; null if nothing does. */
    private static @Nullable String fault(StackOrder order) {
        double[] at = order.at();
        int n = at.length;
        double even = (at[n - 1] - at[0]) / (n - 1);
        double[] spacing = order.slices().get(0).spacing();
        double acrossRow = order.shift(n - 1, order.row());
        double acrossColumn = order.shift(n - 1, order.column());
        double sideways = 0;
        boolean uneven = false;
        for (int i = 1; i < n; i++) {
            double part = (at[i] - at[0]) / (at[n - 1] - at[0]);
            uneven |= Math.abs(at[i] - at[0] - i * even) > UNEVEN * even;
            sideways = Math.max(sideways, Math.abs(order.shift(i, order.row()) - part * acrossRow) / spacing[1]);
            sideways = Math.max(sideways, Math.abs(order.shift(i, order.column()) - part * acrossColumn) / spacing[0]);
        }
        double tilt = Math.toDegrees(Math.atan2(Math.hypot(acrossRow, acrossColumn), at[n - 1] - at[0]));
        if (uneven) {
            return unevenWords(at);
        }
        if (tilt > TILT) {
            return "a gantry tilted by " + Words.of(tilt) + " degrees: slices shifted by "
                    + Words.of(Math.hypot(acrossRow, acrossColumn)) + " mm over " + Words.of(at[n - 1] - at[0]) + " mm";
        }
        return sideways > SIDEWAYS
                ? "slices shifted sideways by up to " + Words.of(sideways) + " pixels off a straight line"
                : null;
    }

    private static String unevenWords(double[] at) {
        double usual = EvenGrid.usualDistance(at);
        int widest = 1;
        int narrowest = 1;
        for (int i = 1; i < at.length; i++) {
            widest = at[i] - at[i - 1] > at[widest] - at[widest - 1] ? i : widest;
            narrowest = at[i] - at[i - 1] < at[narrowest] - at[narrowest - 1] ? i : narrowest;
        }
        double gap = at[widest] - at[widest - 1];
        long absent = Math.round(gap / usual) - 1;
        boolean whole = absent > 0 && Math.abs(gap - (absent + 1) * usual) < UNEVEN * usual;
        return "distances of " + Words.of(at[narrowest] - at[narrowest - 1]) + " to " + Words.of(gap) + " mm, mostly "
                + Words.of(usual) + ": " + Words.of(gap) + " mm between slices " + widest + " and " + (widest + 1)
                + ", at " + Words.of(at[widest - 1]) + " and " + Words.of(at[widest]) + " mm along their normal"
                + (whole ? ", where " + (absent == 1 ? "1 slice is" : absent + " slices are") + " missing" : "");
    }
}
