package org.voco4j.volume.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;

/** Damaged, lying and foreign NRRD and MetaImage files: a sentence, and no memory taken for what is not there. */
class TextFormatsHostileTest {
    private static final long MOST = 16L << 20; // bytes a refusal may allocate
    private static final String NRRD = """
            NRRD0004
            type: short
            dimension: 3
            space: left-posterior-superior
            sizes: 6 5 8
            space directions: (1,0,0) (0,1,0) (0,0,1)
            kinds: domain domain domain
            endian: little
            encoding: raw
            space origin: (0,0,0)

            """;
    private static final String META = """
            ObjectType = Image
            NDims = 3
            BinaryData = True
            BinaryDataByteOrderMSB = False
            CompressedData = False
            TransformMatrix = 1 0 0 0 1 0 0 0 1
            Offset = 0 0 0
            ElementSpacing = 1 1 1
            DimSize = 6 5 8
            ElementType = MET_SHORT
            ElementDataFile = LOCAL
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"nrrd, false", "nrrd, true", "mha, false", "mha, true"})
    void cutFilesAreRefusedWithBothLengths(String ending, boolean zip) throws IOException {
        byte[] whole = good(ending, zip);
        Path file = folder.resolve("cut." + ending);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused(file, "expected");
        }
        assertRefused(Files.write(file, Arrays.copyOf(whole, whole.length - 9)), "480 bytes (6x5x8 int16)", "found");
        whole[whole.length - (zip ? 2 : 1)] ^= 1; // in the checksum
        if (zip) {
            assertRefused(Files.write(file, whole), "damaged");
        }
    }

    @Test
    void promisesAreCheckedBeforeMemoryIsTaken() throws IOException {
        nrrd("6 5 8", "1048576 1048576 1", "fewer than 2^31 voxels");
        nrrd("6 5 8", "4611686018427387904 4611686018427387904 4", "fewer than 2^31 voxels");
        nrrd("6 5 8", "1000 1000 2000", "4000000000 bytes", "found 480 bytes");
        nrrd("6 5 8", "0 5 8", "0 along dimension 1");
        nrrd("6 5 8", "6 5 -8", "-8 along dimension 3");
        nrrd("6 5 8", "99999999999999999999 5 8", "3 numbers in 'sizes'");
        meta("6 5 8", "1048576 1048576 1", "fewer than 2^31 voxels");
        meta("6 5 8", "1000 1000 2000", "4000000000 bytes", "found 480 bytes");
        meta("6 5 8\n", "6 5 8\nElementNumberOfChannels = 100000000\n", "fewer than 2^31 voxels");
        meta("6 5 8\n", "6 5 8\nElementNumberOfChannels = 0\n", "sizes of at least 1");
        String deflated =
                META.replace("CompressedData = False", "CompressedData = True").replace("6 5 8", "1000 1000 2000");
        Path small = TextBytes.write(folder.resolve("small.mha"), deflated, TextBytes.zlib(voxels()));
        assertRefused(small, "cannot hold that many");
        Path noise = TextBytes.write(
                folder.resolve("noise.nrrd"),
                NRRD.replace("raw", "gzip").replace("6 5 8", "1000 1000 2000"),
                NiftiBytes.gzip(noise(4_200_000)));
        assertRefused(noise, "4000000000 bytes", "found 4200000 bytes");
    }

    @Test
    void whatIsNotAVolumeIsRefusedByName() throws IOException {
        nrrd("NRRD0004", "NRRD", "it begins with NRRD0001", "'NRRD'");
        nrrd("dimension: 3", "dimension: 5", "2 to 4 dimensions, found 5");
        nrrd("dimension: 3", "dimension 3", "lines 'field: value'");
        nrrd("dimension: 3", "dimension: 3\ndimension: 3", "each field of the header once");
        nrrd("type: short\n", "", "the field 'type'");
        nrrd("short", "block", "real numbers as voxels", "block");
        nrrd("raw", "bzip2", "the encoding raw or gzip", "bzip2");
        nrrd("little", "middle", "little or big");
        nrrd("endian: little\n", "", "the field 'endian'");
        nrrd("left-posterior-superior", "left-posterior-superior-time", "the space left-posterior-superior");
        nrrd("space: left-posterior-superior", "space dimension: 4", "a space of 2 or 3 dimensions");
        nrrd("(0,1,0)", "(0,one,0)", "3 numbers in 'space directions'");
        nrrd("(0,1,0)", "(0,1)", "3 numbers in 'space directions'");
        nrrd("(0,1,0)", "", "3 vectors (or none)");
        nrrd("(0,1,0)", "(1,0,0)", "an affine that can be inverted");
        nrrd("(0,1,0)", "(0,nan,0)", "an affine that can be inverted");
        nrrd("(0,1,0)", "(0,1e30,0)", "spacings of 1e-6 to 1e6 mm");
        nrrd("(0,1,0) (0,0,1)", "none none", "2 or 3 axes of space");
        nrrd("domain domain domain", "domain domain", "3 words in 'kinds'");
        nrrd("raw", "raw\nline skip: 3", "a 'line skip'");
        nrrd("raw", "raw\nbyte skip: -2", "a 'byte skip' of 0 or more");
        meta("NDims = 3", "NDims = 9", "2 to 4 dimensions, found 9");
        meta("NDims = 3\n", "", "the field 'ndims'");
        meta("NDims = 3", "NDims 3", "lines 'Field = value'", "'NDims 3'");
        meta("NDims = 3", "NDims \u0007\u0085 3", "'NDims ?? 3'");
        meta("NDims = 3", "NDims = 3\nNDims = 3", "each field of the header once");
        nrrd("raw", "raw\ndata file: LIST 2\ns00.raw\ns01.raw", "one data file, found several (LIST 2)");
        nrrd("raw", "raw\ndatafile: LIST\ns 00.raw\ns: 01.raw", "one data file, found several (LIST)");
        nrrd("raw", "raw\ndata file: s%02d.raw 0 7 1", "one data file, found several (s%02d.raw 0 7 1)");
        for (String no : new String[] {"False", "F", "f", "0", "no", ""}) {
            meta("BinaryData = True", "BinaryData = " + no, "voxels as text (BinaryData = " + no + ")");
        }
        meta("MET_SHORT", "MET_STRING", "real numbers as voxels", "MET_STRING");
        meta("1 0 0 0 1 0 0 0 1", "1 0 0 1 0 0 0 0 1", "an affine that can be inverted");
        meta("1 0 0 0 1 0 0 0 1", "1 0 0 0 1", "9 numbers in 'transformmatrix'");
        meta("ElementSpacing = 1 1 1", "ElementSpacing = 1 0 1", "an affine that can be inverted");
        meta("LOCAL", "LIST", "one data file, found several (LIST)");
        meta("LOCAL", "slice%03d.raw 1 8 1", "one data file");
        meta("LOCAL", "LOCAL\u0085\u0007", "its voxels in LOCAL??");
        for (String ending : new String[] {"nrrd", "mha"}) {
            assertRefused(Files.write(folder.resolve("noise." + ending), noise(1 << 21)), "expected");
            assertRefused(Files.write(folder.resolve("long." + ending), new byte[1 << 21]), "at most 1 MiB");
            assertRefused(folder.resolve("none." + ending), "a file, found none");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside.raw", "/etc/passwd", "a/../../outside.raw", "absent.raw", "", "bad\0name"})
    void voxelsOutsideTheFolderOfTheHeaderAreNotRead(String name) throws IOException {
        Path inner = Files.createDirectories(folder.resolve("inner"));
        Files.write(folder.resolve("outside.raw"), voxels());
        Path nhdr = Files.writeString(inner.resolve("a.nhdr"), NRRD.strip() + "\ndata file: " + name + "\n");
        assertRefused(nhdr, "its voxels in");
        Path mhd = Files.writeString(inner.resolve("a.mhd"), META.replace("LOCAL", name));
        assertRefused(mhd, "its voxels in");
        Files.writeString(inner.resolve("inside.raw"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
        Files.writeString(nhdr, NRRD.strip() + "\ndata file: inside.raw\n");
        assertRefused(nhdr, "its voxels in inside.raw, found a Git LFS pointer");
        Files.write(inner.resolve("inside.raw"), voxels());
        Files.writeString(nhdr, NRRD.strip() + "\ndata file: ./inside.raw\n");
        assertThat(new Nrrd().read(nhdr).voxels()).hasSize(240);
    }

    @ParameterizedTest
    @CsvSource({"nrrd, false", "nrrd, true", "mha, false", "mha, true"})
    void changedBytesGiveAVolumeOrASentence(String ending, boolean zip) throws IOException {
        byte[] good = good(ending, zip);
        int header = (ending.equals("nrrd") ? NRRD : META).length();
        Path file = folder.resolve("mutant." + ending);
        int refused = 0;
        for (int seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = good.clone();
            for (int n = random.nextInt(1, 8); n > 0; n--) {
                int range = random.nextBoolean() ? header : bytes.length;
                bytes[random.nextInt(range)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : '0' + random.nextInt(10));
            }
            Files.write(file, bytes);
            long before = allocated();
            try {
                Volume volume = Formats.any().read(file);
                assertThat(volume.voxels()).hasSize((int) volume.shape().voxels());
                assertThat(volume.affine().spacing()).isNotNull();
            } catch (VolumeFormatException e) {
                refused++;
                assertThat(e)
                        .hasMessageContaining("mutant")
                        .hasMessageContaining("expected")
                        .hasMessageContaining("found");
            }
            assertThat(allocated() - before)
                    .as("bytes allocated, seed %d", seed)
                    .isLessThan(MOST);
        }
        assertThat(refused).isBetween(100, 1999);
    }

    private void nrrd(String from, String to, String... words) throws IOException {
        assertThat(NRRD).contains(from);
        assertRefused(TextBytes.write(folder.resolve("bad.nrrd"), NRRD.replace(from, to), voxels()), words);
    }

    private void meta(String from, String to, String... words) throws IOException {
        assertThat(META).contains(from);
        assertRefused(TextBytes.write(folder.resolve("bad.mha"), META.replace(from, to), voxels()), words);
    }

    private static void assertRefused(Path file, String... words) {
        long before = allocated();
        var refusal = assertThatThrownBy(() -> Formats.any().read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageContaining(file.getFileName().toString().split("\\.")[0]);
        assertThat(allocated() - before).as("bytes allocated").isLessThan(MOST);
        for (String word : words) {
            refusal.hasMessageContaining(word);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static byte[] good(String ending, boolean zip) {
        if (ending.equals("nrrd")) {
            return TextBytes.file(zip ? NRRD.replace("raw", "gzip") : NRRD, zip ? NiftiBytes.gzip(voxels()) : voxels());
        }
        return TextBytes.file(
                zip ? META.replace("CompressedData = False", "CompressedData = True") : META,
                zip ? TextBytes.zlib(voxels()) : voxels());
    }

    private static byte[] voxels() {
        double[] values = new double[6 * 5 * 8];
        Arrays.setAll(values, i -> i * 37 % 2000 - 1000);
        return TextBytes.numbers(VoxelType.INT16, ByteOrder.LITTLE_ENDIAN, values);
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(1).nextBytes(noise);
        byte[] start = "ab\n".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(start, 0, noise, 0, start.length);
        return noise;
    }
}
