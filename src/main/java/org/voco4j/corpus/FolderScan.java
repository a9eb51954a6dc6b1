package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
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
import org.voco4j.file.FileReason;
import org.voco4j.volume.format.VolumeFormat;

/**
 * The files below a folder: those of a format we read, and what is lost there: other medical images, links without
 * target, pipes, and names that are no characters in the encoding of names here, so that several could look alike. Hidden
 * files and folders are passed over; order is by path.
 *
 * @param files what each volume is named by: its file, or the folder of one of several files
 * @param findings what is lost; of other medical images one for each folder and format
 */
public record FolderScan(List<Path> files, List<Finding> findings) {

    private static final String PICTURE = "PNG or JPEG";

    public static FolderScan of(Path root, VolumeFormat format) throws IOException {
        List<Path> files = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        Map<Path, Map<String, Integer>> others = new TreeMap<>();
        Files.walkFileTree(
                root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                        if (!folder.equals(root) && FileReason.isUndecoded(folder.getFileName())) {
                            findings.add(leftOut(folder, "with all it holds, " + FileReason.undecoded(folder)));
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        return !folder.equals(root) && hidden(folder)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (hidden(file)) {
                            return FileVisitResult.CONTINUE;
                        }
                        if (attributes.isSymbolicLink()) { // links are followed: its target is not there
                            findings.add(danglingLink(file, format));
                        } else if (format.reads(file)) {
                            if (!attributes.isRegularFile()) {
                                findings.add(leftOut(file, "a pipe, socket or device, no file"));
                            } else if (FileReason.isUndecoded(file.getFileName())) {
                                findings.add(leftOut(file, FileReason.undecoded(file)));
                            } else {
                                files.add(file);
                            }
                        } else if (attributes.isRegularFile()) {
                            String other = otherFormat(file);
                            if (other != null) {
                                others.computeIfAbsent(file.resolveSibling(""), f -> new TreeMap<>())
                                        .merge(other, 1, Integer::sum);
                            }
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        findings.add(
                                e instanceof FileSystemLoopException
                                        ? new Finding(file, Finding.Kind.NOTE, "passed over: " + FileReason.why(e))
                                        : leftOut(file, "cannot be opened: " + FileReason.why(e)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
                        if (e != null) {
                            findings.add(leftOut(folder, "cannot be read to its end: " + FileReason.why(e)));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        VolumeFormat.Grouped grouped = format.group(files);
        Map<Path, Map<String, Integer>> objects = new TreeMap<>();
        grouped.others()
                .forEach((file, what) -> objects.computeIfAbsent(file.resolveSibling(""), f -> new TreeMap<>())
                        .merge(what, 1, Integer::sum));
        objects.forEach((folder, kinds) -> kinds.forEach((what, count) -> findings.add(noScan(folder, what, count))));
        others.forEach(
                (folder, formats) -> formats.forEach((name, count) -> findings.add(otherFormat(folder, name, count))));
        return new FolderScan(grouped.volumes().stream().sorted().toList(), List.copyOf(findings));
    }

    /** Where a file lies in a folder; the folder itself, where it is a volume's slices that lie there, by its name. */
    public static Path below(Path folder, Path file) {
        if (!file.equals(folder)) {
            return folder.relativize(file);
        }
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? Path.of("scan") : name;
    }

    private static Finding leftOut(Path path, String why) {
        return Finding.leftOut(path, Finding.Kind.UNREADABLE, why);
    }

    private static Finding noScan(Path folder, String what, int count) {
        String found = count + (count == 1 ? " file that holds " : " files that hold ") + what;
        return Finding.leftOut(folder, Finding.Kind.NOT_A_SCAN, found);
    }

    private static Finding otherFormat(Path folder, String name, int count) {
        String found = count + " " + name + (count == 1 ? " file" : " files");
        String why = !name.equals(PICTURE)
                ? "voco does not read"
                : count == 1 ? "is for 2-D recipes" : "are for 2-D recipes";
        Finding.Kind kind = name.equals(PICTURE) ? Finding.Kind.PICTURES : Finding.Kind.UNSUPPORTED_FORMAT;
        return new Finding(folder, kind, "left out: " + found + ", which " + why, found);
    }

    /** A link to a scan, or to what may have been a folder of them, is a loss; one to something else is worth a word. */
    private static Finding danglingLink(Path link, VolumeFormat format) {
        boolean loss = format.reads(link)
                || otherFormat(link) != null
                || !link.getFileName().toString().contains(".");
        return loss
                ? leftOut(link, FileReason.danglingLink(link))
                : new Finding(link, Finding.Kind.NOTE, FileReason.danglingLink(link));
    }

    /** What a file is that was given as a scan and is of no format that is read. */
    public static String otherKind(Path file) {
        String other = otherFormat(file);
        return "another kind of file" + (other == null ? "" : ", " + other);
    }

    private static boolean hidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    /** A medical image format that is not read yet, or null for any other file. */
    private static @Nullable String otherFormat(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "png", "jpg", "jpeg" -> PICTURE;
            case "tif", "tiff" -> "TIFF";
            case "mgz", "mgh", "mnc", "npy", "npz", "b2nd" -> ending;
            default -> null;
        };
    }
}
