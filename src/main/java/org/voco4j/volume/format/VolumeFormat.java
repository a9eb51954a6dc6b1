package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;

/**
 * A file format that holds volumes.
 *
 * <p>Readers trust nothing: what a header promises is compared with what the file holds before memory is taken, and
 * every fault of a file is a {@link VolumeFormatException}. Values are in the unit of the file after its own
 * rescaling (Hounsfield units for CT), axes as stored, and may be NaN.
 */
public interface VolumeFormat {

    /** How values are written. */
    enum Stored {
        /** Whole numbers 0 … 255; other values are rounded. */
        UINT8,
        /** Whole numbers 0 … 65535; other values are rounded. */
        UINT16,
        /** Whole numbers −32768 … 32767; other values are rounded. */
        INT16,
        /** As in memory. */
        FLOAT32
    }

    /** What the format is called. */
    String name();

    /** How its files' names end, in lower case with the dot; of a volume of several files, those of the one to name. */
    List<String> endings();

    /** Whether a file is of this format: by its name, or where names say nothing by its first bytes. */
    default boolean reads(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
        return endings().stream().anyMatch(name::endsWith);
    }

    /** Whether a folder holds files of this format that can be slices of a volume. */
    default boolean readsFolder(Path folder) {
        return false;
    }

    /**
     * What files hold.
     *
     * @param volumes what each volume is named by: its file, or its folder if that holds the slices of one alone
     * @param others files of the format that hold no image, and what instead
     */
    record Grouped(List<Path> volumes, Map<Path, String> others) {}

    /** Finds the volumes in files of this format; what cannot be read counts as one. */
    default Grouped group(List<Path> files) {
        return new Grouped(files, Map.of());
    }

    /** Whether it writes files of such a name: not a header whose voxels lie apart, which cannot be replaced as one. */
    default boolean writes(Path file) {
        return reads(file);
    }

    /**
     * The files that make up a volume: the one named, and those it refers to.
     *
     * @throws VolumeFormatException if one of them is not there
     */
    default List<Path> files(Path file) throws IOException {
        return List.of(file);
    }

    /**
     * Shape, affine and data type without the voxels.
     *
     * @throws VolumeFormatException if the file is not a volume of this format
     */
    VolumeHeader header(Path file) throws IOException;

    /**
     * Whether a file holds labels only where it shows something: beyond its grid, on the lattice that it goes on in, all is
     * background.
     *
     * @throws VolumeFormatException as {@link #header}
     */
    default boolean isCut(Path file) throws IOException {
        return false;
    }

    /**
     * The whole volume.
     *
     * @throws VolumeFormatException if the file is damaged, of several channels, or of a kind that is not a volume
     */
    Volume read(Path file) throws IOException;

    /**
     * One volume of a file of several.
     *
     * @throws VolumeFormatException if the file is damaged, or of a kind that is not a volume
     * @throws IllegalArgumentException if the file has no such channel
     */
    default Volume read(Path file, int channel) throws IOException {
        if (channel != 0) {
            throw new IllegalArgumentException(file + ": has 1 channel, not " + channel);
        }
        return read(file);
    }

    /**
     * Shows the slices in the order they are stored, those of a 4-D file volume after volume, until the visitor has seen
     * enough; one that sees all of them has seen the checksum hold too.
     *
     * @throws VolumeFormatException if the file is damaged or of a kind that is not a volume
     */
    default void visit(Path file, SliceVisitor visitor) throws IOException {
        Volume volume = read(file);
        Shape3 shape = volume.shape();
        float[] slice = new float[shape.x() * shape.y()];
        for (int z = 0; z < shape.z(); z++) {
            for (int i = 0; i < slice.length; i++) {
                slice[i] = volume.at(i % shape.x(), i / shape.x(), z);
            }
            if (!visitor.visit(slice, shape.x())) {
                return;
            }
        }
    }

    /**
     * Writes a volume as float32; the file is whole or absent at every moment.
     *
     * @throws IllegalArgumentException if the format cannot hold it, or has no such files to write
     */
    default void write(Volume volume, Path file) throws IOException {
        write(volume, file, Stored.FLOAT32);
    }

    /**
     * Writes a volume; the file is whole or absent at every moment.
     *
     * @throws IllegalArgumentException if a value does not fit the type, or as {@link #write(Volume, Path)}
     */
    void write(Volume volume, Path file, Stored type) throws IOException;

    /**
     * Writes labels, whole numbers, in as few bytes as they take: uint8 up to 255, else uint16.
     *
     * @throws IllegalArgumentException if a label is below 0 or above 65535, or as {@link #write(Volume, Path)}
     */
    default void writeLabels(Volume labels, Path file) throws IOException {
        float largest = 0;
        for (float label : labels.voxels()) {
            largest = Math.max(largest, label);
        }
        write(labels, file, largest <= 255 ? Stored.UINT8 : Stored.UINT16);
    }

    /** Looks at one slice after the other. */
    interface SliceVisitor {
        /**
         * One slice.
         *
         * @param slice values with the first axis fastest; reused for the next slice
         * @param width the length of the first axis
         * @return whether to go on
         */
        boolean visit(float[] slice, int width);
    }
}
