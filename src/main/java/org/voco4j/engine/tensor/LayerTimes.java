package org.voco4j.engine.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Seconds that kinds of layers take, there and back, while one of these is open on the thread that computes.
 *
 * <p>There, a call is timed. Back, libtorch goes through the graph by itself, and the presets bind none of its profilers; so a
 * hook on a layer's result says that its way back begins, and one on a view of its input that it is over. Results are the same
 * bits as without. Where kernels are only queued, as on a card, times mean nothing.
 */
public final class LayerTimes implements AutoCloseable {
    private static final ThreadLocal<@Nullable LayerTimes> OPEN = new ThreadLocal<>();
    private static final String REST = "everything else";

    /** Kinds of work. */
    enum Kind {
        CONVOLUTION,
        LINEAR,
        ATTENTION,
        NORM,
        ACTIVATION,
        POOLING,
        INTERPOLATION,
        COPYING,
        OPTIMISER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What one kind took.
     *
     * @param kind its name
     * @param calls forward
     * @param forward seconds
     * @param backward seconds
     */
    public record Row(String kind, long calls, double forward, double backward) {
        /** Seconds there and back. */
        public double seconds() {
            return forward + backward;
        }
    }

    /** Calls and seconds so far. */
    private static final class Sum {
        long calls;
        double forward;
        double backward;
    }

    private final Map<Kind, Sum> sums = new EnumMap<>(Kind.class);
    private double allBackward;
    private boolean inside; // of a layer, whose own calls of others count as its own, or on the way back
    private @Nullable Kind back; // whose way back goes on
    private long since;

    private LayerTimes() {}

    /** Begins; what is opened and closed meanwhile on this thread is not part of it. */
    public static LayerTimes open() {
        LayerTimes times = new LayerTimes();
        OPEN.set(times);
        return times;
    }

    @Override
    public void close() {
        OPEN.remove();
    }

    /**
     * What was taken, the longest first, and at the end what of all seconds is none of these.
     *
     * @param seconds of everything that was done meanwhile
     */
    public List<Row> rows(double seconds) {
        List<Row> rows = new ArrayList<>();
        double there = 0;
        double back = 0;
        for (Map.Entry<Kind, Sum> entry : sums.entrySet()) {
            Sum sum = entry.getValue();
            rows.add(new Row(entry.getKey().toString(), sum.calls, sum.forward, sum.backward));
            there += sum.forward;
            back += sum.backward;
        }
        rows.sort(Comparator.comparingDouble(Row::seconds).reversed());
        rows.add(new Row(REST, 0, seconds - allBackward - there, allBackward - back));
        return rows;
    }

    /** A layer [B, …] → [B, …]; timed where times are taken. */
    static Tensor of(Kind kind, Tensor x, UnaryOperator<Tensor> layer) {
        LayerTimes times = OPEN.get();
        return times == null || times.inside ? layer.apply(x) : times.timed(kind, x, layer, true, false);
    }

    /** A layer whose gradient is of our own making. */
    static Tensor own(Kind kind, Tensor x, UnaryOperator<Tensor> layer) {
        LayerTimes times = OPEN.get();
        return times == null || times.inside ? layer.apply(x) : times.timed(kind, x, layer, true, true);
    }

    /** A layer whose result takes the place of its input, in front of which there can be no view. */
    static Tensor inPlace(Kind kind, Tensor x, UnaryOperator<Tensor> layer) {
        LayerTimes times = OPEN.get();
        return times == null || times.inside ? layer.apply(x) : times.timed(kind, x, layer, false, false);
    }

    /** Work without a way back. */
    static void of(Kind kind, Runnable work) {
        LayerTimes times = OPEN.get();
        if (times == null || times.inside) {
            work.run();
        } else {
            long began = System.nanoTime();
            work.run();
            times.add(kind, began);
        }
    }

    /** A pass back through a graph. */
    static void back(Runnable pass) {
        LayerTimes times = OPEN.get();
        if (times == null) {
            CustomGradient.back(pass);
            return;
        }
        long began = System.nanoTime();
        times.inside = true; // what hooks compute is part of the way back that it is on
        try {
            CustomGradient.back(pass);
        } finally {
            times.inside = false;
        }
        times.turn(null);
        times.allBackward += (System.nanoTime() - began) / 1e9;
    }

    private Tensor timed(Kind kind, Tensor x, UnaryOperator<Tensor> layer, boolean apart, boolean own) {
        PointerScope scope = GradMode.is_enabled() ? CustomGradient.outermost() : null;
        Tensor input = x;
        if (apart && scope != null && x.handle.requires_grad()) {
            input = new Tensor(torch.alias(x.handle));
            input.handle.register_hook(CustomGradient.held(new Turn(this, null), scope));
        }
        long began = System.nanoTime();
        inside = true;
        Tensor result;
        try {
            result = layer.apply(input);
        } finally {
            inside = false;
        }
        add(kind, began);
        if (scope != null && result.handle.requires_grad()) {
            if (own) { // its own hook on the result computes, and would come first
                result = new Tensor(torch.alias(result.handle));
            }
            result.handle.register_hook(CustomGradient.held(new Turn(this, kind), scope));
        }
        return result;
    }

    private void add(Kind kind, long began) {
        Sum sum = sum(kind);
        sum.calls++;
        sum.forward += (System.nanoTime() - began) / 1e9;
    }

    private Sum sum(Kind kind) {
        return sums.computeIfAbsent(kind, none -> new Sum());
    }

    /** Whose way back it is from now on; null: nobody's. */
    private void turn(@Nullable Kind next) {
        long now = System.nanoTime();
        if (back != null) {
            sum(back).backward += (now - since) / 1e9;
        }
        back = next;
        since = now;
    }

    /** Called where a gradient has come to. */
    private static final class Turn extends TensorTensorHook {
        private final LayerTimes times;
        private final @Nullable Kind next;

        Turn(LayerTimes times, @Nullable Kind next) {
            this.times = times;
            this.next = next;
        }

        @Override
        public TensorBase call(TensorBase gradient) {
            times.turn(next);
            return gradient;
        }
    }
}
