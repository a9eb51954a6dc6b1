package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;
import org.voco4j.volume.format.RawVoxels.Packing;

/** Reads the header of a NRRD file: which axes are of space, where they lie, and how numbers are stored. */
final class NrrdHeader {
    private static final Pattern VECTOR = Pattern.compile("\\(([^()]*)\\)|none");
    private static final Set<String> OF_SPACE = Set.of("domain", "space", "???", "none");

    private final Path file;
    private final TextHeader text;
    private final int dimension;
    private final double @Nullable [][] directions; // a step along each axis, null for those that are not of space

    private NrrdHeader(Path file, TextHeader text) throws IOException {
        this.file = file;
        this.text = text;
        readFields();
        long rank = text.whole("dimension", 1)[0];
        if (rank < 2 || rank > 4) {
            throw new VolumeFormatException(file, Fault.DIMENSION, "2 to 4 dimensions", String.valueOf(rank));
        }
        dimension = (int) rank;
        String given = text.find("spacedirections");
        directions = given == null ? null : directions(given);
    }

    static RawFormat.Content read(Path file) throws IOException {
        try (TextHeader text = new TextHeader(file)) {
            return new NrrdHeader(file, text).content();
        }
    }

    private void readFields() throws IOException {
        String mark = text.line();
        if (mark == null || !mark.matches("NRRD\\d{4}")) {
            throw new VolumeFormatException(
                    file,
                    "a NRRD file (it begins with NRRD0001 to NRRD0005)",
                    mark == null ? "an empty file" : "'" + TextHeader.shown(mark) + "'");
        }
        String line = text.line();
        for (; line != null && !line.isEmpty() && !isList(text.find("datafile")); line = text.line()) {
            int colon = line.indexOf(':');
            if (line.startsWith("#") || line.startsWith("=", colon + 1)) {
                continue; // a comment, or a key of whoever wrote the file
            }
            if (colon < 0) {
                throw new VolumeFormatException(file, "lines 'field: value'", "'" + TextHeader.shown(line) + "'");
            }
            String name = line.substring(0, colon).replace(" ", "").toLowerCase(Locale.ROOT);
            text.put(name, line.substring(colon + 1).strip());
        }
        if (line == null && text.find("datafile") == null) {
            throw new VolumeFormatException(
                    file, Fault.TRUNCATED, "voxels after an empty line, or a 'data file'", "the end of the file");
        }
    }

    /** Whether the lines that follow are names of files, down to the end of the header. */
    private static boolean isList(@Nullable String dataFile) {
        return dataFile != null && dataFile.startsWith("LIST");
    }

    private RawFormat.Content content() throws IOException {
        long[] sizes = text.whole("sizes", dimension);
        HeaderChecks.sizes(file, sizes);
        List<Integer> space = spaceAxes();
        long channels = 1;
        for (int axis = 0; axis < dimension; axis++) {
            channels *= space.contains(axis) ? 1 : sizes[axis];
        }
        boolean first = !space.contains(0);
        if (space.size() < 2 || space.size() > 3 || dimension - space.size() > 1 || (!first && !leads(space))) {
            throw new VolumeFormatException(
                    file,
                    Fault.DIMENSION,
                    "2 or 3 axes of space, and at most one of channels before or after them",
                    "the axes of space " + space + " of " + dimension);
        }
        Shape3 shape = new Shape3(
                (int) sizes[space.get(0)],
                (int) sizes[space.get(1)],
                space.size() == 2 ? 1 : (int) sizes[space.get(2)]);
        VoxelType type = type(text.require("type"));
        return RawFormat.Content.of(file, affine(space), voxels(shape, (int) channels, first, type));
    }

    private static boolean leads(List<Integer> space) {
        return space.get(space.size() - 1) == space.size() - 1;
    }

    private RawVoxels voxels(Shape3 shape, int channels, boolean interleaved, VoxelType type) throws IOException {
        String encoding = text.require("encoding").toLowerCase(Locale.ROOT);
        boolean zipped = encoding.equals("gzip") || encoding.equals("gz");
        if (!zipped && !encoding.equals("raw")) {
            throw new VolumeFormatException(
                    file, "the encoding raw or gzip", TextHeader.shown(encoding) + ": save it with one of these");
        }
        String named = text.find("datafile");
        if (named != null && (isList(named) || named.contains("%"))) {
            throw HeaderChecks.severalFiles(file, named);
        }
        Path data = named == null ? file : HeaderChecks.beside(file, named);
        if (text.find("lineskip") != null && text.whole("lineskip", 1)[0] != 0) {
            throw new VolumeFormatException(file, "voxels without lines before them", "a 'line skip'");
        }
        long start = named == null ? text.position() : 0;
        long skip = text.find("byteskip") == null ? 0 : text.whole("byteskip", 1)[0];
        if (skip == -1 && !zipped) { // at the end of the file
            skip = Math.max(0, Files.size(data) - start - shape.voxels() * channels * type.bytes);
        }
        if (skip < 0 || skip > 1L << 50) {
            throw new VolumeFormatException(file, "a 'byte skip' of 0 or more", String.valueOf(skip));
        }
        return new RawVoxels(
                data,
                start,
                zipped ? Packing.GZIP : Packing.NONE,
                skip,
                shape,
                channels,
                interleaved && channels > 1,
                type,
                order(type),
                1,
                0);
    }

    private ByteOrder order(VoxelType type) throws VolumeFormatException {
        String endian = type.bytes == 1 ? "little" : text.require("endian").toLowerCase(Locale.ROOT);
        return switch (endian) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default -> throw new VolumeFormatException(file, "the endian little or big", TextHeader.shown(endian));
        };
    }

    private VoxelType type(String name) throws VolumeFormatException {
        String plain = name.toLowerCase(Locale.ROOT)
                .replaceFirst("^signed (?!char)", "")
                .replaceFirst("(?<=short|long) int$", "");
        return switch (plain) {
            case "signed char", "int8", "int8_t" -> VoxelType.INT8;
            case "uchar", "unsigned char", "uint8", "uint8_t" -> VoxelType.UINT8;
            case "short", "int16", "int16_t" -> VoxelType.INT16;
            case "ushort", "unsigned short", "uint16", "uint16_t" -> VoxelType.UINT16;
            case "int", "int32", "int32_t" -> VoxelType.INT32;
            case "uint", "unsigned int", "uint32", "uint32_t" -> VoxelType.UINT32;
            case "longlong", "long long", "int64", "int64_t" -> VoxelType.INT64;
            case "ulonglong", "unsigned long long", "uint64", "uint64_t" -> VoxelType.UINT64;
            case "float" -> VoxelType.FLOAT32;
            case "double" -> VoxelType.FLOAT64;
            default ->
                throw new VolumeFormatException(
                        file, Fault.NOT_A_VOLUME, "real numbers as voxels", "the type " + TextHeader.shown(name));
        };
    }

    private double[][] directions(String given) throws VolumeFormatException {
        Matcher vectors = VECTOR.matcher(given);
        List<double[]> found = new ArrayList<>();
        while (vectors.find()) {
            found.add(vectors.group(1) == null ? new double[0] : vector("space directions", vectors.group(1)));
        }
        if (found.size() != dimension || !vectors.replaceAll("").isBlank()) {
            throw new VolumeFormatException(
                    file, dimension + " vectors (or none) in 'space directions'", "'" + TextHeader.shown(given) + "'");
        }
        return found.toArray(double[][]::new);
    }

    /** A vector of the file's space, in three dimensions. */
    private double[] vector(String name, String numbers) throws VolumeFormatException {
        return Arrays.copyOf(text.numbers(name, spaceDimension(), numbers), 3);
    }

    private int spaceDimension() throws VolumeFormatException {
        if (text.find("space") != null) {
            flips();
            return 3;
        }
        long given = text.whole("spacedimension", 1)[0];
        if (given != 2 && given != 3) {
            throw new VolumeFormatException(
                    file, Fault.DIMENSION, "a space of 2 or 3 dimensions", given + " dimensions");
        }
        return (int) given;
    }

    /** Which axes of the file's space run against RAS+. */
    private double[] flips() throws VolumeFormatException {
        String space = text.find("space");
        return switch (space == null ? "" : space.toLowerCase(Locale.ROOT)) {
            case "right-anterior-superior", "ras" -> new double[] {1, 1, 1};
            case "left-anterior-superior", "las" -> new double[] {-1, 1, 1};
            case "", "left-posterior-superior", "lps", "scanner-xyz", "3d-right-handed", "3d-left-handed" ->
                new double[] {-1, -1, 1};
            default ->
                throw new VolumeFormatException(
                        file,
                        "the space left-posterior-superior, right-anterior-superior or left-anterior-superior",
                        TextHeader.shown(String.valueOf(space)));
        };
    }

    private List<Integer> spaceAxes() throws VolumeFormatException {
        String given = text.find("kinds");
        String[] kinds = given == null ? new String[0] : given.split("\\s+");
        if (given != null && kinds.length != dimension) {
            throw new VolumeFormatException(file, dimension + " words in 'kinds'", "'" + TextHeader.shown(given) + "'");
        }
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < dimension; axis++) {
            boolean ofSpace = directions != null
                    ? directions[axis].length > 0
                    : given != null ? OF_SPACE.contains(kinds[axis].toLowerCase(Locale.ROOT)) : axis < 3;
            if (ofSpace) {
                axes.add(axis);
            }
        }
        return axes;
    }

    private Affine affine(List<Integer> space) throws VolumeFormatException {
        double[][] steps = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        String spacings = text.find("spacings");
        double[] mm = spacings == null ? new double[0] : text.numbers("spacings", dimension, spacings);
        for (int i = 0; i < space.size(); i++) {
            int axis = space.get(i);
            if (directions != null) {
                steps[i] = directions[axis];
            } else if (mm.length > 0 && !Double.isNaN(mm[axis])) {
                steps[i][i] = mm[axis];
            }
        }
        if (directions != null && space.size() == 2) {
            steps[2] = across(steps[0], steps[1]);
        }
        String given = text.find("spaceorigin");
        double[] origin = given == null ? new double[3] : vector("space origin", given.replaceAll("[()]", " "));
        return HeaderChecks.affine(file, steps, origin, flips(), "space directions");
    }

    /** 1 mm at right angles to both. */
    private static double[] across(double[] a, double[] b) {
        double[] normal = {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
        double length = Math.sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]);
        return Arrays.stream(normal).map(n -> n / length).toArray();
    }
}
