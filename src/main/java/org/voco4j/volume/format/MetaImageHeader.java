package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;
import org.voco4j.volume.format.RawVoxels.Packing;

/** Reads the header of a MetaImage: sizes, directions as rows, and how numbers are stored. */
final class MetaImageHeader {
    private static final String DATA = "elementdatafile";

    private final Path file;
    private final TextHeader text;
    private final int dimension;

    private MetaImageHeader(Path file, TextHeader text) throws IOException {
        this.file = file;
        this.text = text;
        readFields();
        long rank = text.whole("ndims", 1)[0];
        if (rank < 2 || rank > 4) {
            throw new VolumeFormatException(file, Fault.DIMENSION, "2 to 4 dimensions", String.valueOf(rank));
        }
        dimension = (int) rank;
    }

    static RawFormat.Content read(Path file) throws IOException {
        try (TextHeader text = new TextHeader(file)) {
            return new MetaImageHeader(file, text).content();
        }
    }

    /** Up to the data file, which is always named last. */
    private void readFields() throws IOException {
        while (text.find(DATA) == null) {
            String line = text.line();
            int equals = line == null ? -1 : line.indexOf('=');
            if (line == null || equals < 0) {
                throw new VolumeFormatException(
                        file,
                        "lines 'Field = value' down to ElementDataFile, as a MetaImage begins",
                        line == null ? "the end of the file" : "'" + TextHeader.shown(line) + "'");
            }
            String name = line.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            text.put(name, line.substring(equals + 1).strip());
        }
    }

    private RawFormat.Content content() throws IOException {
        long[] sizes = text.whole("dimsize", dimension);
        String numbers = text.find("elementnumberofchannels");
        long together = numbers == null ? 1 : text.whole("elementnumberofchannels", 1)[0];
        HeaderChecks.sizes(file, sizes);
        HeaderChecks.sizes(
                file, together, sizes[0], sizes[1], dimension < 3 ? 1 : sizes[2], dimension < 4 ? 1 : sizes[3]);
        long channels = dimension < 4 ? together : sizes[3];
        if (dimension == 4 && together > 1) {
            throw new VolumeFormatException(
                    file, Fault.DIMENSION, "one axis of channels", "a fourth dimension and " + together + " channels");
        }
        Shape3 shape = new Shape3((int) sizes[0], (int) sizes[1], dimension < 3 ? 1 : (int) sizes[2]);
        return RawFormat.Content.of(file, affine(), voxels(shape, (int) channels, together > 1));
    }

    private RawVoxels voxels(Shape3 shape, int channels, boolean interleaved) throws IOException {
        if (!flag("binarydata", true)) {
            String said = TextHeader.shown(text.require("binarydata"));
            throw new VolumeFormatException(
                    file, "binary voxels", "voxels as text (BinaryData = " + said + "): save it as binary");
        }
        VoxelType type = type(text.require("elementtype"));
        String named = text.require(DATA);
        boolean local = named.equalsIgnoreCase("LOCAL");
        if (named.startsWith("LIST") || named.contains("%")) {
            throw HeaderChecks.severalFiles(file, named);
        }
        Path data = local ? file : HeaderChecks.beside(file, named);
        boolean packed = flag("compresseddata", false);
        long start = local ? text.position() : 0;
        long header = text.find("headersize") == null ? 0 : text.whole("headersize", 1)[0];
        if (header == -1 && !packed) { // at the end of the file
            header = Math.max(0, Files.size(data) - start - shape.voxels() * channels * type.bytes);
        }
        if (header < 0 || header > 1L << 50) {
            throw new VolumeFormatException(file, "a HeaderSize of 0 or more", String.valueOf(header));
        }
        boolean big = flag("elementbyteordermsb", flag("binarydatabyteordermsb", false));
        return new RawVoxels(
                data,
                start + header,
                packed ? Packing.gzipOr(Packing.ZLIB, data, start + header) : Packing.NONE,
                0,
                shape,
                channels,
                interleaved,
                type,
                big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                1,
                0);
    }

    /** By MetaIO's rule: a value that begins with T, t or 1 is true, every other is false. */
    private boolean flag(String name, boolean absent) {
        String value = text.find(name);
        return value == null ? absent : value.startsWith("T") || value.startsWith("t") || value.startsWith("1");
    }

    private VoxelType type(String name) throws VolumeFormatException {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "MET_CHAR" -> VoxelType.INT8;
            case "MET_UCHAR" -> VoxelType.UINT8;
            case "MET_SHORT" -> VoxelType.INT16;
            case "MET_USHORT" -> VoxelType.UINT16;
            case "MET_INT", "MET_LONG" -> VoxelType.INT32;
            case "MET_UINT", "MET_ULONG" -> VoxelType.UINT32;
            case "MET_LONG_LONG" -> VoxelType.INT64;
            case "MET_ULONG_LONG" -> VoxelType.UINT64;
            case "MET_FLOAT" -> VoxelType.FLOAT32;
            case "MET_DOUBLE" -> VoxelType.FLOAT64;
            default ->
                throw new VolumeFormatException(
                        file, Fault.NOT_A_VOLUME, "real numbers as voxels", "the type " + TextHeader.shown(name));
        };
    }

    private Affine affine() throws VolumeFormatException {
        double[] turn = given(dimension * dimension, "transformmatrix", "rotation", "orientation");
        double[] spacing = given(dimension, "elementspacing", "elementsize");
        double[] offset = given(dimension, "offset", "position", "origin");
        double[][] steps = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        double[] origin = new double[3];
        int space = Math.min(3, dimension);
        for (int axis = 0; axis < space; axis++) {
            for (int i = 0; i < space; i++) { // a row of the matrix is the direction of an axis
                double cosine = turn.length == 0 ? (i == axis ? 1 : 0) : turn[axis * dimension + i];
                steps[axis][i] = cosine * (spacing.length == 0 ? 1 : spacing[axis]);
            }
            origin[axis] = offset.length == 0 ? 0 : offset[axis];
        }
        return HeaderChecks.affine(file, steps, origin, new double[] {-1, -1, 1}, "TransformMatrix and ElementSpacing");
    }

    /** The numbers under the first name that is there; none if none is. */
    private double[] given(int count, String... names) throws VolumeFormatException {
        @Nullable String value = text.find(names);
        return value == null ? new double[0] : text.numbers(names[0], count, value);
    }
}
