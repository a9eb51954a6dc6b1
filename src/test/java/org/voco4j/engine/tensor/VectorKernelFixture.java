package org.voco4j.engine.tensor;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
}
