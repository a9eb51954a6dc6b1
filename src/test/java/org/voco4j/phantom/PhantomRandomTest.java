package org.voco4j.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DrawsTest {

    @Test
    void equalsSplitMix64() {
        // The first outputs of SplitMix64 for seed 1234567, as its authors publish them, in the top 53 bits.
        PhantomRandom draws = new PhantomRandom(1234567);
        for (long expected : new long[] {6457827717110365317L, 3203168211198807973L}) {
            assertThat(draws.uniform(0, 1)).isEqualTo((expected >>> 11) * 0x1p-53);
        }
    }

    @Test
    void normalHasItsMomentsAndNoTail() {
        PhantomRandom draws = new PhantomRandom(3);
        double sum = 0;
        double squares = 0;
        double largest = 0;
        int n = 200_000;
        for (int i = 0; i < n; i++) {
            double value = draws.normal(2);
            sum += value;
            squares += value * value;
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(sum / n).isCloseTo(0, within(0.02));
        assertThat(Math.sqrt(squares / n)).isCloseTo(2, within(0.02));
        assertThat(largest).isBetween(5.0, 7.0);
    }

    @Test
    void wholeNumbersReachBothEnds() {
        PhantomRandom draws = new PhantomRandom(4);
        boolean[] seen = new boolean[4];
        for (int i = 0; i < 200; i++) {
            seen[draws.between(2, 5) - 2] = true;
        }
        assertThat(seen).containsOnly(true);
    }

    @Test
    void aForkIsAnotherStream() {
        PhantomRandom draws = new PhantomRandom(5);
        PhantomRandom fork = draws.fork();
        assertThat(fork.uniform(0, 1)).isNotEqualTo(draws.uniform(0, 1));
    }
}
