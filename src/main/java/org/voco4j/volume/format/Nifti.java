package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.voco4j.volume.Volume;

/**
 * NIfTI-1 and NIfTI-2: {@code .nii}, {@code .nii.gz} and pairs of {@code .hdr} and {@code .img}, either byte order, all
 * integer and floating point types.
 *
 * <p>Values are raw·scl_slope + scl_inter in double, rounded to float. Refused by name: 2-D images, 4-D files (unless a
 * channel is chosen), complex numbers, colours, CIFTI, Analyze. Millimetres are taken as given, whatever the unit field
 * says, as nibabel does.
 *
 * <p>Written is NIfTI-1, gzip if the name ends with {@code .gz}, with the affine as sform and (where it has no shear)
 * qform, and at most 32767 voxels on an axis.
 */
public final class Nifti extends RawFormat {

    @Override
    public String name() {
        return "NIfTI";
    }

    @Override
    public List<String> endings() {
        return List.of(".nii", ".nii.gz", ".hdr", ".hdr.gz");
    }

    @Override
    Content open(Path file) throws IOException {
        return NiftiFile.open(file);
    }

    @Override
    public void write(Volume volume, Path file, Stored type) throws IOException {
        NiftiWriter.write(volume, file, type);
    }
}
