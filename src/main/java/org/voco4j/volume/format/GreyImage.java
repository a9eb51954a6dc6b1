package org.voco4j.volume.format;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.AtomicFile;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;

/**
 * Pictures as 2-D volumes {@code [X, Y, 1]}: PNG and JPEG of 8 or 16 bits, for example radiographs.
 *
 * <p>A picture says nothing of the patient. It is taken as an axial slice is shown and as ITK takes it: pixel (0, 0) at
 * the origin, x to the right of the picture (the patient's left), y down (posterior), 1 from pixel to pixel without a
 * unit. Greys are values as stored, 0 … 255 or 0 … 65535; greys of 1, 2 and 4 bits are spread over 0 … 255; colours,
 * those of palettes too, become (red + green + blue) / 3; opacity is left aside.
 *
 * <p>Written is PNG, of whole numbers in one slice; spacing and position are not kept.
 */
public final class GreyImage implements VolumeFormat {
    private static final long MOST_PIXELS = 1L << 26; // 8192 x 8192, twice the largest radiographs each way

    @Override
    public String name() {
        return "PNG and JPEG";
    }

    @Override
    public List<String> endings() {
        return List.of(".png", ".jpg", ".jpeg");
    }

    @Override
    public boolean writes(Path file) {
        return HeaderChecks.ends(file, ".png");
    }

    @Override
    public VolumeHeader header(Path file) throws IOException {
        return decoded(file, (reader, shape) -> {
            // an 8-bit palette holds 8-bit colours, whatever the number of bits of an index
            int bits = reader.getRawImageType(0) == null
                    ? 8
                    : reader.getRawImageType(0).getColorModel().getComponentSize(0);
            return new VolumeHeader(shape, 1, affine(), bits > 8 ? "uint16" : "uint8");
        });
    }

    @Override
    public Volume read(Path file) throws IOException {
        return decoded(file, (reader, shape) -> {
            List<String> warnings = new ArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            BufferedImage picture = reader.read(0);
            if (!warnings.isEmpty()) {
                throw new VolumeFormatException(file, Fault.TRUNCATED, shape + " pixels", warnings.get(0));
            }
            return new Volume(shape, affine(), greys(picture));
        });
    }

    @Override
    public void write(Volume volume, Path file, Stored type) throws IOException {
        HeaderChecks.ending(file, ".png");
        Shape3 shape = volume.shape();
        if (shape.z() != 1 || (type != Stored.UINT8 && type != Stored.UINT16)) {
            throw new IllegalArgumentException(file + ": a picture holds one slice of whole numbers from 0 on, not "
                    + shape + " of " + type.name().toLowerCase(Locale.ROOT));
        }
        int kind = type == Stored.UINT8 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_USHORT_GRAY;
        BufferedImage picture = new BufferedImage(shape.x(), shape.y(), kind);
        for (int y = 0; y < shape.y(); y++) {
            for (int x = 0; x < shape.x(); x++) {
                int grey = VoxelWriter.whole(volume.at(x, y, 0), VoxelWriter.type(type), file);
                picture.getRaster().setSample(x, y, 0, grey);
            }
        }
        AtomicFile.write(file, out -> ImageIO.write(picture, "png", out));
    }

    private static Affine affine() {
        return Affine.ofRows(-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0);
    }

    /** The picture's values, row-major with y fastest. */
    private static float[] greys(BufferedImage picture) {
        Raster raster = picture.getRaster();
        ColorModel colours = picture.getColorModel();
        @Nullable IndexColorModel palette = colours instanceof IndexColorModel index ? index : null;
        int bands = raster.getNumBands() < 3 ? 1 : 3; // opacity comes last
        int width = picture.getWidth();
        int height = picture.getHeight();
        float[] greys = new float[width * height];
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            for (int band = 0; band < bands; band++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, band, row);
                for (int x = 0; x < width; x++) {
                    greys[x * height + y] += palette == null ? row[x] : sum(palette, row[x]);
                }
            }
            for (int x = 0; x < width && (bands == 3 || palette != null); x++) {
                greys[x * height + y] /= 3;
            }
        }
        return greys;
    }

    private static int sum(IndexColorModel palette, int index) {
        return palette.getRed(index) + palette.getGreen(index) + palette.getBlue(index);
    }

    /** What is done with an opened picture whose size is known. */
    private interface Use<T> {
        T of(ImageReader reader, Shape3 shape) throws IOException;
    }

    /** Whatever a decoder throws on a damaged file is a fault of the file. */
    private static <T> T decoded(Path file, Use<T> use) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new VolumeFormatException(file, "a file", "none");
        }
        try (ImageInputStream in =
                new MemoryCacheImageInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            ImageReader reader = readers.hasNext() ? readers.next() : null;
            if (reader == null || !List.of("png", "jpeg").contains(format(reader))) {
                throw new VolumeFormatException(file, "a PNG or JPEG picture", "other bytes");
            }
            try {
                reader.setInput(in, true, true); // without metadata, where texts may be deflated a thousandfold
                return use.of(reader, shape(reader, file));
            } finally {
                reader.dispose();
            }
        } catch (VolumeFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new VolumeFormatException(
                    file, Fault.TRUNCATED, "a picture that can be decoded", "damage or an unknown kind (" + e + ")");
        }
    }

    private static String format(ImageReader reader) throws IOException {
        return reader.getFormatName().toLowerCase(Locale.ROOT);
    }

    private static Shape3 shape(ImageReader reader, Path file) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        HeaderChecks.sizes(file, width, height);
        long pixels = (long) width * height;
        if (pixels > MOST_PIXELS || pixels / 8 > Files.size(file) * RawVoxels.DEFLATE_LIMIT + (1 << 16)) {
            throw new VolumeFormatException(
                    file,
                    "at most " + MOST_PIXELS + " pixels, and no more than the file can hold",
                    width + "x" + height + " in " + Files.size(file) + " bytes");
        }
        return new Shape3(width, height, 1);
    }
}
