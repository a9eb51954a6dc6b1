package org.voco4j.downstream.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.downstream.model.Blend;
import org.voco4j.downstream.model.ModelCard;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Crop;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;

/**
 * A network's answer to a whole scan from overlapping windows, out(v) = Σ_w g(v − w)·net(window w)(v − w) / Σ_w g(v − w)
 * over the windows w that hold v (MONAI {@code sliding_window_inference}).
 *
 * <p>Along an axis of N voxels windows of R begin every ⌊R·(1 − overlap)⌋ voxels (at least 1), the last moved back to
 * end at N. An axis shorter than R is padded at both ends, the odd voxel at the high end. The Gaussian g has
 * σ = R/8 per axis around the window's middle and is at least 0.001.
 *
 * @param roi R, the voxels of a window
 * @param overlapX share of a window that the next along x covers too, in [0, 1)
 * @param overlapY the same along y
 * @param overlapZ the same along z
 * @param blend g
 * @param fill the scan's value where a window leaves it
 */
public record SlidingWindow(Shape3 roi, double overlapX, double overlapY, double overlapZ, Blend blend, float fill) {
    private static final float AIR = 0; // where a window leaves its scan, as in training

    private static final double SIGMA = 0.125; // of the window's size
    private static final double SMALLEST_WEIGHT = 1e-3;

    /**
     * Checks the overlaps.
     *
     * @throws IllegalArgumentException if one is outside [0, 1)
     */
    public SlidingWindow {
        for (double overlap : new double[] {overlapX, overlapY, overlapZ}) {
            if (!(overlap >= 0 && overlap < 1)) {
                throw new IllegalArgumentException("the overlap of windows must lie in [0, 1), not " + overlap);
            }
        }
    }

    /** The windows of a scan, z fastest; they leave it only along axes shorter than the roi. */
    public List<Box> windows(Shape3 scan) {
        List<Box> windows = new ArrayList<>();
        for (int x : starts(scan.x(), roi.x(), overlapX)) {
            for (int y : starts(scan.y(), roi.y(), overlapY)) {
                for (int z : starts(scan.z(), roi.z(), overlapZ)) {
                    windows.add(Box.at(x, y, z, roi));
                }
            }
        }
        return windows;
    }

    private static int[] starts(int voxels, int size, double overlap) {
        int spare = voxels - size;
        if (spare <= 0) {
            return new int[] {-(-spare / 2)};
        }
        int step = Math.max((int) (size * (1 - overlap)), 1);
        int[] starts = new int[(spare + step - 1) / step + 1];
        Arrays.setAll(starts, i -> Math.min(i * step, spare));
        return starts;
    }

    /** g for every voxel of a window, row-major. */
    float[] importance() {
        float[] weights = new float[Math.toIntExact(roi.voxels())];
        Arrays.fill(weights, 1);
        for (int x = 0; blend == Blend.GAUSSIAN && x < roi.x(); x++) {
            for (int y = 0; y < roi.y(); y++) {
                for (int z = 0; z < roi.z(); z++) {
                    double gauss = bell(x, roi.x()) * bell(y, roi.y()) * bell(z, roi.z());
                    weights[roi.index(x, y, z)] = (float) Math.max(gauss, SMALLEST_WEIGHT);
                }
            }
        }
        return weights;
    }

    private static double bell(int i, int size) {
        double sigmas = (i - (size - 1) / 2.0) / (SIGMA * size);
        return Math.exp(-0.5 * sigmas * sigmas);
    }

    /**
     * The blended logits, in double precision where the scan is, else in single.
     *
     * <p>Holds one batch of windows at a time beside K + 1 values per voxel of the scan. Records no graph.
     *
     * @param scan [1, C, X, Y, Z] on the CPU
     * @param batch windows that go through the network together
     * @param network [B, C, R…] → [B, K, R…]; it may answer from another device
     * @return [1, K, X, Y, Z] on the CPU
     * @throws IllegalArgumentException if the scan, the batch or the network's answer has another shape
     */
    public Tensor logits(Tensor scan, int batch, Function<Tensor, Tensor> network) {
        if (scan.shape().length != 5 || scan.size(0) != 1 || batch < 1) {
            throw new IllegalArgumentException(
                    "expected a scan [1, C, X, Y, Z] and batches of 1 or more windows, not " + scan + " and " + batch);
        }
        Shape3 shape = new Shape3(size(scan, 2), size(scan, 3), size(scan, 4));
        List<Box> windows = windows(shape);
        DType type = scan.type() == DType.F64 ? DType.F64 : DType.F32;
        try (NoGrad none = NoGrad.open();
                Scope whole = Scope.open()) {
            Tensor padded = padded(scan, shape, windows.get(0));
            Tensor importance =
                    Tensor.of(importance(), roi.x(), roi.y(), roi.z()).to(type);
            Tensor weights = Tensor.zeros(type, shape.x(), shape.y(), shape.z());
            @Nullable Tensor sum = null; // [1, K, X, Y, Z], of as many classes as the first answer has
            for (int from = 0; from < windows.size(); from += batch) {
                List<Box> some = windows.subList(from, Math.min(from + batch, windows.size()));
                try (Scope step = Scope.open()) {
                    Tensor answer =
                            answer(padded, windows.get(0), some, network).to(type); // [B, K, R…]
                    if (sum == null) {
                        sum = step.keep(Tensor.zeros(type, 1, answer.size(1), shape.x(), shape.y(), shape.z()));
                    }
                    for (int i = 0; i < some.size(); i++) {
                        Box window = some.get(i);
                        Box inside = Crop.clip(window, shape);
                        Box of = moved(inside, window);
                        Tensor gain = part(importance, of);
                        add(part(sum, inside), part(answer.narrow(0, i, 1), of).times(gain));
                        add(part(weights, inside), gain);
                    }
                }
            }
            Tensor logits = Objects.requireNonNull(sum, "a scan has at least one window");
            for (int k = 0; k < logits.size(1); k++) { // one class at a time: no second array of all classes
                try (Scope step = Scope.open()) {
                    Tensor one = logits.narrow(1, k, 1);
                    one.copyInPlace(one.over(weights));
                }
            }
            return whole.keep(logits);
        }
    }

    /**
     * The class of the largest logit of every voxel, the first among equals.
     *
     * @param logits [1, K, X, Y, Z] with K ≤ 256
     * @param affine of the scan
     * @throws IllegalArgumentException if there are more classes, or a logit is not a number
     */
    public static LabelMap classes(Tensor logits, Affine affine) {
        int count = size(logits, 1);
        if (logits.size(0) != 1 || count > 256) {
            throw new IllegalArgumentException("expected logits [1, K ≤ 256, X, Y, Z], not " + logits);
        }
        Shape3 shape = new Shape3(size(logits, 2), size(logits, 3), size(logits, 4));
        VoxelClasses classes = new VoxelClasses(shape, IntStream.range(0, count).toArray(), false);
        for (int x = 0; x < shape.x(); x++) {
            try (Scope step = Scope.open()) {
                classes.accept(x, 0, logits.narrow(2, x, 1)); // [1, K, 1, Y, Z]
            }
        }
        return classes.map(affine);
    }

    /**
     * The class of every voxel of a prepared scan; of its logits no more is held than the windows at one x have.
     *
     * @param device where the network is
     */
    public LabelMap classes(Channels scan, SegmentationNetwork network, Device device) {
        int[] values = IntStream.range(0, network.classes()).toArray();
        VoxelClasses classes = new VoxelClasses(scan.shape(), values, false);
        stream(scan, network, device, classes);
        return classes.map(scan.affine());
    }

    /** The same of regions that may overlap: a map of 0 and 1 for each, as {@link RegionMasks}. */
    public List<LabelMap> regions(Channels scan, SegmentationNetwork network, Device device) {
        VoxelMasks masks = new VoxelMasks(scan.shape(), network.classes());
        stream(scan, network, device, masks);
        return masks.maps(scan.affine());
    }

    private void stream(Channels scan, SegmentationNetwork network, Device device, StreamedPrediction.Sink sink) {
        try (BlendedNetwork blended = BlendedNetwork.of(List.of(network), device)) {
            new StreamedPrediction(this, scan.shape().y()).run(scan, blended, sink, (done, of) -> {});
        }
    }

    /** The network's logits for some windows, [B, K, R…], on the CPU. */
    private Tensor answer(Tensor padded, Box first, List<Box> windows, Function<Tensor, Tensor> network) {
        List<Tensor> cut = new ArrayList<>();
        for (Box window : windows) {
            cut.add(part(padded, moved(window, first)));
        }
        Tensor answer = network.apply(Tensor.concatenate(cut, 0)).to(Device.CPU);
        long[] shape = answer.shape();
        long[] expected = {windows.size(), shape.length > 1 ? shape[1] : 0, roi.x(), roi.y(), roi.z()};
        if (!Arrays.equals(shape, expected)) {
            throw new IllegalArgumentException("the network answered " + windows.size() + " windows of " + roi
                    + " with " + answer + ", expected [" + windows.size() + ", classes, " + roi.x() + ", " + roi.y()
                    + ", " + roi.z() + "]");
        }
        return answer;
    }

    /** The scan from its first window's first voxel on, with the fill value where it is shorter than the roi. */
    private Tensor padded(Tensor scan, Shape3 shape, Box first) {
        Box inside = moved(Box.of(shape), first);
        long[] sizes = scan.shape();
        for (int axis = 0; axis < 3; axis++) {
            sizes[2 + axis] = Math.max(roi.along(axis), shape.along(axis));
        }
        if (Arrays.equals(sizes, scan.shape())) {
            return scan;
        }
        Tensor padded = Tensor.zeros(scan.type(), sizes);
        InPlace.add(padded, fill);
        part(padded, inside).copyInPlace(scan);
        return padded;
    }

    /** A box as seen from the first voxel of another. */
    private static Box moved(Box box, Box origin) {
        return Box.at(box.x0() - origin.x0(), box.y0() - origin.y0(), box.z0() - origin.z0(), box.shape());
    }

    /** A view of a box of the last three dimensions. */
    private static Tensor part(Tensor tensor, Box box) {
        Tensor part = tensor;
        for (int axis = 0; axis < 3; axis++) {
            int dimension = tensor.shape().length - 3 + axis;
            part = part.narrow(dimension, box.low(axis), box.shape().along(axis));
        }
        return part;
    }

    private static void add(Tensor to, Tensor by) {
        to.copyInPlace(to.plus(by));
    }

    private static int size(Tensor tensor, int dimension) {
        return Math.toIntExact(tensor.size(dimension));
    }

    /** How a model segments whole scans. */
    public static SlidingWindow of(ModelCard card) {
        return new SlidingWindow(card.patch(), card.overlap(), card.overlap(), card.overlap(), card.blend(), AIR);
    }
}
