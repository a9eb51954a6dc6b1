package org.voco4j.volume.format.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.VolumeFormatException;

/**
 * A DICOM file whose pixels have not been read.
 *
 * @param path where it lies
 * @param syntax how it is written
 * @param meta file meta information; empty in files that have none
 * @param data the data set up to its pixels
 * @param pixels where the pixels lie; null if there are none
 */
public record DicomFile(
        Path path,
        TransferSyntax syntax,
        DataSet meta,
        DataSet data,
        @Nullable PixelData pixels) {

    /** Whether a file is DICOM, by its first bytes. */
    public static boolean is(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Sniffer.of(in.readNBytes(Sniffer.BYTES)) != null;
        }
    }

    /**
     * Reads a file up to its pixels: of PS3.10, or without preamble or file meta information.
     *
     * @throws VolumeFormatException if it is not DICOM or is damaged
     */
    public static DicomFile read(Path file) throws IOException {
        return DicomReader.read(file);
    }
}
