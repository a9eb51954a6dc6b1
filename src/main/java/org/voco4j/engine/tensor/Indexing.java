package org.voco4j.engine.tensor;

import org.bytedeco.pytorch.LongOptional;

/** Places of values instead of values. */
public final class Indexing {
    private Indexing() {}

    /** Where along the last axis the smallest value lies, as whole numbers: [B, …, K] → [B, …]. Of equal ones either may be told. */
    public static Tensor smallest(Tensor x) {
        return new Tensor(x.handle.argmin(new LongOptional(-1), false));
    }
}
