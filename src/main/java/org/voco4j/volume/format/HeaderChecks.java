package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.voco4j.file.StandIn;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.VolumeFormatException;

/** What a header of any format must not say. */
final class HeaderChecks {
    private HeaderChecks() {}

    /** Sizes along all dimensions: each at least 1, and together fewer than 2^31 voxels. */
    static void sizes(Path file, long... sizes) throws VolumeFormatException {
        double voxels = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 1) {
                throw new VolumeFormatException(file, "sizes of at least 1", sizes[i] + " along dimension " + (i + 1));
            }
            voxels *= sizes[i];
        }
        if (voxels > Integer.MAX_VALUE - 8) {
            throw new VolumeFormatException(
                    file,
                    "fewer than 2^31 voxels",
                    Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining("x")) + " voxels");
        }
    }

    /**
     * The affine of three rows, row-major.
     *
     * @param said the name of what gives them
     */
    static Affine affine(Path file, double[] rows, String said) throws VolumeFormatException {
        boolean sound = Arrays.stream(rows).allMatch(Double::isFinite);
        Affine affine = sound ? Affine.ofRows(rows) : Affine.identity();
        for (int d = 0; d < 3 && sound; d++) {
            double mm = Math.sqrt(Math.pow(rows[d], 2) + Math.pow(rows[4 + d], 2) + Math.pow(rows[8 + d], 2));
            sound = mm > 1e-6 && mm < 1e6;
        }
        if (sound) {
            Spacing mm = affine.spacing();
            sound = Math.abs(affine.determinant()) > 1e-6 * mm.x() * mm.y() * mm.z();
        }
        if (!sound) {
            throw new VolumeFormatException(
                    file,
                    "an affine that can be inverted, with spacings of 1e-6 to 1e6 mm",
                    said + " " + Arrays.toString(rows));
        }
        return affine;
    }

    /**
     * The affine of steps and an origin that are not in RAS+.
     *
     * @param steps from a voxel to the next along each axis, in the file's space
     * @param flips −1 for an axis of that space that runs against RAS+
     */
    static Affine affine(Path file, double[][] steps, double[] origin, double[] flips, String said)
            throws VolumeFormatException {
        double[] rows = new double[12];
        for (int row = 0; row < 3; row++) {
            for (int axis = 0; axis < 3; axis++) {
                rows[row * 4 + axis] = flips[row] * steps[axis][row];
            }
            rows[row * 4 + 3] = flips[row] * origin[row];
        }
        for (int i = 0; i < 12; i++) {
            rows[i] += 0.0; // no -0
        }
        return affine(file, rows, said);
    }

    /** A column of an affine in left-posterior-superior. */
    static double[] lps(Affine ras, int column) {
        return new double[] {0.0 - ras.at(0, column), 0.0 - ras.at(1, column), ras.at(2, column)}; // no -0
    }

    /** Whether a file's name ends so. */
    static boolean ends(Path file, String ending) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }

    /** Refuses to write a file of another name. */
    static void ending(Path file, String ending) {
        if (!ends(file, ending)) {
            throw new IllegalArgumentException(file + ": is written as one file, name it " + ending);
        }
    }

    /** Refuses voxels that lie in several files, as a header lists them. */
    static VolumeFormatException severalFiles(Path header, String named) {
        return new VolumeFormatException(
                header, "one data file", "several (" + TextHeader.shown(named) + "): save it in one file");
    }

    /** The file of voxels that a header names; not outside the header's folder. */
    static Path beside(Path header, String name) throws IOException {
        Path folder = header.toAbsolutePath().resolveSibling("").normalize();
        try {
            boolean inside = !Path.of(name).isAbsolute()
                    && folder.resolve(name).normalize().startsWith(folder);
            if (!inside) {
                throw new VolumeFormatException(
                        header, "its voxels in a file of its own folder", TextHeader.shown(name));
            }
            Path data = header.resolveSibling(name);
            if (!Files.isRegularFile(data)) {
                throw new VolumeFormatException(header, "its voxels in " + TextHeader.shown(name), "no such file");
            }
            String standIn = StandIn.of(data);
            if (standIn != null) {
                throw new VolumeFormatException(header, "its voxels in " + TextHeader.shown(name), standIn);
            }
            return data;
        } catch (InvalidPathException e) {
            throw new VolumeFormatException(header, "its voxels in a file of its own folder", TextHeader.shown(name));
        }
    }
}
