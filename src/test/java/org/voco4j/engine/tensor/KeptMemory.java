package org.voco4j.engine.tensor;

import org.bytedeco.javacpp.Pointer;

/** What the allocator keeps of earlier tests, which a test that reads the memory of the process would otherwise be given. */
public final class KeptMemory {
    private KeptMemory() {}

    /** Gives it back to the system. */
    public static void giveBack() {
        Pointer.trimMemory();
    }
}
