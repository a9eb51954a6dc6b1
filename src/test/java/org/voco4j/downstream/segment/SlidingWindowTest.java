package org.voco4j.downstream.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.downstream.model.Blend;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** Windows, weights and blended outputs against MONAI, and what must hold for any of them. */
class SlidingWindowTest {
    private static final Reference REFERENCE = Reference.of("sliding_window");
    private static final Shape3 ROI_0 = new Shape3(8, 8, 12);
    private static final Shape3 ROI_1 = new Shape3(10, 7, 8);

    /** conv(relu(conv(x))), 1 → 4 → 3 channels, in the number format given. */
    private static Function<Tensor, Tensor> reference(DType type) {
        Tensor weight1 = Tensors.of(REFERENCE, "net.conv1.weight").to(type);
        Tensor bias1 = Tensors.of(REFERENCE, "net.conv1.bias").to(type);
        Tensor weight2 = Tensors.of(REFERENCE, "net.conv2.weight").to(type);
        Tensor bias2 = Tensors.of(REFERENCE, "net.conv2.bias").to(type);
        return x -> Ops.conv(Ops.conv(x, weight1, bias1, 1).relu(), weight2, bias2, 1);
    }

    private static SlidingWindow same(Shape3 roi, double overlap, Blend blend) {
        return new SlidingWindow(roi, overlap, overlap, overlap, blend, 0);
    }

    private static Tensor noise(long seed, long... shape) {
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        SplittableRandom random = new SplittableRandom(seed);
        Arrays.setAll(values, i -> random.nextDouble() - 0.5);
        return Tensor.of(values, shape);
    }

    @ParameterizedTest
    @CsvSource({"0,25", "0,50", "0,75", "1,25", "1,50", "1,75"})
    void windowsStartWhereMonaisDo(int number, int percent) {
        int[] input = REFERENCE.shape("input" + number);
        Shape3 scan = new Shape3(input[2], input[3], input[4]);
        Shape3 roi = number == 0 ? ROI_0 : ROI_1;
        List<Long> starts = new ArrayList<>(); // MONAI counts from the first voxel of the padded scan
        for (Box window : same(roi, percent / 100.0, Blend.CONSTANT).windows(scan)) {
            assertThat(window.shape()).isEqualTo(roi);
            for (int axis = 0; axis < 3; axis++) {
                starts.add((long) window.low(axis) + Math.max(roi.along(axis) - scan.along(axis), 0) / 2);
            }
        }
        assertThat(starts)
                .containsExactlyElementsOf(Arrays.stream(REFERENCE.longs("starts" + number + "." + percent))
                        .boxed()
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void gaussianEqualsMonai(int number) {
        float[] found = same(number == 0 ? ROI_0 : ROI_1, 0.5, Blend.GAUSSIAN).importance();
        double[] expected = REFERENCE.doubles("importance" + number + ".gaussian");
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(Math.abs(found[i] - expected[i])).as("weight %d", i).isLessThanOrEqualTo(1e-6 * expected[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,constant,25", "0,constant,50", "0,constant,75", "0,gaussian,25", "0,gaussian,50", "0,gaussian,75",
        "1,constant,25", "1,constant,50", "1,constant,75", "1,gaussian,25", "1,gaussian,50", "1,gaussian,75"
    })
    void outputsEqualMonai(int number, String mode, int percent) {
        Blend blend = mode.equals("constant") ? Blend.CONSTANT : Blend.GAUSSIAN;
        SlidingWindow window = same(number == 0 ? ROI_0 : ROI_1, percent / 100.0, blend);
        assertOutput(window, 3, "input" + number, "output" + number + "." + mode + "." + percent);
    }

    @Test
    void anOverlapPerAxisAndAPaddingValueEqualMonai() {
        SlidingWindow window = new SlidingWindow(ROI_0, 0.5, 0.25, 0, Blend.GAUSSIAN, 0.3f);
        assertOutput(window, 4, "input0", "output0.gaussian.axis");
    }

    /** Both samples within 1e-6 of the largest value; the reference is in single precision. */
    private static void assertOutput(SlidingWindow window, int batch, String input, String output) {
        try (Scope scope = Scope.open()) {
            Function<Tensor, Tensor> network = reference(DType.F32);
            Tensor samples = Tensors.of(REFERENCE, input).to(DType.F32);
            Tensor first = window.logits(samples.narrow(0, 0, 1), batch, network);
            Tensor second = window.logits(samples.narrow(0, 1, 1), batch, network);
            assertThat(first.type()).isEqualTo(DType.F32);
            double[] expected = REFERENCE.doubles(output);
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            Tensor both = Tensor.concatenate(List.of(first, second), 0);
            Tensors.assertClose(both, expected, 1e-6 * largest, output);
        }
    }

    @Test
    void windowsLieInsideAndCoverEveryVoxel() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 200; i++) {
            Shape3 scan = new Shape3(1 + random.nextInt(14), 1 + random.nextInt(14), 1 + random.nextInt(14));
            Shape3 roi = new Shape3(1 + random.nextInt(9), 1 + random.nextInt(9), 1 + random.nextInt(9));
            List<Box> windows =
                    same(roi, 0.99 * random.nextDouble(), Blend.CONSTANT).windows(scan);
            assertThat(windows).doesNotHaveDuplicates();
            for (int axis = 0; axis < 3; axis++) {
                boolean[] seen = new boolean[scan.along(axis)];
                for (Box window : windows) {
                    boolean inside = window.low(axis) >= 0 && window.high(axis) <= seen.length;
                    assertThat(inside).isEqualTo(roi.along(axis) <= seen.length);
                    int end = Math.min(window.high(axis), seen.length);
                    Arrays.fill(seen, Math.max(window.low(axis), 0), end, true);
                }
                assertThat(seen).as("%s in %s along %d", roi, scan, axis).doesNotContain(false);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Blend.class)
    void aNetworkThatLooksAtOneVoxelOnlyGivesTheWhole(Blend blend) {
        Function<Tensor, Tensor> network =
                x -> Tensor.concatenate(List.of(x, x.square().plus(-0.25)), 1);
        try (Scope scope = Scope.open()) {
            Tensor scan = noise(1, 1, 2, 9, 7, 5);
            double[] whole = network.apply(scan).toDoubles();
            for (Shape3 roi : List.of(new Shape3(4, 3, 2), new Shape3(12, 3, 5), new Shape3(10, 8, 8))) {
                for (double overlap : new double[] {0, 0.3, 0.5, 0.9}) {
                    for (int batch : new int[] {1, 3, 1000}) {
                        Tensor logits =
                                new SlidingWindow(roi, overlap, 0, overlap, blend, 7).logits(scan, batch, network);
                        assertThat(logits.shape()).containsExactly(1, 4, 9, 7, 5);
                        Tensors.assertClose(logits, whole, 1e-14, roi + " overlap " + overlap);
                    }
                }
            }
        }
    }

    @Test
    void aWindowOfTheWholeScanIsTheNetworkItself() {
        try (Scope scope = Scope.open()) {
            Function<Tensor, Tensor> network = reference(DType.F64);
            Tensor scan = noise(2, 1, 1, 8, 8, 12);
            Tensor logits = same(ROI_0, 0.5, Blend.GAUSSIAN).logits(scan, 1, network);
            Tensors.assertClose(logits, network.apply(scan).toDoubles(), 1e-14, "whole");
        }
    }

    @Test
    void recordsNoGraphAndFreesEveryWindow() throws InterruptedException {
        Tensors.collectGarbage();
        try (Scope scope = Scope.open()) {
            Function<Tensor, Tensor> network = reference(DType.F64);
            Tensor scan = noise(3, 1, 1, 21, 16, 13).requireGradient(true);
            SlidingWindow window = same(ROI_1, 0.75, Blend.GAUSSIAN);
            long[] objects = new long[2];
            for (int i = 0; i < 2; i++) {
                long before = Engine.nativeObjects();
                Tensor logits = window.logits(scan, 4, network);
                objects[i] = Engine.nativeObjects() - before;
                assertThatThrownBy(() -> logits.sum().backward()).hasMessageContaining("does not require grad");
            }
            assertThat(objects[1])
                    .as("what outlives 280 windows")
                    .isEqualTo(objects[0])
                    .isLessThan(8);
        }
    }

    @Test
    void theClassIsThatOfTheLargestLogit() {
        Affine affine = Affine.identity();
        try (Scope scope = Scope.open()) {
            float[] values = new float[300 * 2];
            values[255 * 2] = 1; // voxel 0: class 255
            values[3 * 2 + 1] = 2; // voxel 1: classes 3 and 7, equal
            values[7 * 2 + 1] = 2;
            Tensor logits = Tensor.of(values, 1, 300, 1, 2, 1);
            LabelMap found = SlidingWindow.classes(logits.narrow(1, 0, 256), affine);
            assertThat(found.shape()).isEqualTo(new Shape3(1, 2, 1));
            assertThat(found.affine()).isSameAs(affine);
            assertThat(found.at(0)).isEqualTo(255);
            assertThat(found.at(1)).isEqualTo(3);
            assertThatThrownBy(() -> SlidingWindow.classes(logits, affine)).hasMessageContaining("300");
            float[] broken = {0, 0, 1, Float.NaN};
            assertThatThrownBy(() -> SlidingWindow.classes(Tensor.of(broken, 1, 2, 2, 1, 1), affine))
                    .hasMessageContaining("class 1 is not a number at x = 1");
        }
    }

    @Test
    void classesAreRowMajor() {
        try (Scope scope = Scope.open()) {
            Tensor logits = noise(5, 1, 3, 4, 3, 2);
            double[] values = logits.toDoubles();
            LabelMap found = SlidingWindow.classes(logits, Affine.identity());
            for (int i = 0; i < 24; i++) {
                for (int k = 0; k < 3; k++) {
                    assertThat(values[k * 24 + i]).isLessThanOrEqualTo(values[found.at(i) * 24 + i]);
                }
            }
        }
    }

    @Test
    void aFirstWindowThatIsKnownIsNotComputedAgain() {
        SlidingWindow window = same(ROI_1, 0.5, Blend.GAUSSIAN);
        Shape3 shape = new Shape3(12, 40, 9);
        float[] voxels = new float[(int) shape.voxels()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = i % 13;
        }
        Channels scan = Channels.of(new Volume(shape, Affine.identity(), voxels));
        int[] computed = {0};
        BlendedNetwork network = BlendedNetwork.ofLogits(
                x -> {
                    computed[0]++;
                    return x.times(2);
                },
                1,
                DType.F32);
        List<float[]> plain = new ArrayList<>();
        List<float[]> known = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            StreamedPrediction strips = new StreamedPrediction(window, 16);
            strips.run(scan, network, (x, y, logits) -> plain.add(logits.toFloats()), (done, of) -> {});
            int whole = computed[0];
            Tensor first = StreamedPrediction.first(window, scan, network);
            strips.run(scan, network, first, (x, y, logits) -> known.add(logits.toFloats()), (done, of) -> {});
            assertThat(computed[0]).isEqualTo(2 * whole);
        }
        assertThat(known).usingRecursiveComparison().isEqualTo(plain);
    }

    @Test
    void wrongShapesAreSaidInWords() {
        SlidingWindow window = same(ROI_1, 0.5, Blend.CONSTANT);
        try (Scope scope = Scope.open()) {
            Tensor scan = Tensor.zeros(DType.F32, 1, 1, 12, 12, 12);
            assertThatThrownBy(() -> window.logits(Tensor.zeros(DType.F32, 2, 1, 12, 12, 12), 2, x -> x))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[2, 1, 12, 12, 12]");
            assertThatThrownBy(() -> window.logits(scan, 2, x -> x.narrow(4, 0, 4)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[2, 1, 10, 7, 4]")
                    .hasMessageContaining("[2, classes, 10, 7, 8]");
        }
        assertThatThrownBy(() -> same(ROI_1, 1, Blend.CONSTANT)).hasMessageContaining("[0, 1)");
    }
}
