package org.voco4j.downstream.segment;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.DirectBuffer;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Crop;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What {@link SlidingWindow#logits} gives, plane by plane: as soon as no later window touches a plane of x, its logits are
 * handed on and forgotten. Memory depends on a window's depth along x and on min(F, K), not on the scan's X or on K.
 *
 * <p>Where even that is too much, a strip of rows y is done after the other; windows that touch several strips are computed
 * for each. Windows go through the network one at a time and are added in one order, so strips change no bit of the result.
 *
 * @param window how windows lie and are blended
 * @param rows of a strip: a multiple of {@link #BLOCK}, or all
 */
record StreamedPrediction(SlidingWindow window, int rows) {
    /** Rows whose logits are computed at once; strips begin at its multiples, so that the same products are taken. */
    static final int BLOCK = 16;

    /** Takes the logits of some rows of one plane. */
    interface Sink {
        /**
         * Some rows.
         *
         * @param x the plane
         * @param y the first row
         * @param logits [K, n·Z] for n rows
         */
        void accept(int x, int y, Tensor logits);
    }

    /**
     * What is blended of the first window of a scan, which {@link #run} need not compute again then: so what a window takes can be
     * measured before rows are chosen.
     */
    static Tensor first(SlidingWindow window, Channels scan, BlendedNetwork network) {
        try (NoGrad none = NoGrad.open();
                Scope scope = Scope.open()) {
            FloatBuffer voxels = voxels(window, scan);
            return answer(window, scan, window.windows(scan.shape()).get(0), network, voxels)
                    .persist();
        }
    }

    /** The same as {@link #run(Channels, BlendedNetwork, Tensor, Sink, Progress)} with nothing computed before. */
    void run(Channels scan, BlendedNetwork network, Sink sink, Progress progress) {
        run(scan, network, null, sink, progress);
    }

    /**
     * Predicts. Records no graph.
     *
     * @param scan as the network takes it
     * @param first what {@link #first} gave, closed as soon as it has been used; or null
     * @param sink is given every voxel of the scan once, along x within a strip
     * @param progress is told after every window; what it throws ends the prediction
     * @throws IllegalArgumentException if the network answers in another shape
     */
    void run(Channels scan, BlendedNetwork network, @Nullable Tensor first, Sink sink, Progress progress) {
        Shape3 shape = scan.shape();
        List<Box> strips = strips(shape);
        List<Box> windows = window.windows(shape);
        int of = 0;
        for (Box strip : strips) {
            of += (int) windows.stream().filter(w -> touches(w, strip)).count();
        }
        try (NoGrad none = NoGrad.open();
                Scope whole = Scope.open()) {
            Shape3 roi = window.roi();
            Tensor gain =
                    Tensor.of(window.importance(), 1, roi.x(), roi.y(), roi.z()).to(network.type());
            FloatBuffer voxels = voxels(window, scan);
            int done = 0;
            Tensor known = first;
            for (Box strip : strips) {
                try (Scope scope = Scope.open()) {
                    Pass pass = new Pass(shape, strip, network, sink, voxels);
                    for (Box at : windows) {
                        if (touches(at, strip)) {
                            pass.finish(at.x0());
                            pass.add(at, scan, known, gain);
                            if (known != null) {
                                known.close();
                                known = null;
                            }
                            progress.windows(++done, of);
                        }
                    }
                    pass.finish(shape.x());
                }
            }
        }
    }

    private List<Box> strips(Shape3 shape) {
        List<Box> strips = new ArrayList<>();
        for (int y = 0; y < shape.y(); y += rows) {
            strips.add(new Box(0, y, 0, shape.x(), Math.min(y + rows, shape.y()), shape.z()));
        }
        return strips;
    }

    private static boolean touches(Box window, Box strip) {
        return window.y0() < strip.y1() && window.y1() > strip.y0();
    }

    /** One way along x. */
    private final class Pass {
        private final Shape3 shape;
        private final Box strip;
        private final BlendedNetwork network;
        private final Sink sink;
        private final RollingSum sum;
        private final FloatBuffer voxels; // of the present window: no window is left for the garbage collector
        private int planes; // handed on

        Pass(Shape3 shape, Box strip, BlendedNetwork network, Sink sink, FloatBuffer voxels) {
            this.voxels = voxels;
            this.shape = shape;
            this.strip = strip;
            this.network = network;
            this.sink = sink;
            sum = new RollingSum(strip, window.roi().x(), network.channels(), network.type());
        }

        void add(Box at, Channels scan, @Nullable Tensor known, Tensor gain) {
            try (Scope step = Scope.open()) {
                Tensor found = known == null ? answer(window, scan, at, network, voxels) : known;
                Tensor answer = found.to(network.type()); // [1, C, R…]
                long[] size = {
                    network.channels(),
                    window.roi().x(),
                    window.roi().y(),
                    window.roi().z()
                };
                if (answer.count() != size[0] * window.roi().voxels() || answer.size(1) != size[0]) {
                    throw new IllegalArgumentException("the network answered a window of " + window.roi() + " with "
                            + answer + ", expected " + Arrays.toString(size));
                }
                sum.add(at, answer.reshape(size), gain);
            }
        }

        /** Hands on the planes before x. */
        void finish(int x) {
            for (; planes < x; planes++) {
                try (Scope step = Scope.open()) {
                    Tensor mean = sum.take(planes); // [C, rows, Z]
                    for (int y = 0; y < strip.shape().y(); y += BLOCK) {
                        int length = Math.min(BLOCK, strip.shape().y() - y);
                        Tensor some = mean.narrow(1, y, length).reshape(network.channels(), (long) length * shape.z());
                        sink.accept(planes, strip.y0() + y, network.logits(some));
                    }
                }
            }
        }
    }

    private static FloatBuffer voxels(SlidingWindow window, Channels scan) {
        return DirectBuffer.floats(scan.count() * window.roi().voxels());
    }

    /** What is blended of a window, whose voxels are cut into memory that is there. */
    private static Tensor answer(
            SlidingWindow window, Channels scan, Box at, BlendedNetwork network, FloatBuffer voxels) {
        Shape3 roi = window.roi();
        cut(window, scan, at, voxels);
        return network.window(Tensor.wrap(voxels, 1, scan.count(), roi.x(), roi.y(), roi.z()));
    }

    /** The voxels of a window with the fill value where it leaves the scan, in [C, R…] order. */
    private static void cut(SlidingWindow window, Channels scan, Box at, FloatBuffer to) {
        Shape3 shape = scan.shape();
        Box inside = Crop.clip(at, shape);
        boolean whole = inside.equals(at);
        int length = inside.shape().z();
        int channel = 0;
        for (Volume volume : scan.volumes()) {
            int from = channel * (int) window.roi().voxels();
            for (int i = 0; !whole && i < window.roi().voxels(); i++) {
                to.put(from + i, window.fill());
            }
            for (int x = inside.x0(); x < inside.x1(); x++) {
                for (int y = inside.y0(); y < inside.y1(); y++) {
                    int place = window.roi().index(x - at.x0(), y - at.y0(), inside.z0() - at.z0());
                    to.put(from + place, volume.voxels(), shape.index(x, y, inside.z0()), length);
                }
            }
            channel++;
        }
    }
}
