package org.voco4j.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharesTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 50})
    void everyPartIsDoneOnce(int threads) {
        AtomicIntegerArray done = new AtomicIntegerArray(20);
        Shares.run(20, threads, () -> done::incrementAndGet);
        for (int part = 0; part < 20; part++) {
            assertThat(done.get(part)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aFailureIsThrown(int threads) {
        assertThatThrownBy(() -> Shares.run(8, threads, () -> part -> {
                    throw new IllegalStateException("part");
                }))
                .hasMessageContaining("part");
    }
}
