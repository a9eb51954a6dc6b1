package org.voco4j.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.format.VolumeFormat;

/**
 * The files below a folder: those of a format we read, and what other medical images lie there. Hidden files and
 * folders are passed over; order is by path.
 *
 * @param files files to look into
 * @param findings other medical images, one finding per folder and format
 */
record FolderScan(List<Path> files, List<Finding> findings) {

    private static final String PICTURE = "PNG or JPEG";

    static FolderScan of(Path root, VolumeFormat format) throws IOException {
        List<Path> files = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        Map<Path, Map<String, Integer>> others = new TreeMap<>();
        Files.walkFileTree(
                root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                        return !folder.equals(root) && hidden(folder)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (!hidden(file) && attributes.isRegularFile()) {
                            String other = format.reads(file) ? null : otherFormat(file);
                            if (format.reads(file)) {
                                files.add(file);
                            } else if (other != null) {
                                others.computeIfAbsent(file.resolveSibling(""), f -> new TreeMap<>())
                                        .merge(other, 1, Integer::sum);
                            }
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        findings.add(
                                new Finding(file, Finding.Kind.UNREADABLE, "left out: cannot be opened (" + e + ")"));
                        return FileVisitResult.CONTINUE;
                    }
                });
        others.forEach((folder, formats) -> formats.forEach((name, count) -> findings.add(new Finding(
                folder,
                Finding.Kind.UNSUPPORTED_FORMAT,
                "left out: " + count + " " + name + (count == 1 ? " file" : " files")
                        + (name.equals(PICTURE) ? ", which are for 2-D recipes" : ", which cannot be read yet")))));
        files.sort(null);
        return new FolderScan(List.copyOf(files), List.copyOf(findings));
    }

    private static boolean hidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    /** A medical image format that is not read yet, or null for any other file. */
    private static @Nullable String otherFormat(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "dcm", "dicom", "ima" -> "DICOM";
            case "png", "jpg", "jpeg" -> PICTURE;
            case "tif", "tiff" -> "TIFF";
            case "mgz", "mgh", "mnc", "npy", "npz", "b2nd" -> ending;
            default -> isDicom(file) ? "DICOM" : null;
        };
    }

    /** DICOM files often have no ending, or end in a number: part 10 puts DICM at byte 128. */
    private static boolean isDicom(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(132);
            return start.length == 132
                    && start[128] == 'D'
                    && start[129] == 'I'
                    && start[130] == 'C'
                    && start[131] == 'M';
        } catch (IOException e) {
            return false; // not an image that anyone can read
        }
    }
}
