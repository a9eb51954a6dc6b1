package org.voco4j.volume.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Expected;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

class MetaImageTest {
    private static final double[] SIX = {1, 2, 3, 4, 5, 6};

    private final MetaImage meta = new MetaImage();

    @TempDir
    private Path folder;

    static Stream<Arguments> variants() {
        List<Arguments> all = new ArrayList<>();
        String[] names = {
            "UCHAR",
            "CHAR",
            "SHORT",
            "USHORT",
            "INT",
            "LONG",
            "UINT",
            "ULONG",
            "LONG_LONG",
            "ULONG_LONG",
            "FLOAT",
            "DOUBLE"
        };
        VoxelType[] types = {
            VoxelType.UINT8, VoxelType.INT8, VoxelType.INT16, VoxelType.UINT16, VoxelType.INT32, VoxelType.INT32,
            VoxelType.UINT32, VoxelType.UINT32, VoxelType.INT64, VoxelType.UINT64, VoxelType.FLOAT32, VoxelType.FLOAT64
        };
        for (int i = 0; i < names.length; i++) {
            for (int bits = 0; bits < 8; bits++) {
                all.add(Arguments.of("MET_" + names[i], types[i], (bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void everyVariantIsRead(String name, VoxelType type, boolean big, boolean zip, boolean apart) throws IOException {
        double[] values = new double[2 * 3 * 20];
        for (int i = 0; i < values.length; i++) {
            values[i] = i == 0 && type.name().startsWith("I") ? -7 : i == 1 && type == VoxelType.UINT8 ? 255 : i;
        }
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        byte[] voxels = TextBytes.numbers(type, order, values);
        voxels = zip ? TextBytes.zlib(voxels) : voxels;
        // a quarter turn about z: the first axis runs along +y, the second along −x
        String header = "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = "
                + (big ? "True" : "False") + "\nCompressedData = " + (zip ? "True" : "False")
                + "\nTransformMatrix = 0 1 0 -1 0 0 0 0 1\nOffset = 10 -20 30\nElementSpacing = 2 3 4\n"
                + "DimSize = 2 3 20\nElementType = " + name + "\nElementDataFile = ";
        Path file = folder.resolve(apart ? "a.mhd" : "a.mha");
        if (apart) {
            Files.write(folder.resolve("a.zraw"), voxels);
            Files.writeString(file, header + "a.zraw\n");
        } else {
            TextBytes.write(file, header + "LOCAL\n", voxels);
        }
        Volume volume = meta.read(file);
        assertThat(volume.shape()).isEqualTo(new Shape3(2, 3, 20));
        for (int i = 0; i < values.length; i++) {
            assertThat(volume.at(i % 2, i / 2 % 3, i / 6)).isEqualTo((float) values[i]);
        }
        Expected.assertSame(volume.affine(), Affine.ofRows(0, 3, 0, -10, -2, 0, 0, 20, 0, 0, 4, 30), 0);
        assertThat(meta.header(file).dataType()).isEqualToIgnoringCase(type.name());
        assertThat(meta.files(file)).isEqualTo(apart ? List.of(file, folder.resolve("a.zraw")) : List.of(file));
    }

    @ParameterizedTest
    @CsvSource({
        "True, true",
        "TRUE, true",
        "true, true",
        "T, true",
        "t, true",
        "1, true",
        "False, false",
        "F, false",
        "0, false",
        "yes, false",
        "'', false"
    })
    void flagsAreTrueAsInMetaIo(String said, boolean set) throws IOException {
        ByteOrder order = set ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        byte[] voxels = TextBytes.numbers(VoxelType.INT16, order, -1000, -500, 0, 100, 154, 7);
        for (String key : List.of("BinaryDataByteOrderMSB", "ElementByteOrderMSB")) {
            Path file = flagged("BinaryData = 1\n" + key + " = " + said + "\n", voxels);
            assertThat(meta.read(file).voxels()).as(key).containsExactly(-1000, -500, 0, 100, 154, 7);
        }
        byte[] little = TextBytes.numbers(VoxelType.INT16, ByteOrder.LITTLE_ENDIAN, SIX);
        Path zipped = flagged("CompressedData = " + said + "\n", set ? TextBytes.zlib(little) : little);
        assertThat(meta.read(zipped).voxels()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    private Path flagged(String flag, byte[] voxels) throws IOException {
        String header = "NDims = 3\n" + flag + "DimSize = 1 1 6\nElementType = MET_SHORT\nElementDataFile = LOCAL\n";
        return TextBytes.write(folder.resolve("flag.mha"), header, voxels);
    }

    @Test
    void channelsWithinVoxelsOrAsAFourthAxisAreRead() throws IOException {
        Path within = file("NDims = 3\nDimSize = 3 1 1\nElementNumberOfChannels = 2\n");
        assertThat(meta.header(within).channels()).isEqualTo(2);
        assertThat(meta.read(within, 1).voxels()).containsExactly(2, 4, 6);
        assertThatThrownBy(() -> meta.read(within)).hasMessageContaining("a 4-D file with 2 volumes");
        Path after = file("""
                NDims = 4
                DimSize = 3 1 1 2
                ElementSpacing = 1 2 3 9
                TransformMatrix = 1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1
                Offset = 1 2 3 4
                """);
        assertThat(meta.read(after, 1).voxels()).containsExactly(4, 5, 6);
        Expected.assertSame(meta.header(after).affine(), Affine.ofRows(-1, 0, 0, -1, 0, -2, 0, -2, 0, 0, 3, 3), 0);
        Path both = file("NDims = 4\nDimSize = 3 1 1 1\nElementNumberOfChannels = 2\n");
        assertThatThrownBy(() -> meta.header(both)).hasMessageContaining("one axis of channels");
    }

    @Test
    void aFlatImageHasOneSlice() throws IOException {
        Path flat = file("NDims = 2\nDimSize = 3 2\nElementSize = 0.5 2\nPosition = 7 8\n");
        assertThat(meta.read(flat).voxels()).containsExactly(1, 4, 2, 5, 3, 6);
        Expected.assertSame(meta.read(flat).affine(), Affine.ofRows(-0.5, 0, 0, -7, 0, -2, 0, -8, 0, 0, 1, 0), 0);
    }

    @Test
    void theHeaderOfADataFileIsSkipped() throws IOException {
        Files.write(folder.resolve("a.raw"), new byte[] {9, 9, 1, 2, 3, 4, 5, 6});
        Path file = folder.resolve("a.mhd");
        for (int size : new int[] {2, -1}) {
            Files.writeString(
                    file,
                    "NDims = 3\nDimSize = 3 2 1\nElementType = MET_UCHAR\nHeaderSize = " + size
                            + "\nElementDataFile = a.raw");
            assertThat(meta.read(file).voxels()).containsExactly(1, 4, 2, 5, 3, 6);
        }
    }

    private Path file(String lines) throws IOException {
        Path file = Files.createTempFile(folder, "six", ".mha");
        return TextBytes.write(
                file,
                lines + "ElementType = MET_SHORT\nElementDataFile = LOCAL\n",
                TextBytes.numbers(VoxelType.INT16, ByteOrder.LITTLE_ENDIAN, SIX));
    }
}
