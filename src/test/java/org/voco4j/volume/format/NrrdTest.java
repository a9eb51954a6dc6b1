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
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

class NrrdTest {
    private static final double[] SIX = {1, 2, 3, 4, 5, 6};

    private final Nrrd nrrd = new Nrrd();

    @TempDir
    private Path folder;

    static Stream<Arguments> variants() {
        List<Arguments> all = new ArrayList<>();
        String[] names = {
            "uchar",
            "int8_t",
            "signed short int",
            "ushort",
            "int",
            "unsigned int",
            "long long",
            "uint64",
            "float",
            "double"
        };
        VoxelType[] types = {
            VoxelType.UINT8,
            VoxelType.INT8,
            VoxelType.INT16,
            VoxelType.UINT16,
            VoxelType.INT32,
            VoxelType.UINT32,
            VoxelType.INT64,
            VoxelType.UINT64,
            VoxelType.FLOAT32,
            VoxelType.FLOAT64
        };
        for (int i = 0; i < names.length; i++) {
            for (int bits = 0; bits < 8; bits++) {
                all.add(Arguments.of(names[i], types[i], (bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0));
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
        voxels = zip ? NiftiBytes.gzip(voxels) : voxels;
        String header = "NRRD0005\n# a comment: with a colon\nType: " + name + "\ndimension: 3\nsizes: 2 3 20\n"
                + "space: LPS\nspace directions: (2,0,0) (0, 3 ,0) (0,0.5,4)\nspace origin: (10,-20,30)\n"
                + "endian: " + (big ? "big" : "little") + "\nencoding: " + (zip ? "gzip" : "raw") + "\nkey:=a value\n";
        Path file = folder.resolve(apart ? "a.nhdr" : "a.nrrd");
        if (apart) {
            Files.createDirectories(folder.resolve("data"));
            Files.write(folder.resolve("data/a.bin"), voxels);
            Files.writeString(file, header + "data file: data/a.bin\n");
        } else {
            TextBytes.write(file, header.replace("\n", "\r\n") + "\n", voxels);
        }
        Volume volume = nrrd.read(file);
        assertThat(volume.shape()).isEqualTo(new Shape3(2, 3, 20));
        for (int i = 0; i < values.length; i++) {
            assertThat(volume.at(i % 2, i / 2 % 3, i / 6)).isEqualTo((float) values[i]);
        }
        Expected.assertSame(volume.affine(), Affine.ofRows(-2, 0, 0, -10, 0, -3, -0.5, 20, 0, 0, 4, 30), 1e-12);
        assertThat(nrrd.header(file).dataType()).isEqualToIgnoringCase(type.name());
        assertThat(nrrd.files(file)).isEqualTo(apart ? List.of(file, folder.resolve("data/a.bin")) : List.of(file));
    }

    @ParameterizedTest
    @CsvSource({
        "right-anterior-superior, RAS",
        "LAS, LAS",
        "left-posterior-superior, LPS",
        "scanner-xyz, LPS", // of nobody: as ITK has it
    })
    void eachSpaceIsTurnedToRas(String space, String codes) throws IOException {
        Path file = six("space: " + space + "\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (1,2,3)\n");
        Affine affine = nrrd.header(file).affine();
        assertThat(Orient.codes(affine)).isEqualTo(codes);
        assertThat(affine.at(0, 3)).isEqualTo(codes.startsWith("R") ? 1 : -1);
        assertThat(affine.at(1, 3)).isEqualTo(codes.startsWith("A", 1) ? 2 : -2);
        assertThat(affine.at(2, 3)).isEqualTo(3);
    }

    @Test
    void spacingsAloneAreEnough() throws IOException {
        Expected.assertSame(
                nrrd.header(six("spacings: 2 nan 4\n")).affine(),
                Affine.ofRows(-2, 0, 0, 0, 0, -1, 0, 0, 0, 0, 4, 0),
                0);
    }

    @Test
    void channelsBeforeOrAfterTheAxesOfSpaceAreRead() throws IOException {
        String space = "space dimension: 3\nspace directions: ";
        Path after = file("3 1 1 2", space + "(1,0,0) (0,1,0) (0,0,1) none\n");
        assertThat(nrrd.header(after).channels()).isEqualTo(2);
        assertThat(nrrd.read(after, 1).voxels()).containsExactly(4, 5, 6);
        Path before = file("2 3 1 1", space + "none (1,0,0) (0,1,0) (0,0,1)\n");
        assertThat(nrrd.header(before).shape()).isEqualTo(new Shape3(3, 1, 1));
        assertThat(nrrd.read(before, 1).voxels()).containsExactly(2, 4, 6);
        assertThatThrownBy(() -> nrrd.read(before)).hasMessageContaining("a 4-D file with 2 volumes of 3x1x1");
        assertThatThrownBy(() -> nrrd.read(before, 2)).hasMessageContaining("0 to 1, not 2");
        List<Float> seen = new ArrayList<>();
        nrrd.visit(before, (slice, width) -> {
            for (float value : slice) {
                seen.add(value);
            }
            return true;
        });
        assertThat(seen).containsExactly(1f, 3f, 5f, 2f, 4f, 6f);
        Path kinds = file("2 3 1 1", "kinds: list domain domain domain\n");
        assertThat(nrrd.read(kinds, 0).voxels()).containsExactly(1, 3, 5);
        Path within = file("3 2 1 1", space + "(1,0,0) none (0,1,0) (0,0,1)\n");
        assertThatThrownBy(() -> nrrd.header(within)).hasMessageContaining("before or after them");
    }

    @Test
    void aFlatImageHasOneSlice() throws IOException {
        Path flat = file("3 2", "space dimension: 2\nspace directions: (0.5,0) (0,2)\nspace origin: (7,8)\n");
        assertThat(nrrd.read(flat).shape()).isEqualTo(new Shape3(3, 2, 1));
        Expected.assertSame(nrrd.read(flat).affine(), Affine.ofRows(-0.5, 0, 0, -7, 0, -2, 0, -8, 0, 0, 1, 0), 0);
        Path upright = file("3 2", "space: RAS\nspace directions: (2,0,0) (0,0,3)\n");
        assertThat(Orient.codes(nrrd.header(upright).affine())).isEqualTo("RSP"); // x × z = −y
    }

    @Test
    void bytesBeforeTheVoxelsAreSkipped() throws IOException {
        String header = "NRRD0001\ntype: uchar\ndimension: 3\nsizes: 3 2 1\nencoding: ";
        byte[] voxels = {9, 9, 1, 2, 3, 4, 5, 6};
        Path plain = TextBytes.write(folder.resolve("a.nrrd"), header + "raw\nbyteskip: 2\n\n", voxels);
        assertThat(nrrd.read(plain).voxels()).containsExactly(1, 4, 2, 5, 3, 6);
        Path last = TextBytes.write(folder.resolve("b.nrrd"), header + "raw\nbyte skip: -1\n\n", voxels);
        assertThat(nrrd.read(last).voxels()).containsExactly(1, 4, 2, 5, 3, 6);
        Path zipped = folder.resolve("c.nrrd");
        TextBytes.write(zipped, header + "gz\nbyte skip: 2\n\n", NiftiBytes.gzip(voxels));
        assertThat(nrrd.read(zipped).voxels()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    private Path six(String lines) throws IOException {
        return file("3 2 1", lines);
    }

    private Path file(String sizes, String lines) throws IOException {
        String header = "NRRD0004\ntype: short\ndimension: " + sizes.split(" ").length + "\nsizes: " + sizes
                + "\nendian: little\nencoding: raw\n" + lines + "\n";
        Path file = Files.createTempFile(folder, "six", ".nrrd");
        return TextBytes.write(file, header, TextBytes.numbers(VoxelType.INT16, ByteOrder.LITTLE_ENDIAN, SIX));
    }
}
