package org.voco4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class PrefetcherTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void orderAndValuesDoNotDependOnTheWorkers(int workers) throws Exception {
        for (int depth : new int[] {1, 2, 7}) {
            List<Long> got = new ArrayList<>();
            try (Prefetcher<Long> prefetcher = new Prefetcher<>(PrefetcherTest::slowItem, 100, workers, depth)) {
                for (int i = 0; i < 60; i++) {
                    got.add(prefetcher.next());
                }
            }
            List<Long> expected = new ArrayList<>();
            for (long step = 100; step < 160; step++) {
                expected.add(new SplittableRandom(step).nextLong());
            }
            assertThat(got).isEqualTo(expected);
        }
    }

    @Test
    void noMoreThanDepthItemsAreAhead() throws Exception {
        AtomicInteger made = new AtomicInteger();
        try (Prefetcher<Long> prefetcher = new Prefetcher<>(
                step -> {
                    made.incrementAndGet();
                    return step;
                },
                0,
                4,
                3)) {
            for (int taken = 1; taken <= 10; taken++) {
                prefetcher.next();
                Thread.sleep(5);
                assertThat(made.get()).isBetween(taken, taken + 3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void aFailureSurfacesAtItsStepAsItWas(int workers) throws Exception {
        IOException broken = new IOException("scan.nii: expected voxels");
        IllegalArgumentException wrong = new IllegalArgumentException("wrong");
        StackOverflowError error = new StackOverflowError();
        try (Prefetcher<Long> prefetcher = new Prefetcher<>(
                step -> {
                    if (step == 2) {
                        throw broken;
                    }
                    if (step == 3) {
                        throw wrong;
                    }
                    if (step == 4) {
                        throw error;
                    }
                    return step;
                },
                0,
                workers,
                4)) {
            assertThat(prefetcher.next()).isZero();
            assertThat(prefetcher.next()).isEqualTo(1);
            assertThatThrownBy(prefetcher::next).isSameAs(broken);
            assertThatThrownBy(prefetcher::next).isSameAs(wrong);
            assertThatThrownBy(prefetcher::next).isSameAs(error);
            assertThat(prefetcher.next()).isEqualTo(5);
        }
    }

    @Test
    void closingEndsTheWorkersInTheMiddleOfTheirWork() throws Exception {
        CountDownLatch started = new CountDownLatch(3);
        List<Thread> threads = new ArrayList<>();
        Prefetcher<Long> prefetcher = new Prefetcher<>(
                step -> {
                    synchronized (threads) {
                        threads.add(Thread.currentThread());
                    }
                    started.countDown();
                    new CountDownLatch(1).await(); // for ever
                    return step;
                },
                0,
                3,
                8);
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        long before = System.nanoTime();
        prefetcher.close();
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(2));
        synchronized (threads) {
            assertThat(threads).hasSize(3).allSatisfy(thread -> {
                assertThat(thread.isAlive()).isFalse();
                assertThat(thread.isDaemon()).isTrue();
                assertThat(thread.getName()).startsWith("voco-loader-");
            });
        }
        assertThatThrownBy(prefetcher::next).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new Prefetcher<>(step -> step, 0, -1, 1)).hasMessageContaining("-1 and 1");
        assertThatThrownBy(() -> new Prefetcher<>(step -> step, 0, 1, 0)).hasMessageContaining("1 and 0");
    }

    private static Long slowItem(long step) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(step);
        long item = random.nextLong();
        if (random.nextInt(4) == 0) {
            Thread.sleep(random.nextInt(4));
        }
        return item;
    }
}
