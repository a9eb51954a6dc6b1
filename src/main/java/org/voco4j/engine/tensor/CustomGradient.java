package org.voco4j.engine.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value that was computed outside the graph a part of it, with gradients computed by us.
 *
 * <p>The presets cannot define functions with a backward of their own, but a hook may replace a gradient. So the value is
 * added to zeros that depend on the inputs: the hook on the sum computes all gradients, the hooks on the zeros hand them
 * on.
 *
 * <p>Hooks belong to the outermost open {@link Scope}, which has to stay open until the backward pass is over; what they
 * hold is released as soon as they have run. Backward passes of the processor run on the thread that asks for them.
 */
final class CustomGradient {

    /** The way back. */
    interface Backward {
        /**
         * The gradients of the inputs, in their order and shapes.
         *
         * @param gradient of the value
         * @param saved what was to be saved
         */
        List<Tensor> of(Tensor gradient, List<Tensor> saved);
    }

    private final Backward backward;
    private final List<Tensor> saved;
    private List<Tensor> gradients = List.of();

    private CustomGradient(Backward backward, List<Tensor> saved) {
        this.backward = backward;
        this.saved = saved;
    }

    /**
     * Attaches gradients to a value.
     *
     * @param value made of the inputs, without a graph
     * @param inputs what it is made of; where none requires a gradient, the value stays as it is
     * @param saved what the way back needs
     * @throws IllegalStateException if no scope is open
     */
    static Tensor attach(Tensor value, List<Tensor> inputs, List<Tensor> saved, Backward backward) {
        if (inputs.stream().noneMatch(input -> input.handle.requires_grad())) {
            return value;
        }
        PointerScope outermost = outermost();
        if (outermost == null) {
            throw new IllegalStateException("a custom gradient needs a scope that stays open for the backward pass");
        }
        List<Tensor> kept = new ArrayList<>();
        for (Tensor tensor : saved) {
            kept.add(new Tensor(held(new org.bytedeco.pytorch.Tensor(tensor.handle), outermost)));
        }
        CustomGradient way = new CustomGradient(backward, kept);
        org.bytedeco.pytorch.Tensor sum = value.handle;
        for (int i = 0; i < inputs.size(); i++) {
            org.bytedeco.pytorch.Tensor input = inputs.get(i).handle;
            if (input.requires_grad()) {
                org.bytedeco.pytorch.Tensor tap = input.view_as(input);
                tap.register_hook(held(new HandingOn(way, i), outermost));
                sum = sum.add(tap.narrow(0, 0, 0).sum());
            }
        }
        sum.register_hook(held(new Computing(way), outermost));
        return new Tensor(sum);
    }

    /** The outermost open scope, whose hooks live as long as a graph may; null if there is none. */
    static @Nullable PointerScope outermost() {
        PointerScope last = null;
        for (var scopes = PointerScope.getScopeIterator(); scopes != null && scopes.hasNext(); ) {
            last = scopes.next(); // innermost first
        }
        return last;
    }

    /** A hook that lives as long as a scope. */
    static <P extends org.bytedeco.javacpp.Pointer> P held(P pointer, PointerScope scope) {
        scope.attach(pointer);
        return pointer;
    }

    /** On the value: computes. */
    private static final class Computing extends TensorTensorHook {
        private final CustomGradient way;

        Computing(CustomGradient way) {
            this.way = way;
        }

        @Override
        public TensorBase call(TensorBase gradient) {
            try (NoGrad none = NoGrad.open()) {
                way.gradients = way.backward.of(new Tensor(new org.bytedeco.pytorch.Tensor(gradient)), way.saved);
            }
            way.saved.forEach(Tensor::close);
            return gradient;
        }
    }

    /** On the zero of an input: replaces the gradient, which is zero. */
    private static final class HandingOn extends TensorTensorHook {
        private final CustomGradient way;
        private final int input;

        HandingOn(CustomGradient way, int input) {
            this.way = way;
            this.input = input;
        }

        @Override
        public TensorBase call(TensorBase zero) {
            return way.gradients.get(input).handle;
        }
    }
}
