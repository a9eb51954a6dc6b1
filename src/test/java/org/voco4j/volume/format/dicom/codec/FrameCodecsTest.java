package org.voco4j.volume.format.dicom.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that other programs compressed are decoded to the same samples; damaged ones are refused in a sentence. */
class FrameCodecsTest {
    private static final Path FOLDER = Path.of("src/test/resources/codec");
    private static final int COLUMNS = 53;
    private static final int ROWS = 38;
    private static final int MUTANTS = 200; // of each frame: more than 2000 of each codec
    private static final long MOST = 1 << 20; // bytes that a frame of 8 KB at most may allocate: its tables
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A frame and, where it lost something, what its samples hash to. */
    private record Sample(String name, FrameShape shape, String sha) {
        static Sample of(String line) {
            String[] row = line.split(",", -1);
            int bits = Integer.parseInt(row[2]);
            boolean signed = Boolean.parseBoolean(row[3]);
            FrameShape shape = new FrameShape(ROWS, COLUMNS, Integer.parseInt(row[1]), bits > 8 ? 16 : 8, bits, signed);
            return new Sample(row[0], shape, row[4]);
        }

        FrameCodec codec() {
            String syntax = name.endsWith("jpg") ? "50" : name.endsWith("jls") ? "80" : "90";
            return Objects.requireNonNull(FrameCodecs.of("1.2.840.10008.1.2.4." + syntax));
        }

        byte[] stream() throws IOException {
            return Files.readAllBytes(FOLDER.resolve(name));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Sample> samples() throws IOException {
        List<String> lines = Files.readAllLines(FOLDER.resolve("frames.csv"));
        return lines.subList(1, lines.size()).stream().map(Sample::of).toList();
    }

    /** What was compressed. */
    private static int pixel(int x, int y, int component, FrameShape shape) {
        int bits = shape.bitsStored();
        int drawn = (x * x * 3 + y * y * 5 + x * y * 7 + component * 11 * (x + 8)) >> 3;
        long noise = (((x * 7919L + y * 104729L + component * 1299709L) * 2654435L) >> 11)
                & ((1 << Math.max(bits - 8, 2)) - 1);
        long value = ((long) drawn << Math.max(bits - 10, 0)) + noise;
        if ((x / 12 + y / 9) % 3 == 0) {
            value = (40L << (bits - 8)) + component * 5L;
        }
        value &= (1 << bits) - 1;
        return (int) value - (shape.signed() ? 1 << (bits - 1) : 0);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void framesAreDecoded(Sample sample) throws IOException, NoSuchAlgorithmException {
        byte[] stream = sample.stream();
        byte[] within = new byte[stream.length + 7];
        System.arraycopy(stream, 0, within, 5, stream.length);
        FrameShape shape = sample.shape;
        short[] samples = sample.codec().decode(within, 5, 5 + stream.length, shape, new short[0]);
        int bytes = shape.bitsAllocated() / 8;
        byte[] found = new byte[samples.length * bytes];
        byte[] drawn = found.clone();
        for (int i = 0; i < samples.length; i++) {
            int component = i % shape.samplesPerPixel();
            int at = i / shape.samplesPerPixel();
            int pixel = pixel(at % COLUMNS, at / COLUMNS, component, shape);
            for (int b = 0; b < bytes; b++) {
                found[i * bytes + b] = (byte) (samples[i] >> (8 * b));
                drawn[i * bytes + b] = (byte) (pixel >> (8 * b));
            }
        }
        if (sample.sha.isEmpty()) {
            assertThat(found).isEqualTo(drawn);
        } else {
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(found)))
                    .isEqualTo(sample.sha);
        }
        short[] room = new short[samples.length + 1];
        room[samples.length] = 77;
        assertThat(sample.codec().decode(stream, 0, stream.length, shape, room)).isSameAs(room);
        assertThat(Arrays.copyOf(room, samples.length)).isEqualTo(samples);
        assertThat(room[samples.length]).isEqualTo((short) 77);
    }

    /** Every frame is decoded or refused, without more memory than its samples and a codec's tables take. */
    @ParameterizedTest
    @MethodSource("samples")
    void changedBytesGiveSamplesOrASentence(Sample sample) throws IOException {
        byte[] good = sample.stream();
        short[] room = new short[sample.shape.samples()];
        int refused = 0;
        for (int seed = 0; seed < MUTANTS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = good.clone();
            int range = random.nextBoolean() ? Math.min(200, bytes.length) : bytes.length;
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                bytes[random.nextInt(range)] = (byte) (random.nextInt(4) == 0 ? 255 : random.nextInt(256));
            }
            int length = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length;
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            try {
                assertThat(sample.codec().decode(bytes, 0, length, sample.shape, room))
                        .isSameAs(room);
            } catch (FrameException e) {
                refused++;
                assertThat(e.getMessage())
                        .startsWith("expected ")
                        .contains(", found ")
                        .doesNotContain("\n");
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated, seed %d", seed)
                    .isLessThan(MOST);
            assertThat(System.nanoTime() - start).as("ns, seed %d", seed).isLessThan(5_000_000_000L);
        }
        assertThat(refused).isBetween(MUTANTS / 20, MUTANTS);
    }

    /** A small stream that promises a large frame, or says another than its file, takes no memory for it. */
    @Test
    void promisesAreCheckedBeforeMemoryIsTaken() throws IOException {
        for (Sample sample : samples()) {
            byte[] stream = sample.stream();
            FrameShape said = sample.shape;
            FrameShape larger = new FrameShape(
                    30_000, 30_000, said.samplesPerPixel(), said.bitsAllocated(), said.bitsStored(), said.signed());
            long before = THREADS.getCurrentThreadAllocatedBytes();
            assertThatThrownBy(() -> sample.codec().decode(stream, 0, stream.length, larger, new short[0]))
                    .isInstanceOf(FrameException.class)
                    .hasMessageContaining("53x38");
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(16 * MOST);
        }
    }

    @Test
    void allFramesOfTheFolderAreTried() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(samples())
                    .extracting(Sample::name)
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> !name.endsWith(".csv") && !name.endsWith(".md"))
                                    .toList());
        }
    }
}
