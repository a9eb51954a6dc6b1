package org.voco4j.engine.tensor;

import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;

/**
 * libtorch's fused kernel of gradient descent with momentum: one call moves all weights of a group, in place; reached as
 * {@link AdamWKernel} is. Every list has one entry per weight.
 */
public final class SgdKernel {
    private static final double DAMPENING = 0;

    private SgdKernel() {}

    /** One step; see {@code org.voco4j.engine.optim.Sgd} for the mathematics. */
    public static void step(
            List<Tensor> weights,
            List<Tensor> gradients,
            List<Tensor> momentum,
            double rate,
            double factor,
            boolean nesterov,
            double decay) {
        OperatorHandle kernel = Dispatcher.singleton().findSchemaOrThrow("aten::_fused_sgd_", "");
        LayerTimes.of(LayerTimes.Kind.OPTIMISER, () -> {
            try (NoGrad none = NoGrad.open()) {
                kernel.callBoxed(new IValueVector(
                        AdamWKernel.list(weights),
                        AdamWKernel.list(gradients),
                        AdamWKernel.list(momentum),
                        new IValue(decay),
                        new IValue(factor),
                        new IValue(rate),
                        new IValue(DAMPENING),
                        new IValue(nesterov),
                        new IValue(false), // downwards
                        new IValue(false), // a first step is one with a momentum of zeros
                        new IValue(),
                        new IValue()));
            }
        });
    }
}
