package org.voco4j.volume.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
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

/** Damaged, lying and foreign files: a sentence, and no memory taken for what is not there. */
class NiftiHostileTest {
    private static final long MOST = 16L << 20; // bytes a refusal may allocate

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutFilesAreRefusedWithBothLengths(boolean zip) throws IOException {
        byte[] whole = good().file();
        byte[] content = zip ? NiftiBytes.gzip(whole) : whole;
        Path file = folder.resolve(zip ? "cut.nii.gz" : "cut.nii");
        for (int length : new int[] {0, 1, 100, 347, 348, 351, 352, 353, content.length / 2, content.length - 1}) {
            if (length < content.length) {
                Files.write(file, Arrays.copyOf(content, length));
                assertRefused(file, "expected");
            }
        }
        Files.write(file, Arrays.copyOf(content, content.length - 9));
        assertRefused(file, whole.length + " bytes (6x5x8 int16)", "found");
    }

    @Test
    void aDamagedChecksumIsNoticed() throws IOException {
        byte[] zipped = NiftiBytes.gzip(good().file());
        zipped[zipped.length - 6] ^= 1;
        assertRefused(Files.write(folder.resolve("crc.nii.gz"), zipped), "damaged gzip data");
    }

    @Test
    void promisesAreCheckedBeforeMemoryIsTaken() throws IOException {
        NiftiBytes huge = nifti2(1L << 20, 1L << 20, 1);
        assertRefused(
                Files.write(folder.resolve("huge.nii"), huge.file()), "fewer than 2^31 voxels", "1048576x1048576x1");
        NiftiBytes overflow = nifti2(1L << 62, 1L << 62, 1L << 62);
        assertRefused(Files.write(folder.resolve("overflow.nii"), overflow.file()), "fewer than 2^31 voxels");
        NiftiBytes large = nifti2(1000, 1000, 2000);
        assertRefused(Files.write(folder.resolve("large.nii"), large.file()), "2000000544 bytes", "found 544 bytes");
        byte[] zipped = NiftiBytes.gzip(large.file());
        assertRefused(Files.write(folder.resolve("large.nii.gz"), zipped), "cannot hold that many");
        // gzip data that could hold what is promised by its length, but do not
        byte[] noise = new byte[2_200_000];
        new Random(1).nextBytes(noise);
        byte[] start = large.file();
        System.arraycopy(start, 0, noise, 0, start.length);
        assertRefused(
                Files.write(folder.resolve("noise.nii.gz"), NiftiBytes.gzip(noise)),
                "2000000544 bytes",
                "found 2200000 bytes");
    }

    @Test
    void whatIsNotAVolumeIsRefusedByName() throws IOException {
        assertRefused(good().dim(0, 2), "a 3-D volume", "a 2-D image");
        assertRefused(good().dim(0, 9), "1 to 7 dimensions");
        assertRefused(good().dim(2, -5), "-5 along dimension 2");
        assertRefused(good().dim(1, 0), "0 along dimension 1");
        assertRefused(good().type(32), "complex numbers");
        assertRefused(good().type(128), "RGB colours");
        assertRefused(good().type(77), "unknown data type 77");
        assertRefused(good().intent(3001), "CIFTI");
        assertRefused(good().scale(1, Double.NaN), "a finite scl_inter");
        double nan = Double.NaN;
        assertRefused(good().sform(1, 0, 0, nan, 0, 1, 0, 0, 0, 0, 1, 0), "an affine that can be inverted", "NaN");
        assertRefused(good().sform(1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0), "an affine that can be inverted");
        assertRefused(good().sform(new double[12]), "an affine that can be inverted", "sform");
        assertRefused(good().qform(nan, 0, 0, 0, 0, 0), "an affine that can be inverted", "qform");
        assertRefused(good().pixdim(2, 1e30), "spacings of 1e-6 to 1e6 mm");
        NiftiBytes analyze = good();
        analyze.header.putInt(344, 0);
        assertRefused(analyze, "Analyze 7.5");
        NiftiBytes early = good();
        early.header.putFloat(108, 100);
        assertRefused(early, "vox_offset", "100");
        early.header.putFloat(108, Float.NaN);
        assertRefused(early, "vox_offset", "NaN");
        assertRefused(Files.writeString(folder.resolve("text.nii"), "not a scan".repeat(99)), "348 or 540");
        assertRefused(folder.resolve("none.nii"), "a file, found none");
        byte[] lonely = new NiftiBytes(false, true, ByteOrder.LITTLE_ENDIAN, VoxelType.INT16, 6, 5, 8).file();
        assertRefused(Files.write(folder.resolve("lonely.hdr"), lonely), "its voxels in lonely.img");
    }

    /** Whatever stands beside the sform is a doubt and no fault. */
    @ParameterizedTest
    @CsvSource({"1e-200, 0x1x1 mm", "1e200, numbers that are not finite"})
    void aQformOfNoGridIsADoubt(double mm, String found) throws IOException {
        NiftiBytes bytes = nifti2(2, 2, 2)
                .sform(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)
                .qform(0, 0, 0, 0, 0, 0)
                .pixdim(1, mm);
        Path file = Files.write(folder.resolve("a.nii"), bytes.file());
        assertThat(new Nifti().header(file).doubts())
                .singleElement()
                .extracting(VolumeHeader.Doubt::found)
                .isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void changedBytesGiveAVolumeOrASentence(boolean zip) throws IOException {
        byte[] good = good().file();
        Path file = folder.resolve(zip ? "mutant.nii.gz" : "mutant.nii");
        int refused = 0;
        for (int seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            boolean inside = zip && random.nextBoolean(); // before or after compression
            byte[] bytes = zip && !inside ? NiftiBytes.gzip(good) : good.clone();
            for (int n = random.nextInt(1, 8); n > 0; n--) {
                int range = random.nextBoolean() ? Math.min(bytes.length, 352) : bytes.length;
                bytes[random.nextInt(range)] = (byte) random.nextInt(256);
            }
            Files.write(file, inside ? NiftiBytes.gzip(bytes) : bytes);
            long before = allocated();
            try {
                Volume volume = new Nifti().read(file);
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

    private void assertRefused(NiftiBytes bytes, String... words) throws IOException {
        assertRefused(Files.write(folder.resolve("bad.nii"), bytes.file()), words);
    }

    private static void assertRefused(Path file, String... words) {
        long before = allocated();
        var refusal = assertThatThrownBy(() -> new Nifti().read(file))
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

    private static NiftiBytes nifti2(long... dims) {
        return new NiftiBytes(true, false, ByteOrder.LITTLE_ENDIAN, VoxelType.UINT8, dims);
    }

    private static NiftiBytes good() {
        double[] values = new double[6 * 5 * 8];
        Arrays.setAll(values, i -> i * 37 % 2000 - 1000);
        return new NiftiBytes(false, false, ByteOrder.LITTLE_ENDIAN, VoxelType.INT16, 6, 5, 8)
                .voxels(VoxelType.INT16, values);
    }
}
