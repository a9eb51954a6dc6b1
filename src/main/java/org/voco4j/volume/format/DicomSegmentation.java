package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.dicom.DicomFile;
import org.voco4j.volume.format.dicom.SegmentationFile;

/** DICOM Segmentations as label maps, {@link SegmentationFile}; known by their content, whatever their names. */
final class DicomSegmentation implements VolumeFormat {

    @Override
    public String name() {
        return "DICOM SEG";
    }

    @Override
    public List<String> endings() {
        return List.of(".dcm");
    }

    @Override
    public boolean reads(Path file) {
        try {
            return Files.isRegularFile(file) && SegmentationFile.is(file);
        } catch (IOException e) {
            return false; // not a segmentation that anyone can read
        }
    }

    @Override
    public boolean writes(Path file) {
        return false;
    }

    private static SegmentationFile segmentation(Path file) throws IOException {
        SegmentationFile segmentation = SegmentationFile.of(DicomFile.read(file));
        if (segmentation == null) {
            throw new VolumeFormatException(file, "a segmentation of DICOM", "another object");
        }
        return segmentation;
    }

    @Override
    public VolumeHeader header(Path file) throws IOException {
        SegmentationFile segmentation = segmentation(file);
        Shape3 shape = segmentation.shape();
        HeaderChecks.sizes(file, shape.x(), shape.y(), shape.z());
        return new VolumeHeader(shape, 1, segmentation.affine(), segmentation.dataType());
    }

    @Override
    public boolean isCut(Path file) {
        return true;
    }

    @Override
    public Volume read(Path file) throws IOException {
        header(file);
        return segmentation(file).read();
    }

    @Override
    public void write(Volume volume, Path file, Stored type) {
        throw new IllegalArgumentException(file + ": segmentations are written by voco predict --format dicom-seg");
    }
}
