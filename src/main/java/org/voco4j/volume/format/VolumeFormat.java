package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.voco4j.volume.Volume;

/**
 * A file format that holds volumes.
 *
 * <p>Readers trust nothing: what a header promises is compared with what the file holds before memory is taken, and
 * every fault of a file is a {@link VolumeFormatException}. Values are in the unit of the file after its own
 * rescaling (Hounsfield units for CT), axes as stored, and may be NaN.
 */
public interface VolumeFormat {

    /** What the format is called. */
    String name();

    /** Whether a file is of this format, by its name. */
    boolean reads(Path file);

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
     * The whole volume.
     *
     * @throws VolumeFormatException if the file is damaged, not 3-D, or of a kind that is not a volume
     */
    Volume read(Path file) throws IOException;

    /**
     * One channel of a volume that has several.
     *
     * @param channel from 0
     * @throws VolumeFormatException if the file is damaged, or has no such channel
     */
    Volume read(Path file, int channel) throws IOException;

    /**
     * Shows the slices in the order they are stored, those of a 4-D file volume after volume, until the visitor has seen
     * enough; one that sees all of them has seen the checksum hold too.
     *
     * @throws VolumeFormatException if the file is damaged or of a kind that is not a volume
     */
    void visit(Path file, SliceVisitor visitor) throws IOException;

    /** Writes a volume as float32; the file is whole or absent at every moment. */
    void write(Volume volume, Path file) throws IOException;

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
