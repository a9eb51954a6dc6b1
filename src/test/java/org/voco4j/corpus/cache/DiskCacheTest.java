package org.voco4j.corpus.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.corpus.Case;
import org.voco4j.corpus.LabelledCase;
import org.voco4j.corpus.Scans;
import org.voco4j.corpus.VolumeStore;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.corpus.prepare.Quantised;
import org.voco4j.corpus.prepare.QuantisedCase;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.format.Nifti;
import org.voco4j.volume.format.VolumeFormat.Stored;

class DiskCacheTest {
    private static final long ROOMY = 1 << 30;
    private static final int SCANS = 4;

    @TempDir
    private Path folder = Path.of("");

    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    private final List<Case> cases = new ArrayList<>();

    @BeforeEach
    void makeScans() throws IOException {
        for (int i = 0; i < SCANS; i++) {
            Path file = Scans.write(Scans.ct(i), folder.resolve("scans/" + i + ".nii"), Stored.INT16);
            cases.add(new Case("case " + i, file, "p"));
        }
    }

    private static Preprocessing window(double high) {
        return new Preprocessing(null, new HuWindow(-175, high), 0, Shape3.cube(16));
    }

    private DiskCache open(long quota) throws IOException {
        return DiskCache.open(folder.resolve("cache"), quota, warnings::add);
    }

    private short[] levels(@Nullable DiskCache cache, Preprocessing preprocessing, int scan)
            throws IOException, InterruptedException {
        return VolumeStore.ofFiles(cases, new Nifti(), preprocessing, cache, 0)
                .get("case " + scan)
                .channels()
                .get(0)
                .levels();
    }

    private short[] levels(@Nullable DiskCache cache, int scan) throws IOException, InterruptedException {
        return levels(cache, window(250), scan);
    }

    private List<Path> entries() throws IOException {
        try (var files = Files.list(folder.resolve("cache"))) {
            return files.filter(file -> file.toString().endsWith(".prepared"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void withItAndWithoutTheValuesAreTheSame() throws Exception {
        for (int round = 0; round < 2; round++) {
            DiskCache cache = open(ROOMY);
            for (int i = 0; i < SCANS; i++) {
                assertThat(levels(cache, i)).isEqualTo(levels(null, i));
            }
            assertThat(cache.found()).isEqualTo(round == 0 ? 0 : SCANS);
            assertThat(cache.made()).isEqualTo(round == 0 ? SCANS : 0);
        }
        long bytes = 0;
        for (Path entry : entries()) {
            bytes += Files.size(entry);
        }
        assertThat(open(ROOMY).usedBytes()).isEqualTo(bytes).isPositive();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aChangedFileNeverGivesTheOldEntryEvenIfItsSizeAndTimeAreTheSame() throws Exception {
        Path file = cases.get(0).file();
        FileTime time = FileTime.from(Instant.now().minusSeconds(1000));
        Files.setLastModifiedTime(file, time);
        short[] before = levels(open(ROOMY), 0);
        DiskCache cache = open(ROOMY);
        assertThat(levels(cache, 0)).isEqualTo(before);
        byte[] bytes = Files.readAllBytes(file);
        int middle = 352 + Scans.SHAPE.x() * Scans.SHAPE.y() * Scans.SHAPE.z(); // of 16-bit voxels after the header
        Arrays.fill(bytes, middle & ~1, (middle & ~1) + 400, (byte) 0);
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, time);
        for (DiskCache any : List.of(cache, open(ROOMY))) {
            assertThat(levels(any, 0)).isEqualTo(levels(null, 0)).isNotEqualTo(before);
        }
    }

    @Test
    void bothFilesOfAPairCount() throws Exception {
        byte[] nifti = Files.readAllBytes(cases.get(0).file());
        byte[] header = Arrays.copyOf(nifti, 352);
        header[345] = 'i'; // the magic of a pair: ni1
        ByteBuffer.wrap(header).putFloat(108, 0);
        Path pair = folder.resolve("scans/pair.hdr");
        Path voxels = folder.resolve("scans/pair.img");
        Files.write(pair, header);
        byte[] image = Arrays.copyOfRange(nifti, 352, nifti.length);
        Files.write(voxels, image);
        cases.set(0, new Case("case 0", pair, "p"));
        short[] before = levels(open(ROOMY), 0);
        for (int i = 0; i < 200; i++) {
            image[i] = 0;
        }
        Files.write(voxels, image);
        assertThat(levels(open(ROOMY), 0)).isEqualTo(levels(null, 0)).isNotEqualTo(before);
    }

    @Test
    void aFileThatChangesWhileItIsReadIsNotKept() throws Exception {
        Path file = cases.get(0).file();
        Quantised scan = Quantised.of(window(250).apply(Scans.ct(9)));
        DiskCache cache = open(ROOMY);
        cache.image(List.of(file), "", () -> {
            Scans.write(Scans.ct(9), file, Stored.INT16);
            return scan;
        });
        assertThat(entries()).isEmpty();
        cache.image(List.of(file), "", () -> scan);
        assertThat(entries()).hasSize(1);
    }

    @Test
    void anotherPreparationIsAnotherEntry() throws Exception {
        DiskCache cache = open(ROOMY);
        List<Preprocessing> ways = List.of(
                window(250),
                window(250.5),
                new Preprocessing(null, new HuWindow(-175, 250), 0.25, Shape3.cube(16)),
                new Preprocessing(null, new HuWindow(-175, 250), 0, new Shape3(16, 16, 17)),
                new Preprocessing(null, new HuWindow(-175, 250), 0, null),
                new Preprocessing(Spacing.isotropic(2), new HuWindow(-175, 250), 0, null));
        for (Preprocessing way : ways) {
            levels(cache, way, 0);
        }
        for (Preprocessing way : ways) {
            assertThat(levels(cache, way, 0)).isEqualTo(levels(null, way, 0));
        }
        assertThat(cache.made()).isEqualTo(ways.size());
        assertThat(cache.found()).isEqualTo(ways.size());
    }

    @Test
    void labelsAreOfTheirFileAndTheirSchema() throws Exception {
        Path label = Scans.write(Scans.blocks(), folder.resolve("labels/0.nii"), Stored.UINT8);
        LabelledCase scan = new LabelledCase("0", cases.get(0).file(), label, "p");
        DiskCache cache = open(ROOMY);
        LabelSchema first = LabelSchema.of(Map.of("a", List.of(1, 2)), new TreeMap<>());
        LabelSchema second = LabelSchema.of(Map.of("a", List.of(1, 3)), new TreeMap<>());
        for (LabelSchema schema : List.of(first, second, first)) {
            assertSame(scan, schema, cache);
        }
        Scans.write(Scans.mask(), label, Stored.UINT8);
        assertSame(scan, first, cache);
        assertThat(cache.made()).isEqualTo(3);
        assertThat(cache.found()).isEqualTo(1);
        levels(cache, 0); // the image alone is an entry of its own
        assertThat(cache.made()).isEqualTo(4);
    }

    private static void assertSame(LabelledCase scan, LabelSchema schema, DiskCache cache) throws IOException {
        QuantisedCase kept = scan.prepare(new Nifti(), window(250), schema, cache);
        QuantisedCase fresh = scan.prepare(new Nifti(), window(250), schema, null);
        assertThat(kept.image().toVolume().voxels())
                .isEqualTo(fresh.image().toVolume().voxels());
        assertThat(kept.labels().classes()).isEqualTo(fresh.labels().classes());
        assertThat(kept.back()).isEqualTo(fresh.back());
    }

    @ParameterizedTest
    @ValueSource(strings = {"flipped", "cut", "empty"})
    void aDamagedEntryIsNamedAndMadeAnew(String damage) throws Exception {
        levels(open(ROOMY), 0);
        Path entry = entries().get(0);
        byte[] whole = Files.readAllBytes(entry);
        byte[] bytes = whole.clone();
        bytes[bytes.length * 3 / 4] ^= 4;
        int kept = damage.equals("cut") ? bytes.length / 2 : damage.equals("empty") ? 0 : bytes.length;
        Files.write(entry, Arrays.copyOf(bytes, kept));
        DiskCache cache = open(ROOMY);
        assertThat(levels(cache, 0)).isEqualTo(levels(null, 0));
        assertThat(cache.made()).isEqualTo(1);
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0)).contains(entry.toRealPath() + " is damaged and is made anew: expected", "found");
        assertThat(entry).hasBinaryContent(whole);
        assertThat(levels(cache, 0)).isEqualTo(levels(null, 0));
        assertThat(cache.found()).isEqualTo(1);
    }

    @Test
    void whatAKilledProcessLeftHalfWrittenIsNeverReadAndGoesInTheEnd() throws Exception {
        levels(open(ROOMY), 0);
        Path entry = entries().get(0);
        byte[] half = Arrays.copyOf(Files.readAllBytes(entry), 5000);
        Files.delete(entry);
        Path part = entry.resolveSibling("." + entry.getFileName() + ".0.part");
        Files.write(part, half);
        DiskCache cache = open(ROOMY);
        assertThat(levels(cache, 0)).isEqualTo(levels(null, 0));
        assertThat(cache.made()).isEqualTo(1);
        assertThat(part).exists(); // it could be that of a process at work
        Files.setLastModifiedTime(part, FileTime.from(Instant.now().minusSeconds(4000)));
        assertThat(levels(open(ROOMY), 0)).isEqualTo(levels(null, 0));
        assertThat(part).doesNotExist();
        assertThat(entries()).containsExactly(entry);
        assertThat(warnings).isEmpty();
    }

    @Test
    void thoseUsedLongestAgoLeaveFirst() throws Exception {
        List<Path> byScan = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            levels(open(ROOMY), i);
            List<Path> now = new ArrayList<>(entries());
            now.removeAll(byScan);
            byScan.addAll(now);
            Files.setLastModifiedTime(now.get(0), FileTime.from(Instant.now().minusSeconds(1000 - i)));
        }
        long quota = open(ROOMY).usedBytes() + 100; // room for three
        DiskCache cache = open(quota);
        levels(cache, 0); // so the one of scan 1 is the eldest
        levels(cache, 3);
        assertThat(entries()).hasSize(3).contains(byScan.get(0), byScan.get(2)).doesNotContain(byScan.get(1));
        assertThat(cache.usedBytes()).isLessThanOrEqualTo(quota);
        assertThat(warnings).isEmpty();
        open(quota / 2);
        assertThat(entries()).hasSize(1);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < SCANS; i++) {
                assertThat(levels(cache, i)).isEqualTo(levels(null, i));
            }
        }
        assertThat(cache.usedBytes()).isLessThanOrEqualTo(quota);
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0)).contains("do not fit into the cache together", "--cache-size");
    }

    @Test
    void aScanLargerThanTheCacheIsNotWritten() throws Exception {
        DiskCache cache = open(1000);
        for (int i = 0; i < 2; i++) {
            assertThat(levels(cache, i)).isEqualTo(levels(null, i));
        }
        assertThat(entries()).isEmpty();
        assertThat(warnings).hasSize(1);
    }

    @Test
    void whereNothingCanBeWrittenTheRunGoesOnWithOneWarning() throws Exception {
        DiskCache cache = open(ROOMY);
        Path here = folder.resolve("cache");
        Files.deleteIfExists(here.resolve(".prepared-lock"));
        Files.delete(here);
        for (int i = 0; i < SCANS; i++) {
            assertThat(levels(cache, i)).isEqualTo(levels(null, i));
        }
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0)).contains("not cached any more, and the run goes on without");
        Files.writeString(here, "a file");
        assertThatThrownBy(() -> open(ROOMY)).hasMessageContaining("must be a folder, and is a file");
    }

    @Test
    void whereNobodyCanCountTheRunGoesOnWithOneWarning() throws Exception {
        DiskCache cache = open(ROOMY);
        Path lock = folder.resolve("cache/.prepared-lock");
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.WRITE);
                var held = file.lock()) {
            assertThat(held.isValid()).isTrue();
            for (int i = 0; i < SCANS; i++) {
                assertThat(levels(cache, i)).isEqualTo(levels(null, i));
            }
        }
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0)).contains("the run goes on without", ".prepared-lock is locked");
        assertThat(entries()).hasSize(1);
    }

    @Test
    void manyThatFillItTogetherReadTheSameAndLeaveEachEntryOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<DiskCache> caches = List.of(open(ROOMY), open(ROOMY));
            List<Future<short[]>> read = new ArrayList<>();
            for (int i = 0; i < 16 * SCANS; i++) {
                int at = i;
                read.add(pool.submit(() -> levels(caches.get(at % 2), at / 4 % SCANS)));
            }
            for (int i = 0; i < read.size(); i++) {
                assertThat(read.get(i).get()).isEqualTo(levels(null, i / 4 % SCANS));
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(entries()).hasSize(SCANS);
        assertThat(warnings).isEmpty();
    }

    /**
     * Entries are named by what they are of and by {@link Preprocessing#REVISION}. Whoever changes what comes of a file
     * raises it and writes the new digest here.
     */
    @Test
    void whatComesOfAFileIsWhatTheRevisionSays() throws Exception {
        DataDigest digest = new DataDigest();
        Preprocessing way = new Preprocessing(new Spacing(2, 2.5, 3.5), new HuWindow(-175, 250), 0.1, Shape3.cube(24));
        for (short level : levels(null, way, 0)) {
            digest.bytes(new byte[] {(byte) (level >> 8), (byte) level}, 2);
        }
        assertThat(Preprocessing.REVISION + " " + digest.hex())
                .isEqualTo("3 aa16a1055298b33f59224939c45ad64b84d71d45367cd61f47cfcf1c9b04784a");
    }
}
