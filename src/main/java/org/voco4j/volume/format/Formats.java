package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.voco4j.volume.VolumeFormatException;

/** The formats that files can have, found by the ends of their names; DICOM by its content. */
public final class Formats {
    private static final Dicom DICOM = new Dicom();

    private static final List<VolumeFormat> VOLUMES = List.of(new Nifti(), new Nrrd(), new MetaImage(), DICOM);

    private static final List<VolumeFormat> ALL =
            Stream.concat(VOLUMES.stream(), Stream.of(new GreyImage())).toList();

    /** What reads label maps of DICOM; asked before DICOM, whose names they have. */
    private static final VolumeFormat SEGMENTATIONS = new DicomSegmentation();

    private Formats() {}

    /** Every format. */
    public static List<VolumeFormat> all() {
        return ALL;
    }

    /** All formats that hold 3-D volumes as one: each file is read and written by the format of its name. */
    public static VolumeFormat any() {
        return any(3);
    }

    /** All formats that hold images of 2 or 3 dimensions as one; pictures lie beside many a scan, and only 2 ask for them. */
    public static VolumeFormat any(int dims) {
        List<VolumeFormat> formats = new ArrayList<>(dims == 2 ? ALL : VOLUMES);
        formats.add(formats.indexOf(DICOM), SEGMENTATIONS);
        return new AnyFormat(List.copyOf(formats));
    }

    /**
     * The format of a file, by its name.
     *
     * @throws VolumeFormatException if it is of none
     */
    public static VolumeFormat of(Path file) throws VolumeFormatException {
        return of(file, ALL);
    }

    static VolumeFormat of(Path file, List<VolumeFormat> formats) throws VolumeFormatException {
        for (VolumeFormat format : formats) {
            if (format.reads(file)) {
                return format;
            }
        }
        throw new VolumeFormatException(file, "a file of " + words(formats), "another kind of file");
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

    /**
     * Chooses a series of a folder of DICOM files of several: what its volume is named by.
     *
     * @param wanted its Series Instance UID, or its number in the list that a refusal of the folder gives
     * @throws VolumeFormatException with that list if there is no such one
     */
    public static Path series(Path folder, String wanted) throws IOException {
        return DICOM.series(folder, wanted);
    }

    /**
     * Says for the whole program whether DICOM series with gaps, uneven distances or a tilted gantry are resampled onto an even
     * grid rather than refused, as they are at first. For a program's start; nothing that was prepared before depends on it.
     */
    public static void fixGeometry(boolean fix) {
        DICOM.fixGeometry(fix);
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

    /** What can be read as 3-D volumes, in words. */
    public static String words() {
        return words(VOLUMES);
    }

    /** What can be read as images of 2 or 3 dimensions, in words. */
    public static String words(int dims) {
        return words(dims == 2 ? ALL : VOLUMES);
    }

    private static String words(List<VolumeFormat> formats) {
        String each = formats.stream()
                .filter(format -> format != SEGMENTATIONS)
                .map(format -> format.name() + " (" + String.join(", ", format.endings()) + ")")
                .collect(Collectors.joining(", "));
        int last = each.lastIndexOf("), ");
        return each.substring(0, last + 1) + " or " + each.substring(last + 3);
    }
}
