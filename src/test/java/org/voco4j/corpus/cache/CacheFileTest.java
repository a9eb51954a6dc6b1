package org.voco4j.corpus.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.corpus.prepare.Quantised;
import org.voco4j.corpus.prepare.QuantisedCase;
import org.voco4j.file.AtomicFile;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Shape3;

class CacheFileTest {
    private static final Affine GRID = Affine.ofRows(1.5, -0.0, 1e-17, -7, 0, 0.1, 0, 1 / 3.0, 0, 0, 3, -1e9);
    private static final Affine STORED = Affine.ofRows(-0.7, 0, 0, 180, 0, -0.7, 0, 90, 0, 0, 5, 0.25);

    @TempDir
    private Path folder = Path.of("");

    private final CacheFile.Scratch scratch = new CacheFile.Scratch();

    private static byte[] key(int of) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) of);
        return key;
    }

    /** All 65,536 levels in both channels and 256 classes, in no order. */
    private static QuantisedCase scan(Shape3 shape, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        short[] levels = new short[(int) shape.voxels()];
        byte[] classes = new byte[levels.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (short) random.nextInt();
            classes[i] = (byte) random.nextInt();
        }
        short[] others = levels.clone();
        Arrays.sort(others);
        List<Quantised.Channel> channels =
                List.of(new Quantised.Channel(0, 1, levels), new Quantised.Channel(-3.25f, 7.1f, others));
        InversePreprocessing back = new InversePreprocessing(
                new Resample.Grid(new Shape3(512, 511, 90), STORED),
                new Resample.Grid(new Shape3(300, 299, 90), STORED),
                new Box(3, 4, 5, 290, 280, 70),
                new Resample.Grid(shape, GRID));
        return new QuantisedCase(new Quantised(shape, GRID, channels), new LabelMap(shape, GRID, classes), back);
    }

    private static short[] levels(Quantised image, int channel) {
        return image.channels().get(channel).levels();
    }

    private static void assertSame(Quantised found, Quantised expected) {
        assertThat(found.channels()).hasSize(2);
        for (int c = 0; c < 2; c++) {
            assertThat(levels(found, c)).isEqualTo(levels(expected, c));
            assertThat(found.channels().get(c).low())
                    .isEqualTo(expected.channels().get(c).low());
            assertThat(found.channels().get(c).high())
                    .isEqualTo(expected.channels().get(c).high());
        }
    }

    private Path write(String name, QuantisedCase scan, boolean labels) throws IOException {
        Path file = folder.resolve(name);
        AtomicFile.Content content = CacheFile.content(
                key(1), scan.image(), labels ? scan.labels() : null, labels ? scan.back() : null, scratch);
        AtomicFile.write(file, content);
        assertThat(content.bytes()).isEqualTo(Files.size(file));
        return file;
    }

    private CacheFile open(Path file) throws IOException {
        return CacheFile.open(file, key(1), scratch);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "40, 200, 150", "3, 1024, 600", "16, 8, 300", "64, 64, 16"})
    void whatIsReadIsWhatWasWrittenBitForBit(int x, int y, int z) throws IOException {
        QuantisedCase scan = scan(new Shape3(x, y, z), x);
        try (CacheFile entry = open(write("labelled", scan, true))) {
            QuantisedCase read = entry.labelled();
            assertSame(read.image(), scan.image());
            assertThat(read.image().shape()).isEqualTo(scan.image().shape());
            assertThat(read.image().affine()).isEqualTo(GRID);
            assertThat(read.labels().classes()).isEqualTo(scan.labels().classes());
            assertThat(read.labels().affine()).isEqualTo(GRID);
            assertThat(read.back()).isEqualTo(scan.back());
            assertSame(entry.image(), scan.image());
        }
        try (CacheFile entry = open(write("image", scan, false))) {
            assertSame(entry.image(), scan.image());
            assertThatThrownBy(entry::labelled).hasMessageContaining("expected a scan with labels");
        }
    }

    @Test
    void theSameScanGivesTheSameBytes() throws IOException {
        QuantisedCase scan = scan(new Shape3(40, 200, 150), 3);
        byte[] first = Files.readAllBytes(write("a", scan, true));
        assertThat(Files.readAllBytes(write("b", scan, true))).isEqualTo(first);
    }

    @Test
    void partsAreThoseOfTheWhole() throws IOException {
        Shape3 shape = new Shape3(40, 200, 150); // three chunks of 17, 17 and 6 planes
        QuantisedCase scan = scan(shape, 4);
        int plane = shape.y() * shape.z();
        try (CacheFile entry = open(write("a", scan, false))) {
            for (int[] part : new int[][] {{0, 1}, {0, 17}, {16, 18}, {17, 34}, {5, 40}, {39, 40}, {20, 21}}) {
                Quantised read = entry.image(part[0], part[1]);
                for (int c = 0; c < 2; c++) {
                    assertThat(levels(read, c))
                            .isEqualTo(Arrays.copyOfRange(levels(scan.image(), c), part[0] * plane, part[1] * plane));
                }
                assertThat(read.shape()).isEqualTo(new Shape3(part[1] - part[0], 200, 150));
                assertThat(read.affine().apply(0, 2, 3)).containsExactly(GRID.apply(part[0], 2, 3));
            }
        }
    }

    @Test
    void aPartIsReadFromItsChunksAlone() throws IOException {
        QuantisedCase scan = scan(new Shape3(40, 200, 150), 5);
        Path file = write("a", scan, false);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1; // in the last chunk
        Files.write(file, bytes);
        try (CacheFile entry = open(file)) {
            assertThat(entry.image(3, 34).shape().x()).isEqualTo(31);
            assertThatThrownBy(() -> entry.image(3, 35)).hasMessageContaining("expected chunk 5 with the digest");
        }
    }

    @Test
    void noFlippedByteAndNoCutGoesUnnoticed() throws IOException {
        Path whole = write("whole", scan(new Shape3(2, 3, 5), 6), true);
        byte[] bytes = Files.readAllBytes(whole);
        Path file = folder.resolve("damaged");
        for (int i = 0; i < bytes.length; i++) {
            byte[] flipped = bytes.clone();
            flipped[i] ^= (byte) (1 << i % 8);
            Files.write(file, flipped);
            assertRefused(file, "byte " + i);
            Files.write(file, Arrays.copyOf(bytes, i));
            assertRefused(file, "cut to " + i);
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
        assertRefused(file, "one byte more");
        assertThatThrownBy(() -> CacheFile.open(whole, key(2), scratch))
                .hasMessageContaining("expected the scan that the file is named after");
        assertThatThrownBy(() -> open(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    private void assertRefused(Path file, String what) {
        assertThatThrownBy(() -> {
                    try (CacheFile entry = open(file)) {
                        entry.labelled();
                    }
                })
                .as(what)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected")
                .hasMessageContaining("found");
    }

    @Test
    void moreVoxelsThanAScanHasAreRefusedWhateverTheProductOfTheirNumbers() throws IOException {
        for (Shape3 shape : new Shape3[] {new Shape3(1024, 1024, 1024), new Shape3(4, 1 << 30, 1 << 30)}) {
            CacheHeader.Chunk one = new CacheHeader.Chunk(1, new byte[32]);
            CacheHeader header = new CacheHeader(
                    key(1),
                    new Resample.Grid(shape, GRID),
                    List.of(new CacheHeader.Range(0, 1)),
                    null,
                    Collections.nCopies(CacheHeader.count(shape), one));
            Path file = folder.resolve("large");
            Files.write(file, Arrays.copyOf(header.toBytes(), (int) header.entryBytes()));
            assertThatThrownBy(() -> open(file)).hasMessageContaining("expected at most 2^29 voxels");
        }
    }
}
