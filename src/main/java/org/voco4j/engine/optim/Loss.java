package org.voco4j.engine.optim;

import java.util.Map;
import org.voco4j.engine.tensor.Tensor;

/**
 * The loss of one step.
 *
 * @param total what is differentiated
 * @param parts what it is made of and what is worth watching beside it, by name
 * @param rest what the backward pass still has to do where the graph of {@code total} ends before the network
 */
public record Loss(Tensor total, Map<String, Tensor> parts, Runnable rest) {

    /** A loss whose graph reaches all weights. */
    public Loss(Tensor total, Map<String, Tensor> parts) {
        this(total, parts, () -> {});
    }

    /** Adds the derivatives to the gradients of all weights. */
    public void backward() {
        total.backward();
        rest.run();
    }
}
