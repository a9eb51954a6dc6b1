package org.voco4j.program.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Case;
import org.voco4j.corpus.DataSet;
import org.voco4j.corpus.Finding;
import org.voco4j.file.FileReason;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.volume.Orient;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.VolumeHeader;

/**
 * What a data set is like: the numbers that a recipe for it follows from.
 *
 * <p>Sizes and spacings are of all scans, in the order right, anterior, superior; intensities are of at most eight scans,
 * evenly spread.
 *
 * @param scans how many can be read
 * @param patients whose they are
 * @param voxels along each axis
 * @param millimetres between voxels, along each axis
 * @param extent in millimetres, along each axis
 * @param intensity of voxels: 0.5 % lie below the first, half below the second, 99.5 % below the third
 * @param hounsfield whether intensities are those of a CT: down to air, and not below its padding
 */
public record Fingerprint(
        int scans,
        int patients,
        List<Spread> voxels,
        List<Spread> millimetres,
        List<Spread> extent,
        Spread intensity,
        boolean hounsfield) {
    private static final int READ = 8; // scans of which voxels are looked at
    private static final int SAMPLE = 20_000; // voxels of each of them, at most
    private static final double AIR = -900; // HU
    private static final double PADDING = -4096; // below that of any CT
    private static final List<String> AXES = List.of("RL", "AP", "SI");

    /** A low, a middle and a high one of many numbers. */
    public record Spread(double low, double middle, double high) {

        /** The quantiles {@code share}, ½ and 1 − {@code share}. */
        static Spread of(double[] values, double share) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            return new Spread(at(sorted, share), at(sorted, 0.5), at(sorted, 1 - share));
        }

        private static double at(double[] sorted, double share) {
            return sorted[(int) Math.round(share * (sorted.length - 1))];
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s (%s to %s)", word(middle), word(low), word(high));
        }

        private static String word(double value) {
            return Math.rint(value) == value
                    ? Long.toString((long) value)
                    : String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.0f", value);
        }
    }

    /**
     * Looks at a data set; what cannot be read is said and left out.
     *
     * @param paths folders, lists or files
     * @param groups a CSV that says which files are of one patient, or null
     * @throws UsageException if nothing is there or can be read
     */
    public static Fingerprint of(List<Path> paths, @Nullable Path groups, RunLog log) {
        DataSet data = OpenedData.opened(() -> DataSet.open(paths, groups));
        VolumeFormat format = Formats.any();
        List<Case> readable = new ArrayList<>();
        List<VolumeHeader> headers = new ArrayList<>();
        for (Case scan : data.cases()) {
            try {
                headers.add(format.header(scan.file()));
                readable.add(scan);
            } catch (IOException unreadable) {
                log.warn("Left out: " + FileReason.of(unreadable));
            }
        }
        double[] sample = OpenedData.spread(readable, READ).stream()
                .flatMapToDouble(scan -> Arrays.stream(sample(scan, format, log)))
                .toArray();
        if (sample.length == 0) {
            throw new UsageException("there is no scan to plan for in "
                    + String.join(", ", paths.stream().map(Path::toString).toList())
                    + Finding.reason(data.findings()));
        }
        double least = Arrays.stream(sample).min().orElseThrow();
        return new Fingerprint(
                readable.size(),
                (int) readable.stream().map(Case::patient).distinct().count(),
                axes(headers, (header, axis) -> header.shape().along(axis)),
                axes(headers, (header, axis) -> header.affine().spacing().along(axis)),
                axes(
                        headers,
                        (header, axis) -> header.shape().along(axis)
                                * header.affine().spacing().along(axis)),
                Spread.of(sample, 0.005),
                least <= AIR && least >= PADDING);
    }

    /** Voxels of a scan at even distances. */
    private static double[] sample(Case scan, VolumeFormat format, RunLog log) {
        try {
            float[] voxels = format.read(scan.file()).voxels();
            int every = Math.max(1, voxels.length / SAMPLE);
            return IntStream.range(0, voxels.length / every)
                    .mapToDouble(i -> voxels[i * every])
                    .filter(Double::isFinite)
                    .toArray();
        } catch (IOException unreadable) {
            log.warn("Left out: " + FileReason.of(unreadable));
            return new double[0];
        }
    }

    private static List<Spread> axes(List<VolumeHeader> headers, ToDoubleBiFunction<VolumeHeader, Integer> number) {
        return AXES.stream()
                .map(letters -> Spread.of(
                        headers.stream()
                                .mapToDouble(header -> number.applyAsDouble(header, axis(header, letters)))
                                .toArray(),
                        0))
                .toList();
    }

    /** The stored axis that is closest to one of the patient's. */
    private static int axis(VolumeHeader header, String letters) {
        String codes = Orient.codes(header.affine());
        return IntStream.range(0, 3)
                .filter(axis -> letters.indexOf(codes.charAt(axis)) >= 0)
                .findFirst()
                .orElseThrow();
    }

    /** Whether scans show more of the height of a body or less: the highest is a quarter higher than the lowest. */
    boolean heightsDiffer() {
        Spread height = extent.get(2);
        return height.high() > 1.25 * height.low();
    }

    /** One line for people. */
    public String sentence() {
        return scans + " scans of " + patients + " patients, " + join(voxels) + " voxels of " + join(millimetres)
                + " mm, intensities " + intensity + (hounsfield ? " HU" : ", not Hounsfield units");
    }

    private static String join(List<Spread> axes) {
        return axes.get(0) + " x " + axes.get(1) + " x " + axes.get(2);
    }
}
