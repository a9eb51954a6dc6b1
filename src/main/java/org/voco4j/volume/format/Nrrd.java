package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.voco4j.file.AtomicFile;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * NRRD: {@code .nrrd}, and a header {@code .nhdr} with its data file; raw or gzip, either byte order, all integer and
 * floating point types, 2 or 3 axes of space and at most one of channels before or after them.
 *
 * <p>Axes of space are those with a direction, else those whose kind says so, else the first three. Where no patient's
 * space is named, it is taken for left-posterior-superior, as ITK does; a 2-D image has one slice of 1 mm. Refused by
 * name: other encodings, data in several files, blocks, spaces with time.
 *
 * <p>Written is gzip in one file, in left-posterior-superior.
 */
public final class Nrrd extends RawFormat {

    @Override
    public String name() {
        return "NRRD";
    }

    @Override
    public List<String> endings() {
        return List.of(".nrrd", ".nhdr");
    }

    @Override
    public boolean writes(Path file) {
        return HeaderChecks.ends(file, ".nrrd");
    }

    @Override
    Content open(Path file) throws IOException {
        return NrrdHeader.read(file);
    }

    @Override
    public void write(Volume volume, Path file, Stored stored) throws IOException {
        HeaderChecks.ending(file, ".nrrd");
        VoxelType type = VoxelWriter.type(stored);
        byte[] header = header(volume, type).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> {
            out.write(header);
            GZIPOutputStream zip = VoxelWriter.gzip(out);
            VoxelWriter.write(volume, type, file, zip);
            zip.finish();
        });
    }

    private static String header(Volume volume, VoxelType type) {
        Shape3 shape = volume.shape();
        String name = type == VoxelType.FLOAT32 ? "float" : type.name().toLowerCase(Locale.ROOT);
        String steps = IntStream.range(0, 3)
                .mapToObj(axis -> vector(volume.affine(), axis))
                .collect(Collectors.joining(" "));
        return String.join(
                        "\n",
                        "NRRD0004",
                        "type: " + name,
                        "dimension: 3",
                        "space: left-posterior-superior",
                        "sizes: " + shape.x() + " " + shape.y() + " " + shape.z(),
                        "space directions: " + steps,
                        "kinds: domain domain domain",
                        "endian: little",
                        "encoding: gzip",
                        "space origin: " + vector(volume.affine(), 3))
                + "\n\n";
    }

    private static String vector(Affine ras, int column) {
        double[] lps = HeaderChecks.lps(ras, column);
        return "(" + lps[0] + "," + lps[1] + "," + lps[2] + ")";
    }
}
