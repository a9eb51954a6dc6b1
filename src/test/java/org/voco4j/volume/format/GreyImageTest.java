package org.voco4j.volume.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.TestData;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.VolumeFormat.Stored;

class GreyImageTest {
    private final GreyImage format = new GreyImage();

    @TempDir
    private Path folder;

    /** Sizes, sums and two pixels as the PNG specification gives them, decoded by other means. */
    @ParameterizedTest
    @CsvSource({
        "00000001_000.png, 134348526, 0, 162",
        "00000002_000.png, 188794619, 65, 218",
        "00000013_003.png, 126241581, 0, 180",
    })
    void radiographsAreReadAsStored(String name, long sum, int one, int other) throws IOException {
        Path file = TestData.path("xray").resolve(name);
        Volume image = format.read(file);
        assertThat(image.shape()).isEqualTo(new Shape3(1024, 1024, 1));
        assertThat(format.header(file).shape()).isEqualTo(image.shape());
        assertThat(Orient.codes(image.affine())).isEqualTo("LPS");
        long found = 0;
        for (float value : image.voxels()) {
            found += (long) value;
        }
        assertThat(found).isEqualTo(sum);
        assertThat(image.at(20, 10, 0)).isEqualTo(one); // x = column 20, y = row 10
        assertThat(image.at(600, 500, 0)).isEqualTo(other);
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
    void greysOf8And16BitsAreTheirValues(int type) throws IOException {
        BufferedImage picture = new BufferedImage(5, 3, type);
        int factor = type == BufferedImage.TYPE_BYTE_GRAY ? 17 : 4369;
        for (int i = 0; i < 15; i++) {
            picture.getRaster().setSample(i % 5, i / 5, 0, factor * i);
        }
        Path file = png(picture);
        Volume image = format.read(file);
        for (int i = 0; i < 15; i++) {
            assertThat(image.at(i % 5, i / 5, 0)).isEqualTo(factor * i);
        }
        assertThat(format.header(file).dataType()).isEqualTo(factor == 17 ? "uint8" : "uint16");
        format.visit(file, (slice, width) -> {
            assertThat(width).isEqualTo(5);
            assertThat(slice[7]).isEqualTo(7 * factor);
            return true;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_BYTE_INDEXED})
    void coloursBecomeTheirMean(int type) throws IOException {
        BufferedImage picture = new BufferedImage(2, 1, type);
        picture.setRGB(0, 0, new Color(255, 51, 0).getRGB());
        picture.setRGB(1, 0, new Color(51, 51, 51).getRGB());
        assertThat(format.read(png(picture)).voxels()).containsExactly(102, 51);
    }

    @Test
    void greysOfFewBitsAreSpread() throws IOException {
        byte[] bits = {0, (byte) 255};
        BufferedImage picture =
                new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(1, 2, bits, bits, bits));
        picture.getRaster().setSample(1, 0, 0, 1);
        assertThat(format.read(png(picture)).voxels()).containsExactly(0, 255);
    }

    @Test
    void jpegIsReadNearly() throws IOException {
        BufferedImage picture = new BufferedImage(64, 32, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 64 * 32; i++) {
            picture.getRaster().setSample(i % 64, i / 64, 0, i % 64 * 2 + i / 64);
        }
        Path file = folder.resolve("a.JPG");
        ImageIO.write(picture, "jpeg", file.toFile());
        Volume image = format.read(file);
        assertThat(image.shape()).isEqualTo(new Shape3(64, 32, 1));
        assertThat(image.at(40, 8, 0)).isCloseTo(88, offset(4f));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> format.read(file)).isInstanceOf(VolumeFormatException.class);
    }

    @ParameterizedTest
    @CsvSource({"UINT8, 255", "UINT16, 65535"})
    void whatIsWrittenIsRead(Stored type, int largest) throws IOException {
        Volume image = new Volume(new Shape3(2, 2, 1), format.read(blank()).affine(), new float[] {0, 1, 2, largest});
        Path file = folder.resolve("w.png");
        format.write(image, file, type);
        assertThat(format.read(file).voxels()).isEqualTo(image.voxels());
        assertThat(format.read(file).affine()).isEqualTo(image.affine());
        assertThatThrownBy(() -> format.write(image, file)).hasMessageContaining("whole numbers from 0 on");
        assertThatThrownBy(() -> format.write(image, folder.resolve("w.jpg"), type))
                .hasMessageContaining("name it .png");
    }

    @Test
    void sizesAreBoundedBeforeDecoding() throws IOException {
        byte[] png = Files.readAllBytes(blank());
        ByteBuffer header = ByteBuffer.wrap(png);
        for (int size : new int[] {20_000, 8_000, Integer.MAX_VALUE, -1}) {
            header.putInt(16, size).putInt(20, size);
            CRC32 check = new CRC32();
            check.update(png, 12, 17);
            header.putInt(29, (int) check.getValue());
            Path file = Files.write(folder.resolve("large.png"), png);
            assertThatThrownBy(() -> format.read(file))
                    .isInstanceOf(VolumeFormatException.class)
                    .hasMessageContaining("large.png");
        }
    }

    @Test
    void changedBytesGiveAPictureOrASentence() throws IOException {
        BufferedImage picture = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(3, 4, -1);
        int refused = 0;
        for (String name : new String[] {"png", "jpeg"}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(picture, name, out);
            for (int seed = 0; seed < 300; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                byte[] bytes = Arrays.copyOf(out.toByteArray(), random.nextInt(1, out.size() + 1));
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                Path file = Files.write(folder.resolve("mutant." + name), bytes);
                try {
                    Volume image = format.read(file);
                    assertThat(image.voxels()).hasSize((int) image.shape().voxels());
                } catch (VolumeFormatException e) {
                    refused++;
                    assertThat(e).hasMessageContaining("mutant").hasMessageContaining("found");
                }
            }
        }
        assertThat(refused).isBetween(300, 599);
    }

    @Test
    void onlyTwoDimensionsAskForPictures() {
        assertThat(Formats.any(2).reads(Path.of("a.png"))).isTrue();
        assertThat(Formats.any(2).writes(Path.of("a.png"))).isTrue();
        assertThat(Formats.any(2).writes(Path.of("a.jpg"))).isFalse();
        assertThat(Formats.any(2).writes(Path.of("a.mhd"))).isFalse();
        assertThat(Formats.any().reads(Path.of("a.png"))).isFalse();
        assertThat(Formats.plain(Path.of("b/a.jpeg"))).isEqualTo("b/a");
    }

    private Path blank() throws IOException {
        return png(new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY));
    }

    private Path png(BufferedImage picture) throws IOException {
        Path file = folder.resolve("a.png");
        ImageIO.write(picture, "png", file.toFile());
        return file;
    }
}
