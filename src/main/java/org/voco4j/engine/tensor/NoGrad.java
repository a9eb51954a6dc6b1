package org.voco4j.engine.tensor;

import org.bytedeco.pytorch.NoGradGuard;

/** While open, on this thread, operations record no graph. */
public final class NoGrad implements AutoCloseable {
    private final NoGradGuard guard;

    private NoGrad(NoGradGuard guard) {
        this.guard = guard;
    }

    /** Stops recording until closed. */
    public static NoGrad open() {
        Engine.load();
        return new NoGrad(new NoGradGuard());
    }

    @Override
    public void close() {
        guard.close();
    }
}
