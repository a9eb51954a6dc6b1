package org.voco4j.engine.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Edge;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value that was computed outside the graph a part of it, with gradients computed by us.
 *
 * <p>The presets cannot define functions with a backward of their own, but they can lead the edges of a graph elsewhere, and a
 * hook may replace a gradient by one of the same shape. So the value is said to be a sum of the inputs, which costs nothing: a
 * sum hands its gradient on as it is. The hook on the value computes all gradients, those on the inputs put them in its place. An
 * input of another shape takes part with the sum of none of its values.
 *
 * <p>Hooks belong to the outermost open {@link Scope}, which has to stay open until the backward pass is over; what they
 * hold is released as soon as they have run. Backward passes of the processor run on the thread that asks for them.
 */
final class CustomGradient {

    /** The way back. */
    interface Backward {
        /**
         * The gradients of the inputs, in their order and shapes; those of inputs that want none are not looked at.
         *
         * @param gradient of the value
         * @param saved what was to be saved
         */
        List<? extends @Nullable Tensor> of(Tensor gradient, List<Tensor> saved);
    }

    private final Backward backward;
    private final List<Tensor> saved;
    private List<? extends @Nullable Tensor> gradients = List.of();

    private CustomGradient(Backward backward, List<Tensor> saved) {
        this.backward = backward;
        this.saved = saved;
    }

    /**
     * Attaches gradients to a value.
     *
     * @param value made of the inputs, without a graph, in memory of its own
     * @param inputs what it is made of, null for what is not there; where none requires a gradient, or
     *     none is recorded, the value stays as it is
     * @param saved what the way back needs
     * @throws IllegalStateException if no scope is open
     */
    static Tensor attach(Tensor value, List<? extends @Nullable Tensor> inputs, List<Tensor> saved, Backward backward) {
        if (!GradMode.is_enabled() || inputs.stream().noneMatch(CustomGradient::wantsGradient)) {
            return value;
        }
        PointerScope outermost = outermost();
        if (outermost == null) {
            throw new IllegalStateException("a custom gradient needs a scope that stays open for the backward pass");
        }
        List<Tensor> kept = new ArrayList<>();
        for (Tensor tensor : saved) {
            kept.add(new Tensor(held(tensor.handle.detach(), outermost)));
        }
        CustomGradient way = new CustomGradient(backward, kept);
        Node sum = null;
        for (int i = 0; i < inputs.size(); i++) {
            Tensor input = inputs.get(i);
            if (input != null && wantsGradient(input)) {
                org.bytedeco.pytorch.Tensor tap = input.handle.view_as(input.handle);
                tap.register_hook(held(new HandingOn(way, i), outermost));
                boolean alike = Arrays.equals(input.shape(), value.shape());
                sum = sum(value, alike ? tap : tap.narrow(0, 0, 0).sum(), sum);
            }
        }
        torch.create_gradient_edge(value.handle, sum);
        value.handle.register_hook(held(new Computing(way), outermost));
        return value;
    }

    private static boolean wantsGradient(@Nullable Tensor input) {
        return input != null && input.handle.requires_grad();
    }

    /** Whether a value can be attached now: no gradients are recorded, or a scope is open. */
    static boolean isPossible() {
        return !GradMode.is_enabled() || outermost() != null;
    }

    /** The node of a sum of a tensor and, where there is one, of what another node makes; of the shape of the value. */
    private static Node sum(Tensor value, org.bytedeco.pytorch.Tensor term, @Nullable Node other) {
        org.bytedeco.pytorch.Tensor none = torch.empty(new long[] {0});
        none.set_requires_grad(true);
        Node sum = none.add(none).grad_fn();
        sum.set_next_edge(0, new Edge(term.grad_fn(), 0));
        sum.set_next_edge(1, other == null ? new Edge() : new Edge(other, other.add_input_metadata(value.handle)));
        sum.clear_input_metadata();
        return sum;
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

    /**
     * A pass back through a graph.
     *
     * @throws IllegalStateException if the scope that the hooks belong to was closed before
     */
    static void back(Runnable pass) {
        try {
            pass.run();
        } catch (RuntimeException e) {
            if ("java.lang.NullPointerException".equals(e.getMessage())) { // what calling a hook that is gone comes to
                throw new IllegalStateException(
                        "the scope in which the network ran was closed before gradients were computed: open a Scope around both",
                        e);
            }
            throw e;
        }
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
            return Objects.requireNonNull(way.gradients.get(input)).handle;
        }
    }
}
