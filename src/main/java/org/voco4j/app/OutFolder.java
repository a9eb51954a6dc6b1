package org.voco4j.app;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.voco4j.file.FileReason;
import org.voco4j.recipe.UsageException;

/** Folders to write to, as options name them. */
final class OutFolder {
    /** Of names that somebody means a file by. */
    private static final Set<String> FILE_ENDINGS = Set.of(
            ("b2nd bmp bz2 csv dcm dicom gz h5 hdf5 hdr html ima img jpeg jpg json mat mgh mgz mha mhd mif minc mnc nhdr nii "
                            + "npy npz nrrd obj pdf png pt pth raw rtss safetensors stl tar tif tiff tsv txt vtk vti xml xz yaml yml zip zst")
                    .split(" "));

    private OutFolder() {}

    /**
     * Requires that a path is a folder or may become one.
     *
     * @param instead what a file may be called there, to go on the sentence with; empty if it has to be a folder
     * @throws UsageException if a file is there, or the name is a file's
     */
    static void require(String option, Path out, String instead) {
        String expected = "; expected a folder" + instead;
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new UsageException(option + ": " + out + " is a file" + expected);
        }
        Path last = out.getFileName();
        String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        if (!Files.exists(out) && dot > 0 && FILE_ENDINGS.contains(name.substring(dot + 1))) {
            throw new UsageException(option + ": " + out + " is the name of a file" + expected);
        }
    }

    /**
     * Requires that nothing lies in a folder, hidden files aside.
     *
     * @throws UsageException with the first that does
     */
    static void requireEmpty(String option, Path out) throws IOException {
        if (!Files.exists(out)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(out)) {
            for (Path file : files) {
                if (!file.getFileName().toString().startsWith(".")) {
                    throw new UsageException(option + ": " + out + " holds " + file.getFileName()
                            + " already, and nothing there is to be mixed or replaced; name a new or an empty folder");
                }
            }
        } catch (NotDirectoryException e) {
            throw new UsageException(option + ": " + FileReason.of(e), e);
        }
    }
}
