package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.voco4j.engine.vector.VectorModule;

/** For tests of kernels on the Vector API, on any number of threads. */
abstract class VectorKernelFixture {
    private int threads;

    @BeforeEach
    void vectorsAreThere() {
        assumeTrue(VectorModule.isUsable());
        threads = Engine.threads();
    }

    @AfterEach
    void threadsAreAsBefore() {
        Engine.threads(threads);
    }

    /** Uniform numbers of 32 bits in (−1, 1), in a number format. */
    static Tensor drawn(long seed, DType type, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> (float) random.nextDouble(-1, 1));
        return Tensor.of(values, shape).to(type);
    }

    static double largest(Tensor tensor) {
        return Arrays.stream(tensor.toDoubles()).map(Math::abs).max().orElseThrow();
    }

    /** Each result is off by less than a share of the largest number that is wanted of it. */
    static void assertAlike(List<Tensor> own, List<Tensor> wanted, double tolerance) {
        assertThat(own).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            double off = largest(own.get(i).to(DType.F64).minus(wanted.get(i)));
            assertThat(off).as("result %d", i).isLessThan(tolerance * largest(wanted.get(i)));
        }
    }
}
