package org.voco4j.engine.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;

/** Functions of each value by itself. */
public final class Elementary {
    private Elementary() {}

    /** sin a. */
    public static Tensor sin(Tensor a) {
        return new Tensor(a.handle.sin());
    }

    /** cos a. */
    public static Tensor cos(Tensor a) {
        return new Tensor(a.handle.cos());
    }

    /** tan a. */
    public static Tensor tan(Tensor a) {
        return new Tensor(a.handle.tan());
    }

    /** a within [low, high]; what lies outside becomes the nearer end, and gets no gradient. */
    public static Tensor clamp(Tensor a, double low, double high) {
        return new Tensor(a.handle.clamp(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high))));
    }
}
