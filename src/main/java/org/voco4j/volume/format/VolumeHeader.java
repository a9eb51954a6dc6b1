package org.voco4j.volume.format;

import java.util.List;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;

/**
 * What a file says about its volume before a voxel is read.
 *
 * @param shape voxels along x, y, z
 * @param channels the number of volumes in the file; 1 unless it is 4-D
 * @param affine voxel index → RAS+ millimetres
 * @param dataType how voxels are stored, for example {@code int16}
 * @param doubts where the header contradicts what is read from it; other programs may read another volume
 */
public record VolumeHeader(Shape3 shape, int channels, Affine affine, String dataType, List<Doubt> doubts) {

    /** A header without doubts. */
    VolumeHeader(Shape3 shape, int channels, Affine affine, String dataType) {
        this(shape, channels, affine, dataType, List.of());
    }

    /**
     * A contradiction.
     *
     * @param of what it is about
     * @param expected what would agree, in words
     * @param found what the header says, in words
     */
    public record Doubt(Subject of, String expected, String found) {

        /** What headers contradict themselves about. */
        public enum Subject {
            /** Where voxels lie, and how far from each other. */
            POSITION,
            /** The unit of lengths. */
            UNIT,
            /** What tells objects, series and patients apart. */
            IDENTIFIERS
        }
    }
}
