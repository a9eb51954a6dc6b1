package org.voco4j.volume.format.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.TestData;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.Formats;

/** Damaged, lying and foreign DICOM: a volume or a sentence, and no memory or time taken for what is not there. */
class DicomHostileTest {
    private static final int MUTANTS = 2000; // of each transfer syntax
    private static final long CONSTANT = 1 << 21; // bytes: buffers and the tables of codecs
    private static final long MOST_NANOS = 5_000_000_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path folder;

    /**
     * Real files of each transfer syntax, changed at 1 to 6 places, mostly in the header, or cut.
     *
     * @param header bytes before the pixels
     * @param least how many of the mutants are refused at least
     */
    @ParameterizedTest
    @CsvSource({
        "pydicom/MR_small.dcm, 1500, 300",
        "pydicom/MR_small_bigendian.dcm, 1400, 300",
        "pydicom/MR_small_RLE.dcm, 1600, 600",
        "pydicom/MR_small_jp2klossless.dcm, 1800, 600",
        "pydicom/MR_small_jpeg_ls_lossless.dcm, 1800, 600",
        "pydicom/data_store/data/emri_small_RLE.dcm, 1600, 1500"
    })
    void changedBytesGiveAVolumeOrASentence(String name, int header, int least) throws IOException {
        changed(Files.readAllBytes(TestData.path("formats/dicom/" + name)), header, MUTANTS, least);
    }

    /** What no small real file here is written as. */
    @ParameterizedTest
    @CsvSource({
        "4.50, baseline.jpg, 8",
        "4.51, extended-12.jpg, 12",
        "4.57, lossless-4.jpg, 12",
        "4.70, lossless-1.jpg, 12",
        "4.81, ls-near.jls, 12",
        "4.91, j2k-cut.j2k, 12"
    })
    void changedFramesGiveAVolumeOrASentence(String syntax, String frame, int bits) throws IOException {
        DataSet data = DicomBytes.slice(0, 0)
                .setInts(Tag.ROWS, 38)
                .setInts(Tag.COLUMNS, 53)
                .setInts(Tag.PIXEL_REPRESENTATION, 0)
                .setInts(Tag.BITS_ALLOCATED, bits > 8 ? 16 : 8)
                .setInts(Tag.BITS_STORED, bits)
                .setInts(Tag.HIGH_BIT, bits - 1);
        byte[] stream = Files.readAllBytes(Path.of("src/test/resources/codec", frame));
        byte[] file = DicomBytes.encapsulated(syntax, data, new byte[0], stream);
        changed(file, file.length - stream.length, MUTANTS, 300);
    }

    @Test
    void changedImplicitElementsGiveAVolumeOrASentence() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (DataSet.Element element : DicomBytes.slice(3, 70).elements()) {
            out.write(DicomBytes.little(element.tag() << 16 | element.tag() >>> 16, element.value().length));
            out.write(element.value());
        }
        changed(out.toByteArray(), out.size() - 24, MUTANTS, 300);
    }

    @Test
    void changedDeflatedFilesGiveAVolumeOrASentence() throws IOException {
        changed(deflated(DicomWriter.bytes(DicomBytes.slice(3, 70))), 700, MUTANTS, 300);
    }

    private static byte[] deflated(byte[]... data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[128]);
        out.write("DICM".getBytes(StandardCharsets.US_ASCII));
        out.write(DicomWriter.bytes(new DataSet().set(Tag.TRANSFER_SYNTAX_UID, "1.2.840.10008.1.2.1.99")));
        try (DeflaterOutputStream packed = new DeflaterOutputStream(out, new Deflater(9, true))) {
            for (byte[] part : data) {
                packed.write(part);
            }
        }
        return out.toByteArray();
    }

    private void changed(byte[] good, int header, int mutants, int least) throws IOException {
        long honest = good.length + 4L * read(Files.write(folder.resolve("good.dcm"), good));
        int refused = 0;
        for (int seed = 0; seed < mutants; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = good.clone();
            int range = random.nextInt(4) > 0 ? Math.min(header, bytes.length) : bytes.length;
            for (int n = random.nextInt(1, 7); n > 0; n--) {
                bytes[random.nextInt(range)] =
                        (byte) (random.nextInt(4) == 0 ? random.nextInt(-2, 2) : random.nextInt(256));
            }
            int length = random.nextInt(12) == 0 ? random.nextInt(bytes.length) : bytes.length;
            // names of their own: headers are kept while size and time of a file stay as they are
            Path file = Files.write(folder.resolve("mutant" + seed + ".dcm"), Arrays.copyOf(bytes, length));
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            refused += read(file) < 0 ? 1 : 0;
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated, seed %d", seed)
                    .isLessThan(CONSTANT + 4 * honest);
            assertThat(System.nanoTime() - start).as("ns, seed %d", seed).isLessThan(MOST_NANOS);
            Files.delete(file);
        }
        assertThat(refused).isBetween(least, mutants);
    }

    /** Reads a file, all at once or slice by slice; its voxels, or −1 if it is refused in one sentence. */
    private static long read(Path file) throws IOException {
        try {
            if (Files.size(file) % 2 == 0) {
                Volume volume = Formats.any().read(file);
                assertThat(volume.affine().spacing()).isNotNull();
                return volume.shape().voxels();
            }
            long[] voxels = {0};
            Formats.any().visit(file, (slice, width) -> {
                voxels[0] += slice.length;
                return true;
            });
            return voxels[0];
        } catch (VolumeFormatException e) {
            assertThat(e.getMessage())
                    .startsWith(file + ": expected ")
                    .contains(", found ")
                    .matches("\\P{Cc}+");
            return -1;
        }
    }

    private static void refused(Path file, String words) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        assertThatThrownBy(() -> Formats.any().read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageContaining(words);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(200 << 20);
        assertThat(System.nanoTime() - start).isLessThan(MOST_NANOS);
    }

    private Path elements(byte[]... parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[128]);
        out.write("DICM".getBytes(StandardCharsets.US_ASCII));
        out.write(DicomWriter.bytes(
                new DataSet().set(Tag.TRANSFER_SYNTAX_UID, TransferSyntax.IMPLICIT_LITTLE_ENDIAN.uid())));
        for (byte[] part : parts) {
            out.write(part);
        }
        return Files.write(folder.resolve("bad.dcm"), out.toByteArray());
    }

    /** Thirty sequences in each other, each as long as the rest of the file: memory is that of the file. */
    @Test
    void sequencesInEachOtherTakeTheMemoryOfOne() throws IOException {
        int size = 4 << 20;
        ByteBuffer nested = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (int depth = 0; depth < 30; depth++) {
            nested.putInt(0x1140_0008).putInt(size - nested.position() - 4); // Referenced Image Sequence
            nested.putInt(0xE000_FFFE).putInt(size - nested.position() - 4);
        }
        nested.putInt(0x1155_0008).putInt(size - nested.position() - 4);
        Path file = elements(nested.array());
        long before = THREADS.getCurrentThreadAllocatedBytes();
        DataSet set = DicomFile.read(file).data();
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(6L * size);
        int depth = 0;
        for (DataSet item = set; item != null; item = item.item(0x0008_1140)) {
            depth++;
        }
        assertThat(depth).isEqualTo(31);
    }

    @Test
    void sequencesAreNotFollowedWithoutEnd() throws IOException {
        int[] nested = new int[4 * 40_000];
        for (int i = 0; i < nested.length; i += 4) {
            nested[i] = 0x1140_0008;
            nested[i + 1] = -1;
            nested[i + 2] = 0xE000_FFFE;
            nested[i + 3] = -1;
        }
        refused(elements(DicomBytes.little(nested)), "at most 32 sequences in each other");
    }

    /** A thousand to one. */
    @Test
    void whatADeflatedFileUnpacksToIsBounded() throws IOException {
        byte[][] parts = new byte[96][];
        Arrays.fill(parts, new byte[1 << 20]);
        for (int i = 0; i < parts.length; i += 2) {
            parts[i] = DicomBytes.little(0x1001_0009 + (i << 16), 0x0000_424F, 1 << 20); // (0009,10xx) OB
        }
        Path file = Files.write(folder.resolve("bomb.dcm"), deflated(parts));
        assertThat(Files.size(file)).isLessThan(100_000);
        refused(file, "at most 32 MiB before the pixels of a deflated file");
    }

    /** Offsets that run to and fro would let each of many frames have all pieces. */
    @Test
    void offsetsRunForwards() throws IOException {
        int frames = 60_000;
        byte[][] pieces = new byte[frames + 2][0];
        int[] offsets = new int[frames];
        for (int i = 0; i < frames; i++) {
            offsets[i] = i % 2 == 0 ? 0 : -1;
        }
        pieces[0] = DicomBytes.little(offsets);
        DataSet data = DicomBytes.image(0).setInts(Tag.NUMBER_OF_FRAMES, frames);
        refused(
                Files.write(folder.resolve("a.dcm"), DicomBytes.encapsulated("5", data, pieces)),
                "for each of 60000 frames, or a table of where they begin");
    }

    @Test
    void moreThanAnythingHasIsRefused() throws IOException {
        byte[] many = new byte[1 << 18];
        Arrays.fill(many, (byte) '\\');
        DataSet data = DicomBytes.slice(0, 0).setBytes(Tag.PIXEL_SPACING, Vr.UC, many);
        refused(DicomBytes.write(folder.resolve("a.dcm"), data), "(0028,0030): expected at most 65536 values");
        data = DicomBytes.slice(0, 0).setBytes(Tag.ROWS, Vr.OB, many);
        refused(DicomBytes.write(folder.resolve("b.dcm"), data), "(0028,0010): expected at most 65536 values");
        data = DicomBytes.slice(0, 0).set(Tag.ROWS, Vr.UI, "1.2");
        refused(DicomBytes.write(folder.resolve("d.dcm"), data), "(0028,0010): expected numbers, found text");
        data = DicomBytes.image(0)
                .setInts(Tag.ROWS, 1)
                .setInts(Tag.COLUMNS, 1)
                .setInts(Tag.NUMBER_OF_FRAMES, 1 << 17)
                .setBytes(Tag.PIXEL_DATA, Vr.OW, many);
        refused(DicomBytes.write(folder.resolve("c.dcm"), data), "at most 65536 frames");
    }

    /** A frame that a few bytes stand for is not believed before its stream says the same. */
    @ParameterizedTest
    @CsvSource({"5, short.rle", "4.70, lossless-8.jpg", "4.80, ls-8.jls", "4.90, j2k-8.j2k"})
    void aLargeFrameOfFewBytesTakesNoMemory(String syntax, String frame) throws IOException {
        DataSet data = DicomBytes.slice(0, 0)
                .setInts(Tag.ROWS, 4000)
                .setInts(Tag.COLUMNS, 4000)
                .setInts(Tag.PIXEL_REPRESENTATION, 0)
                .setInts(Tag.BITS_ALLOCATED, 8)
                .setInts(Tag.BITS_STORED, 8)
                .setInts(Tag.HIGH_BIT, 7);
        byte[] stream = frame.endsWith("rle")
                ? Arrays.copyOf(DicomBytes.little(1, 64), 80)
                : Files.readAllBytes(Path.of("src/test/resources/codec", frame));
        Path file = Files.write(folder.resolve("a.dcm"), DicomBytes.encapsulated(syntax, data, new byte[0], stream));
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> Formats.any().read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageContaining("a.dcm: expected ");
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(CONSTANT);
    }
}
