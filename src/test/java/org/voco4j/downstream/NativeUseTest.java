package org.voco4j.downstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Tensor;

class NativeUseTest {
    private static final long LARGE = 1L << 28;

    @Test
    void whatTheAllocatorKeptOfEarlierCallsIsNotHeldTwice() {
        Assumptions.assumeTrue(System.getenv("MALLOC_TRIM_THRESHOLD_") != null); // glibc keeps what is freed
        NativeUse use = new NativeUse();
        long before = use.held();
        use.take(LARGE);
        Tensor sums = Tensor.zeros(DType.F32, LARGE / Float.BYTES);
        double noise = 0.3 * LARGE; // the 64 MiB by which the allocator is tried, and what the test itself takes
        assertThat((double) use.held() - before).as("in use").isCloseTo(LARGE, within(noise));
        sums.close();
        use.give(LARGE);
        assertThat((double) use.held() - before).as("freed").isCloseTo(0, within(noise));
        assertThat((double) Engine.residentBytes()).isGreaterThan(LARGE);
    }

    @Test
    void aPieceOfWorkNeedsWhatItReachesBeyondWhatIsLeft() {
        assertThat(NativeUse.of(() -> {})).isLessThan(LARGE / 4);
    }
}
