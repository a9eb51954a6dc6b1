package org.voco4j.volume.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.voco4j.file.AtomicFile;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

/**
 * MetaImage: {@code .mha}, and a header {@code .mhd} with its {@code .raw} or {@code .zraw}; plain or deflated, either
 * byte order, all integer and floating point types, 2 or 3 axes and channels as a fourth or within each voxel.
 *
 * <p>Positions are in left-posterior-superior, whatever AnatomicalOrientation says, as in ITK; a 2-D image has one slice
 * of 1 mm. ElementToIntensityFunction is not applied, as ITK does not. Flags are true if they begin with T, t or 1, as
 * in MetaIO. Refused by name: voxels as text or in several
 * files, and voxels that are no numbers.
 *
 * <p>Written is {@code .mha}, deflated.
 */
public final class MetaImage extends RawFormat {

    @Override
    public String name() {
        return "MetaImage";
    }

    @Override
    public List<String> endings() {
        return List.of(".mha", ".mhd");
    }

    @Override
    public boolean writes(Path file) {
        return HeaderChecks.ends(file, ".mha");
    }

    @Override
    Content open(Path file) throws IOException {
        return MetaImageHeader.read(file);
    }

    @Override
    public void write(Volume volume, Path file, Stored stored) throws IOException {
        HeaderChecks.ending(file, ".mha");
        VoxelType type = VoxelWriter.type(stored);
        Count count = new Count(); // the header says how many bytes follow: they are counted first
        deflate(volume, type, file, count);
        byte[] header = header(volume, type, count.bytes).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> {
            out.write(header);
            deflate(volume, type, file, out);
        });
    }

    private static void deflate(Volume volume, VoxelType type, Path file, OutputStream out) throws IOException {
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try {
            DeflaterOutputStream zip = new DeflaterOutputStream(out, fast, 1 << 16);
            VoxelWriter.write(volume, type, file, zip);
            zip.finish();
        } finally {
            fast.end();
        }
    }

    private static final class Count extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] b, int offset, int length) {
            bytes += length;
        }
    }

    private static String header(Volume volume, VoxelType type, long bytes) {
        Shape3 shape = volume.shape();
        Affine ras = volume.affine();
        Spacing mm = ras.spacing();
        StringBuilder turn = new StringBuilder();
        for (int axis = 0; axis < 3; axis++) {
            for (double step : HeaderChecks.lps(ras, axis)) {
                turn.append(' ').append(step / mm.along(axis));
            }
        }
        double[] origin = HeaderChecks.lps(ras, 3);
        return String.join(
                        "\n",
                        "ObjectType = Image",
                        "NDims = 3",
                        "BinaryData = True",
                        "BinaryDataByteOrderMSB = False",
                        "CompressedData = True",
                        "CompressedDataSize = " + bytes,
                        "TransformMatrix =" + turn,
                        "Offset = " + origin[0] + " " + origin[1] + " " + origin[2],
                        "CenterOfRotation = 0 0 0",
                        "ElementSpacing = " + mm.x() + " " + mm.y() + " " + mm.z(),
                        "DimSize = " + shape.x() + " " + shape.y() + " " + shape.z(),
                        "ElementType = " + name(type),
                        "ElementDataFile = LOCAL")
                + "\n";
    }

    private static String name(VoxelType type) {
        return switch (type) {
            case UINT8 -> "MET_UCHAR";
            case UINT16 -> "MET_USHORT";
            case INT16 -> "MET_SHORT";
            case FLOAT32 -> "MET_FLOAT";
            default -> throw new IllegalArgumentException(type.name().toLowerCase(Locale.ROOT) + " is not written");
        };
    }
}
