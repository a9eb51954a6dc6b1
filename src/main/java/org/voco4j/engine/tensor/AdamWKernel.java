package org.voco4j.engine.tensor;

import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorList;

/**
 * libtorch's fused AdamW kernel: one call moves all weights of a group, in place.
 *
 * <p>The presets do not bind it, so it is reached through the dispatcher. Every list has one entry per weight;
 * {@code steps} are one-value float tensors that already count the step being taken.
 */
public final class AdamWKernel {
    private AdamWKernel() {}

    /** One step; see {@code org.voco4j.engine.optim.AdamW} for the mathematics. */
    public static void step(
            List<Tensor> weights,
            List<Tensor> gradients,
            List<Tensor> first,
            List<Tensor> second,
            List<Tensor> greatestSecond,
            List<Tensor> steps,
            double rate,
            double beta1,
            double beta2,
            double decay,
            double epsilon,
            boolean amsgrad) {
        OperatorHandle kernel = Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adamw_", "");
        LayerTimes.of(LayerTimes.Kind.OPTIMISER, () -> {
            try (NoGrad none = NoGrad.open()) {
                kernel.callBoxed(new IValueVector(
                        list(weights),
                        list(gradients),
                        list(first),
                        list(second),
                        list(greatestSecond),
                        list(steps),
                        new IValue(rate),
                        new IValue(beta1),
                        new IValue(beta2),
                        new IValue(decay),
                        new IValue(epsilon),
                        new IValue(amsgrad),
                        new IValue(false),
                        new IValue(),
                        new IValue()));
            }
        });
    }

    /** A list of tensors as an argument: the presets lack the constructor, the C++ layout of both lists is the same. */
    static IValue list(List<Tensor> tensors) {
        return new IValue(new GenericList((Pointer) new TensorList(Tensor.vector(tensors))));
    }
}
