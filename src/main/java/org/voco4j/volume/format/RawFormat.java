package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;

/**
 * A format of a header and the numbers after it, beside it or behind gzip.
 *
 * <p>On disk x varies fastest, in memory z does; the reader turns 16 slices at a time.
 */
abstract class RawFormat implements VolumeFormat {

    /**
     * What a header says.
     *
     * @param files the one named, and that of the voxels if it is another
     * @param doubts where it contradicts itself
     */
    record Content(Affine affine, RawVoxels voxels, List<Path> files, List<VolumeHeader.Doubt> doubts) {

        /** The volume that the header in a file speaks of. */
        static Content of(Path header, Affine affine, RawVoxels voxels) {
            return of(header, affine, voxels, List.of());
        }

        /** The same with doubts. */
        static Content of(Path header, Affine affine, RawVoxels voxels, List<VolumeHeader.Doubt> doubts) {
            boolean alone = voxels.file().equals(header);
            return new Content(affine, voxels, alone ? List.of(header) : List.of(header, voxels.file()), doubts);
        }
    }

    /** Reads a header. */
    abstract Content open(Path file) throws IOException;

    @Override
    public List<Path> files(Path file) throws IOException {
        return open(file).files;
    }

    @Override
    public VolumeHeader header(Path file) throws IOException {
        Content content = open(file);
        RawVoxels voxels = content.voxels;
        String type = voxels.type().name().toLowerCase(Locale.ROOT);
        return new VolumeHeader(voxels.shape(), voxels.channels(), content.affine, type, content.doubts);
    }

    @Override
    public Volume read(Path file) throws IOException {
        Content content = open(file);
        RawVoxels voxels = content.voxels;
        if (voxels.channels() > 1) {
            throw new VolumeFormatException(
                    file,
                    Fault.DIMENSION,
                    "one 3-D volume",
                    "a 4-D file with " + voxels.channels() + " volumes of " + voxels.shape()
                            + ": split it, or choose one");
        }
        return voxels.volume(0, content.affine);
    }

    @Override
    public Volume read(Path file, int channel) throws IOException {
        Content content = open(file);
        int channels = content.voxels.channels();
        if (channel < 0 || channel >= channels) {
            throw new IllegalArgumentException(
                    file + ": has " + channels + " channels, 0 to " + (channels - 1) + ", not " + channel);
        }
        return content.voxels.volume(channel, content.affine);
    }

    @Override
    public void visit(Path file, SliceVisitor visitor) throws IOException {
        open(file).voxels.visit(visitor);
    }
}
