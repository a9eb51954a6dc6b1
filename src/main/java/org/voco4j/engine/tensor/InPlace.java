package org.voco4j.engine.tensor;

import org.bytedeco.pytorch.Scalar;

/** Arithmetic that changes a tensor where it lies, unseen by any graph; {@link Tensor#copyInPlace} takes over values. */
public final class InPlace {
    private InPlace() {}

    /** a ← a + b, broadcast to the shape of a. */
    public static void add(Tensor a, Tensor b) {
        try (NoGrad none = NoGrad.open()) {
            a.handle.add_(b.handle);
        }
    }

    /** a ← a + number; to whole ones, a whole number. */
    public static void add(Tensor a, double number) {
        try (NoGrad none = NoGrad.open()) {
            a.handle.add_(a.type() == DType.I64 ? new Scalar((long) number) : new Scalar(number));
        }
    }

    /** a ← factor·a. */
    public static void scale(Tensor a, double factor) {
        try (NoGrad none = NoGrad.open()) {
            a.handle.mul_(new Scalar(factor));
        }
    }

    /** a ← keep·a + (1 − keep)·b: the exponential moving average. */
    public static void average(Tensor a, double keep, Tensor b) {
        try (NoGrad none = NoGrad.open()) {
            a.handle.mul_(new Scalar(keep)).add_(b.handle, new Scalar(1 - keep));
        }
    }

    /**
     * Has a lie where b lies: whoever changes the values of one changes those of both. Each goes on gathering a gradient of its
     * own.
     */
    public static void share(Tensor a, Tensor b) {
        a.handle.__dispatch_set_data(b.handle);
    }

    /** Adds to the gradient that a leaf has gathered. */
    public static void addGradient(Tensor leaf, Tensor gradient) {
        if (leaf.handle.grad().defined()) {
            add(new Tensor(leaf.handle.grad()), gradient);
        } else {
            leaf.handle.mutable_grad().put(gradient.handle.clone());
        }
    }

    /** a ← 0, whatever it was. */
    public static void zero(Tensor a) {
        try (NoGrad none = NoGrad.open()) {
            a.handle.zero_();
        }
    }
}
