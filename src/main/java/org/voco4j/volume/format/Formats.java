package org.voco4j.volume.format;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The formats that files can have, found by the ends of their names. */
public final class Formats {
    private static final List<VolumeFormat> VOLUMES = List.of(new Nifti(), new Nrrd(), new MetaImage());

    private Formats() {}

    /** Every format. */
    public static List<VolumeFormat> all() {
        return VOLUMES;
    }

    /** All formats that hold volumes as one: each file is read and written by the format of its name. */
    public static VolumeFormat any() {
        return new AnyFormat(VOLUMES);
    }

    /**
     * The format of a file, by its name.
     *
     * @throws VolumeFormatException if it is of none
     */
    public static VolumeFormat of(Path file) throws VolumeFormatException {
        for (VolumeFormat format : all()) {
            if (format.reads(file)) {
                return format;
            }
        }
        throw new VolumeFormatException(file, "a file of " + words(all()), "another kind of file");
    }

    /**
     * The format of a name such as {@code nrrd}.
     *
     * @throws IllegalArgumentException with the names there are
     */
    public static VolumeFormat named(String name) {
        return all().stream()
                .filter(format -> format.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected one of the formats "
                        + all().stream()
                                .map(format -> format.name().toLowerCase(Locale.ROOT))
                                .toList()
                        + ", not " + name));
    }

    /** A path with forward slashes, without the ending that says its format. */
    public static String plain(Path path) {
        String name = path.toString().replace('\\', '/');
        String lower = name.toLowerCase(Locale.ROOT);
        int ending = all().stream()
                .flatMap(format -> format.endings().stream())
                .filter(lower::endsWith)
                .mapToInt(String::length)
                .max()
                .orElse(0);
        return name.substring(0, name.length() - ending);
    }

    /** What can be read as volumes, in words. */
    public static String words() {
        return words(VOLUMES);
    }

    private static String words(List<VolumeFormat> formats) {
        String each = formats.stream()
                .map(format -> format.name() + " (" + String.join(", ", format.endings()) + ")")
                .collect(Collectors.joining(", "));
        int last = each.lastIndexOf("), ");
        return each.substring(0, last + 1) + " or " + each.substring(last + 3);
    }
}
