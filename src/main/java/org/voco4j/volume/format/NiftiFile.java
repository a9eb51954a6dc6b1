package org.voco4j.volume.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.RawVoxels.Packing;

/** A NIfTI file or pair: plain or gzip, recognised by its first two bytes, whatever the file is called. */
final class NiftiFile {

    private NiftiFile() {}

    static RawFormat.Content open(Path file) throws IOException {
        byte[] bytes;
        Path headerFile = sibling(file, ".img", ".hdr");
        try (InputStream in = stream(headerFile)) {
            bytes = in.readNBytes(NiftiHeader.LENGTH_2);
        } catch (NoSuchFileException e) {
            throw new VolumeFormatException(headerFile, "a file", "none");
        } catch (EOFException | ZipException e) {
            throw new VolumeFormatException(headerFile, "a NIfTI header", "damaged gzip data (" + e.getMessage() + ")");
        }
        NiftiHeader header = NiftiHeader.parse(bytes, headerFile);
        Path image = header.pair() ? image(headerFile) : headerFile;
        RawVoxels voxels = new RawVoxels(
                image,
                0,
                Packing.gzipOr(Packing.NONE, image, 0),
                header.offset(),
                header.shape(),
                header.channels(),
                false,
                header.type(),
                header.order(),
                header.slope(),
                header.intercept());
        return RawFormat.Content.of(headerFile, header.affine(), voxels, header.doubts());
    }

    private static Path image(Path headerFile) throws IOException {
        Path plain = sibling(headerFile, ".hdr", ".img");
        Path zipped = plain.resolveSibling(plain.getFileName() + ".gz");
        if (Files.isRegularFile(plain) && !plain.equals(headerFile)) {
            return plain;
        }
        if (Files.isRegularFile(zipped)) {
            return zipped;
        }
        throw new VolumeFormatException(headerFile, "its voxels in " + plain.getFileName(), "no such file");
    }

    private static Path sibling(Path file, String from, String to) {
        String name = file.getFileName().toString();
        int at = name.toLowerCase(Locale.ROOT).lastIndexOf(from);
        return at < 0 ? file : file.resolveSibling(name.substring(0, at) + to + name.substring(at + from.length()));
    }

    private static InputStream stream(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        try {
            return Packing.gzipOr(Packing.NONE, file, 0) == Packing.GZIP ? new GZIPInputStream(in) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
