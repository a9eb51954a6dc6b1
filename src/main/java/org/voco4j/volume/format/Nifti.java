package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * NIfTI-1 and NIfTI-2: {@code .nii}, {@code .nii.gz} and pairs of {@code .hdr} and {@code .img}, either byte order, all
 * integer and floating point types.
 *
 * <p>On disk x varies fastest, in memory z does; the reader turns 16 slices at a time. Values are raw·scl_slope +
 * scl_inter in double, rounded to float. Refused by name: 2-D images, 4-D files (unless a channel is chosen), complex
 * numbers, colours, CIFTI, Analyze. Millimetres are taken as given, whatever the unit field says, as nibabel does.
 */
public final class Nifti implements VolumeFormat {
    private static final int SLICES = 16; // floats in a cache line: what is written together

    @Override
    public String name() {
        return "NIfTI";
    }

    @Override
    public boolean reads(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".nii") || name.endsWith(".nii.gz") || name.endsWith(".hdr") || name.endsWith(".hdr.gz");
    }

    @Override
    public List<Path> files(Path file) throws IOException {
        return NiftiFile.open(file).files;
    }

    @Override
    public VolumeHeader header(Path file) throws IOException {
        NiftiHeader header = NiftiFile.open(file).header;
        String type = header.type().name().toLowerCase(Locale.ROOT);
        return new VolumeHeader(header.shape(), header.channels(), header.affine(), type);
    }

    @Override
    public Volume read(Path file) throws IOException {
        NiftiFile nifti = NiftiFile.open(file);
        require3d(nifti, file);
        return read(nifti, 0);
    }

    /**
     * One volume of a 4-D file.
     *
     * @throws IllegalArgumentException if the file has no such channel
     */
    @Override
    public Volume read(Path file, int channel) throws IOException {
        NiftiFile nifti = NiftiFile.open(file);
        int channels = nifti.header.channels();
        if (channel < 0 || channel >= channels) {
            throw new IllegalArgumentException(
                    file + ": has " + channels + " channels, 0 to " + (channels - 1) + ", not " + channel);
        }
        return read(nifti, channel);
    }

    @Override
    public void visit(Path file, SliceVisitor visitor) throws IOException {
        NiftiFile nifti = NiftiFile.open(file);
        nifti.requireVoxels();
        int width = nifti.header.shape().x();
        nifti.decodeAll((values, first, count) -> visitor.visit(values, width));
    }

    @Override
    public void write(Volume volume, Path file) throws IOException {
        write(volume, file, Stored.FLOAT32);
    }

    /**
     * Writes NIfTI-1, gzip if the name ends with {@code .gz}, with the affine as sform and (where it has no shear)
     * qform. The file is written beside its place, synced and renamed.
     *
     * @throws IllegalArgumentException if a value does not fit the type, or the volume is larger than 32767 on an axis
     */
    public void write(Volume volume, Path file, Stored type) throws IOException {
        NiftiWriter.write(volume, file, type);
    }

    /** How values are written. */
    public enum Stored {
        /** Whole numbers 0 … 255; other values are rounded. */
        UINT8,
        /** Whole numbers −32768 … 32767; other values are rounded. */
        INT16,
        /** As in memory. */
        FLOAT32
    }

    private static void require3d(NiftiFile nifti, Path file) throws VolumeFormatException {
        if (nifti.header.channels() > 1) {
            throw new VolumeFormatException(
                    file,
                    VolumeFormatException.Fault.DIMENSION,
                    "one 3-D volume",
                    "a 4-D file with " + nifti.header.channels() + " volumes of " + nifti.header.shape()
                            + ": split it, or choose one");
        }
    }

    private static Volume read(NiftiFile nifti, int channel) throws IOException {
        nifti.requireVoxels();
        Shape3 shape = nifti.header.shape();
        float[] voxels = new float[(int) shape.voxels()];
        int slice = shape.x() * shape.y();
        int slices = Math.max(1, Math.min(SLICES, (1 << 23) / slice));
        nifti.decode(channel, slices, (values, first, count) -> {
            for (int y = 0; y < shape.y(); y++) {
                for (int x = 0; x < shape.x(); x++) {
                    int from = y * shape.x() + x;
                    int to = shape.index(x, y, first);
                    for (int z = 0; z < count; z++) {
                        voxels[to + z] = values[from + z * slice];
                    }
                }
            }
            return true;
        });
        return new Volume(shape, nifti.header.affine(), voxels);
    }
}
