package org.voco4j.pretext.voco;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.voco4j.augment.Draws;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Bf16Convolutions;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.ContrastNetwork;
import org.voco4j.network.head.ProjectionHead;
import org.voco4j.network.transformer.PatchMerging;
import org.voco4j.network.transformer.SwinUnetrEncoder;
import org.voco4j.network.transformer.SwinVersion;
import org.voco4j.phantom.Torso;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.Resize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * The gradients of one step of pre-training in bf16 beside those in fp32: the paper's losses, Swin-UNETR, four bases and a
 * random crop of a torso, 64³ voxels each.
 *
 * <p>How far they may be apart is told by a third step, in fp32, whose weights and crops alone are rounded to bf16.
 */
final class Bf16Step {
    private static final int EDGE = 64;
    private static final Shape3 VOLUME = new Shape3(2 * EDGE, 2 * EDGE, EDGE);
    private static final Shape3 GRID = new Shape3(2, 2, 1);
    private static final int CROPS = 1;

    private Bf16Step() {}

    /**
     * A weight's gradient.
     *
     * @param bf16 ‖g₁₆ − g₃₂‖/‖g₃₂‖
     * @param rounded the same of the step with rounded weights and crops
     */
    record Distance(String weight, double bf16, double rounded) {
        double ratio() {
            return bf16 / rounded;
        }
    }

    /** The distances of all weights at a width of the network. */
    static List<Distance> measure(int features, int projected, long seed) {
        Map<String, float[]> exact = gradients(features, projected, seed, Precision.FP32, false);
        Map<String, float[]> rounded = gradients(features, projected, seed, Precision.FP32, true);
        Map<String, float[]> rough = gradients(features, projected, seed, Precision.BF16, false);
        return exact.entrySet().stream()
                .map(g -> new Distance(
                        g.getKey(),
                        distance(Objects.requireNonNull(rough.get(g.getKey())), g.getValue()),
                        distance(Objects.requireNonNull(rounded.get(g.getKey())), g.getValue())))
                .toList();
    }

    private static Map<String, float[]> gradients(
            int features, int projected, long seed, Precision precision, boolean rounded) {
        try (Scope scope = Scope.open()) {
            VoCo task = new VoCo(
                    PlainOptions.of(Variant.PAPER, VOLUME, GRID, CROPS, EDGE),
                    () -> new ContrastNetwork(
                            new SwinUnetrEncoder(3, 1, features, SwinVersion.V2, PatchMerging.Order.MERGING),
                            projected,
                            projected,
                            ProjectionHead.Norm.BATCH,
                            precision),
                    seed,
                    Device.CPU);
            task.chunk(1);
            int count = CROPS + GRID.x() * GRID.y() * GRID.z();
            FloatBuffer views = ByteBuffer.allocateDirect(4 * count * EDGE * EDGE * EDGE)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            float[] targets = new float[CROPS * (count - CROPS)];
            Volume torso = Torso.generate(seed).image();
            Volume scan = new HuWindow(-175, 250).apply(Resize.trilinear(torso, VOLUME, false));
            DrawnSample.fill(task, scan, Draws.of(seed), views, targets, 0);
            Tensor crops = Tensor.wrap(views, 1, count, EDGE, EDGE, EDGE);
            if (rounded) {
                crops = crops.to(DType.BF16).to(DType.F32);
                task.trainable()
                        .get(0)
                        .weights()
                        .forEach((name, weight) -> weight.copyInPlace(
                                weight.detach().to(DType.BF16).to(DType.F32)));
            }
            Loss loss = task.loss(crops, Tensor.of(targets, 1, targets.length), UnaryOperator.identity());
            loss.backward();
            Map<String, float[]> gradients = new LinkedHashMap<>();
            task.trainable()
                    .get(0)
                    .weights()
                    .forEach((name, weight) -> gradients.put(
                            name, Objects.requireNonNull(weight.gradient()).toFloats()));
            task.state().values().forEach(Tensor::close);
            return gradients;
        }
    }

    private static double distance(float[] rough, float[] exact) {
        double off = 0;
        double all = 0;
        for (int i = 0; i < exact.length; i++) {
            off += ((double) rough[i] - exact[i]) * ((double) rough[i] - exact[i]);
            all += (double) exact[i] * exact[i];
        }
        return Math.sqrt(off / all);
    }

    private static String quantiles(List<Distance> all, ToDoubleFunction<Distance> of) {
        double[] sorted = all.stream().mapToDouble(of).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "median %.3f, 90 %% %.3f, largest %.3f",
                sorted[sorted.length / 2],
                sorted[sorted.length * 9 / 10],
                sorted[sorted.length - 1]);
    }

    /** Measures at the paper's width, 48 features projected to 2048, or at those given, and prints. */
    public static void main(String[] args) {
        int features = args.length > 0 ? Integer.parseInt(args[0]) : 48;
        int projected = args.length > 1 ? Integer.parseInt(args[1]) : 2048;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
        List<Distance> all = measure(features, projected, seed);
        System.out.println(all.size() + " weights, features " + features + ", seed " + seed);
        System.out.println("bf16    " + quantiles(all, Distance::bf16));
        System.out.println("rounded " + quantiles(all, Distance::rounded));
        System.out.println("ratio   " + quantiles(all, Distance::ratio));
        all.stream()
                .sorted(Comparator.comparingDouble(Distance::ratio).reversed())
                .limit(args.length > 3 ? all.size() : 12)
                .forEach(d ->
                        System.out.printf(Locale.ROOT, "%.3f %.3f %.1f %s%n", d.bf16, d.rounded, d.ratio(), d.weight));
        Bf16Convolutions.used().forEach((name, wide) -> System.out.println((wide ? "fp32 " : "bf16 ") + name));
    }
}
