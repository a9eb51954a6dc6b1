package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.corpus.prepare.Quantised;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.format.Nifti;
import org.voco4j.volume.format.VolumeFormat.Stored;

class VolumeStoreTest {
    private static final Preprocessing PREPROCESSING =
            new Preprocessing(null, new HuWindow(-175, 250), 0, Shape3.cube(16));
    private static final long ONE = 2 * 16 * 16 * 16;

    @TempDir
    private Path folder;

    @Test
    void keptOrNotTheValuesAreTheSame() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path file = Scans.write(Scans.ct(i), folder.resolve(i + ".nii.gz"), Stored.INT16);
            cases.add(new Case("case " + i, file, "p"));
        }
        VolumeStore all = VolumeStore.ofFiles(cases, new Nifti(), PREPROCESSING, null, Long.MAX_VALUE);
        VolumeStore none = VolumeStore.ofFiles(cases, new Nifti(), PREPROCESSING, null, 0);
        for (int round = 0; round < 2; round++) {
            for (Case scan : cases) {
                assertThat(all.get(scan.id()).toVolume().voxels())
                        .isEqualTo(none.get(scan.id()).toVolume().voxels());
            }
        }
        assertThat(all.loads()).isEqualTo(3);
        assertThat(none.loads()).isEqualTo(6);
        assertThat(all.keptBytes()).isEqualTo(3 * ONE);
        assertThat(none.keptBytes()).isZero();
    }

    @Test
    void thoseAskedForLongestAgoLeave() throws Exception {
        Quantised volume = Quantised.of(PREPROCESSING.apply(Scans.ct(1)));
        VolumeStore store = new VolumeStore(id -> volume, 2 * ONE);
        store.get("a");
        store.get("b");
        store.get("a");
        store.get("c"); // b leaves
        assertThat(store.keptBytes()).isEqualTo(2 * ONE);
        store.get("a");
        store.get("c");
        assertThat(store.loads()).isEqualTo(3);
        store.get("b");
        assertThat(store.loads()).isEqualTo(4);
    }

    @Test
    void threadsThatAskTogetherLoadOnce() throws Exception {
        Quantised volume = Quantised.of(PREPROCESSING.apply(Scans.ct(1)));
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(4);
        VolumeStore store = new VolumeStore(
                id -> {
                    loads.incrementAndGet();
                    await(asked);
                    return volume;
                },
                ONE);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<Quantised>> got = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                got.add(pool.submit(() -> {
                    asked.countDown();
                    return store.get("a");
                }));
            }
            for (Future<Quantised> future : got) {
                assertThat(future.get()).isSameAs(volume);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(loads.get()).isEqualTo(1);
    }

    @Test
    void aFailureIsNotKeptAndNamesItsFile() throws Exception {
        Path file = folder.resolve("air.nii");
        Files.createFile(file);
        List<Case> cases = List.of(new Case("air", file, "p"));
        VolumeStore store = VolumeStore.ofFiles(cases, new Nifti(), PREPROCESSING, null, Long.MAX_VALUE);
        assertThatThrownBy(() -> store.get("air"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("air.nii");
        Scans.write(Scans.ct(1).withVoxels(new float[20 * 18 * 16]), file, Stored.INT16);
        assertThatThrownBy(() -> store.get("air"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("air.nii: every voxel is 0.0");
        Scans.write(Scans.ct(1), file, Stored.INT16);
        assertThat(store.get("air").shape()).isEqualTo(Shape3.cube(16));
        assertThatThrownBy(() -> store.get("other")).hasMessageContaining("no case other");
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
