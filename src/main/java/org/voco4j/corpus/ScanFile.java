package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;

/** One scan that the user named: unlike in a folder, what is no scan is refused, not left out. */
public final class ScanFile {
    private ScanFile() {}

    /**
     * Reads a scan as stored.
     *
     * @throws IOException with the file and a sentence if there is no such file, it is of no format that we read, damaged, not 3-D, a
     *     label map, or too small for {@link Preprocessing}
     */
    public static Volume read(Path file) throws IOException {
        return read(file, 3);
    }

    /**
     * The same for a scan of so many axes: 3, or 2 for an image of one slice.
     *
     * @throws IOException as {@link #read(Path)}
     */
    public static Volume read(Path file, int dims) throws IOException {
        VolumeFormat format = Formats.any(dims);
        boolean slices = Files.isDirectory(file) && format.readsFolder(file);
        if (!slices && !Files.isRegularFile(file)) {
            throw new IOException(file + ": expected a scan, found "
                    + (Files.exists(file) ? "a folder without slices of DICOM" : "nothing there"));
        }
        if (!slices && !format.reads(file)) {
            throw new IOException(
                    file + ": expected a file of " + Formats.words(dims) + ", found another kind of file");
        }
        try {
            Preprocessing.requireShape(format.header(file).shape(), dims);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        String label = LabelMaps.byContent(file, format);
        if (label != null) {
            throw new IOException(file + ": expected a scan, found a label map: " + label);
        }
        return format.read(file);
    }

    /** Tells a file of voxels from others, and from what it was before: by the sizes and four pieces of all files it is made of. */
    public static String content(Path file) throws IOException {
        return DataDigest.withHeaders(file);
    }

    /** What a scan is called: its file's name without the format's ending. */
    public static String name(Path file) {
        @Nullable Path last = file.getFileName();
        return last == null ? "" : Formats.plain(last);
    }
}
