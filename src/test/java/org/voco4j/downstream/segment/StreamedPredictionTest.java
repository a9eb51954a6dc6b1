package org.voco4j.downstream.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.downstream.model.Blend;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.KeptMemory;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.transformer.PatchMerging;
import org.voco4j.network.transformer.SwinUnetr;
import org.voco4j.network.transformer.SwinVersion;
import org.voco4j.network.transformer.Unetr;
import org.voco4j.network.transformer.UnetrForm;
import org.voco4j.network.unet.MonaiUNet;
import org.voco4j.network.unet.UNet;
import org.voco4j.network.unet.UNet3d;
import org.voco4j.network.unet.UNetForm;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** Prediction plane by plane against the reference and against the whole at once. */
class StreamedPredictionTest {
    private static final Progress NOBODY = (done, of) -> {};
    private static final Shape3 ROI = new Shape3(8, 10, 7);
    private static final Shape3 SCAN = new Shape3(19, 37, 11);
    private final Reference reference = Reference.of("feature_blending");

    private static SlidingWindow window(Shape3 roi, Blend blend) {
        return new SlidingWindow(roi, 0.5, 0.5, 0.5, blend, 0);
    }

    private static Channels noise(long seed, Shape3 shape, int channels) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Channels(IntStream.range(0, channels)
                .mapToObj(c -> {
                    float[] values = new float[(int) shape.voxels()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) random.nextDouble();
                    }
                    return new Volume(shape, Affine.identity(), values);
                })
                .toList());
    }

    private static Tensor tensor(Channels scan) {
        Shape3 shape = scan.shape();
        List<Tensor> channels = scan.volumes().stream()
                .map(volume -> Tensor.of(volume.voxels(), 1, 1, shape.x(), shape.y(), shape.z()))
                .toList();
        return Tensor.concatenate(channels, 1);
    }

    /** All logits, [K][X·Y·Z]. */
    private static double[] logits(SlidingWindow window, int rows, Channels scan, BlendedNetwork network) {
        int voxels = (int) scan.shape().voxels();
        double[] all = new double[network.classes() * voxels];
        new StreamedPrediction(window, rows)
                .run(
                        scan,
                        network,
                        (x, y, logits) -> {
                            double[] some = logits.toDoubles();
                            int count = some.length / network.classes();
                            for (int k = 0; k < network.classes(); k++) {
                                int to = k * voxels + scan.shape().index(x, y, 0);
                                System.arraycopy(some, k * count, all, to, count);
                            }
                        },
                        NOBODY);
        return all;
    }

    private Function<Tensor, Tensor> features(DType type) {
        List<Tensor> w = Stream.of("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias")
                .map(name -> Tensors.of(reference, "net." + name).to(type))
                .toList();
        return x -> Ops.conv(Ops.conv(x.to(type), w.get(0), w.get(1), 1).relu(), w.get(2), w.get(3), 1)
                .relu();
    }

    private BlendedNetwork blended(DType type) {
        Tensor weight = Tensors.of(reference, "net.out.weight").to(type).reshape(5, 6);
        Tensor bias = Tensors.of(reference, "net.out.bias").to(type).reshape(5, 1);
        return BlendedNetwork.ofFeatures(features(type), weight, bias);
    }

    private Channels input() {
        int[] shape = reference.shape("input");
        Shape3 size = new Shape3(shape[2], shape[3], shape[4]);
        return new Channels(List.of(new Volume(size, Affine.identity(), reference.floats("input"))));
    }

    @ParameterizedTest
    @CsvSource({"CONSTANT, 16", "CONSTANT, 32", "GAUSSIAN, 16", "GAUSSIAN, 32"})
    void logitsOfBlendedFeaturesEqualTheReference(Blend blend, int rows) {
        try (Scope scope = Scope.open()) {
            String mode = blend.name().toLowerCase(Locale.ROOT);
            double[] found = logits(window(ROI, blend), rows, input(), blended(DType.F64));
            double[] expected = reference.doubles("logits_of_blended_features." + mode);
            double[] after = reference.doubles("blended_logits." + mode);
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            // MONAI's weights are single precision, and so are ours: the last digits of a bell may differ
            double bound = blend == Blend.CONSTANT ? 1e-9 * largest : 1e-6 * largest;
            for (int i = 0; i < expected.length; i++) {
                assertThat(Math.abs(found[i] - expected[i])).as("logit %d", i).isLessThanOrEqualTo(bound);
                assertThat(Math.abs(found[i] - after[i])).as("logit %d", i).isLessThanOrEqualTo(bound);
            }
            VoxelClasses classes = new VoxelClasses(input().shape(), new int[] {0, 1, 2, 3, 4}, false);
            new StreamedPrediction(window(ROI, blend), rows).run(input(), blended(DType.F32), classes, NOBODY);
            assertThat(classes.map(Affine.identity()).classes()).isEqualTo(bytes(reference.longs("argmax." + mode)));
        }
    }

    private static byte[] bytes(long[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void blendedLogitsAreThoseOfTheWholeToTheLastBit(Shape3 shape) {
        try (Scope scope = Scope.open()) {
            Channels scan = noise(1, shape, 1);
            for (Blend blend : Blend.values()) {
                SlidingWindow window = new SlidingWindow(ROI, 0.5, 0.3, 0.7, blend, 0.5f);
                double[] whole =
                        window.logits(tensor(scan), 1, features(DType.F32)).toDoubles();
                BlendedNetwork network = BlendedNetwork.ofLogits(features(DType.F32), 6, DType.F32);
                for (int rows : new int[] {16, 32, shape.y()}) {
                    assertThat(logits(window, rows, scan, network)).isEqualTo(whole);
                }
            }
        }
    }

    private static List<Shape3> shapes() {
        return List.of(SCAN, new Shape3(5, 40, 3), new Shape3(8, 10, 7), new Shape3(23, 9, 20));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 7, 40})
    void howeverManyClassesThereAreTheyAreThoseOfWholeLogits(int classes) {
        try (Scope scope = Scope.open()) {
            Channels scan = noise(2, SCAN, 1);
            Tensor weight = Tensor.of(
                            noise(3, new Shape3(1, classes, 6), 1)
                                    .volumes()
                                    .get(0)
                                    .voxels(),
                            classes,
                            6)
                    .plus(-0.5);
            Tensor bias = Tensor.zeros(DType.F32, classes, 1);
            Tensor kernel = weight.reshape(classes, 6, 1, 1, 1);
            Function<Tensor, Tensor> network =
                    x -> Ops.conv(features(DType.F32).apply(x), kernel, bias.reshape(classes), 1);
            SlidingWindow window = window(ROI, Blend.GAUSSIAN);
            LabelMap whole = SlidingWindow.classes(window.logits(tensor(scan), 1, network), Affine.identity());
            BlendedNetwork blended = BlendedNetwork.ofFeatures(features(DType.F32), weight, bias);
            for (int rows : new int[] {16, SCAN.y()}) {
                VoxelClasses streamed =
                        new VoxelClasses(SCAN, IntStream.range(0, classes).toArray(), false);
                new StreamedPrediction(window, rows).run(scan, blended, streamed, NOBODY);
                assertThat(streamed.map(Affine.identity()).classes()).isEqualTo(whole.classes());
            }
            assertThat(logits(window, 16, scan, blended)).isEqualTo(logits(window, SCAN.y(), scan, blended));
        }
    }

    @Test
    void aMirroredNetworkIsTheMeanOfItsReflections() {
        try (Scope scope = Scope.open()) {
            Channels scan = noise(4, ROI, 1);
            Tensor x = tensor(scan).to(DType.F64);
            double[] sum = new double[6 * (int) ROI.voxels()];
            for (int mask = 0; mask < 8; mask++) {
                int bits = mask;
                long[] axes = IntStream.range(0, 3)
                        .filter(axis -> (bits >> axis & 1) == 1)
                        .mapToLong(axis -> axis + 2)
                        .toArray();
                double[] one = Rearrange.flip(features(DType.F64).apply(Rearrange.flip(x, axes)), axes)
                        .toDoubles();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += one[i] / 8;
                }
            }
            BlendedNetwork network = BlendedNetwork.ofLogits(features(DType.F64), 6, DType.F64);
            Tensors.assertClose(network.mirrored().window(x), sum, 1e-14, "mean of reflections");
        }
    }

    private static Stream<SegmentationNetwork> networks() {
        return Stream.of(
                new UNet(3, 1, List.of(4, 6), 9, UNetForm.LIGHT, FeatureNorm.INSTANCE),
                new UNet3d(3, 1, 2, 9, FeatureNorm.INSTANCE),
                new SwinUnetr(3, 1, 6, 9, SwinVersion.V2, PatchMerging.Order.MERGING),
                new Unetr(3, 1, List.of(32, 32, 32), new UnetrForm(4, 24, 96, 2), 9),
                new MonaiUNet(3, 1, List.of(4, 6, 8), 9));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyNetworkGivesItsOwnLogits(SegmentationNetwork network) {
        network.initialise(5);
        network.training(false);
        try (Scope scope = Scope.open();
                BlendedNetwork blended = BlendedNetwork.of(List.of(network), Device.CPU)) {
            assertThat(blended.channels())
                    .isEqualTo(network.classifier() == null ? 9 : network instanceof SwinUnetr ? 6 : 4);
            Shape3 shape = Shape3.cube(32);
            Channels scan = noise(6, shape, 1);
            double[] whole = network.forward(tensor(scan)).toDoubles();
            double largest = Arrays.stream(whole).map(Math::abs).max().orElseThrow();
            double[] found = logits(window(shape, Blend.GAUSSIAN), 32, scan, blended);
            for (int i = 0; i < whole.length; i++) {
                assertThat(found[i]).isCloseTo(whole[i], within(2e-6 * largest));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 9})
    void ofSeveralNetworksTheLogitsAreTheMean(int classes) {
        List<UNet> networks = IntStream.range(0, 2)
                .mapToObj(i -> new UNet(3, 2, List.of(4, 6), classes, UNetForm.LIGHT, FeatureNorm.INSTANCE))
                .toList();
        networks.get(0).initialise(7);
        networks.get(1).initialise(8);
        try (Scope scope = Scope.open();
                BlendedNetwork blended = BlendedNetwork.of(networks, Device.CPU)) {
            assertThat(blended.channels()).isEqualTo(classes == 3 ? 3 : 8);
            Channels scan = noise(9, Shape3.cube(8), 2);
            Tensor sum =
                    networks.get(0).forward(tensor(scan)).plus(networks.get(1).forward(tensor(scan)));
            double[] found = logits(window(Shape3.cube(8), Blend.CONSTANT), 16, scan, blended);
            double[] mean = sum.times(0.5).toDoubles();
            for (int i = 0; i < mean.length; i++) {
                assertThat(found[i]).isCloseTo(mean[i], within(1e-6));
            }
        }
    }

    @Test
    void regionsPaintOverEachOther() {
        try (Scope scope = Scope.open()) {
            VoxelClasses map = new VoxelClasses(new Shape3(1, 1, 4), new int[] {2, 1, 4}, true);
            map.accept(0, 0, Tensor.of(new float[] {1, 1, -1, 0, 1, -1, -1, 0, 1, -1, 2, 0}, 3, 4));
            assertThat(map.map(Affine.identity()).classes()).containsExactly(4, 2, 4, 0);
            VoxelProbabilities all = new VoxelProbabilities(new Shape3(1, 1, 2), 2, true);
            all.accept(0, 0, Tensor.of(new float[] {0, 100, -100, 0}, 2, 2));
            assertThat(all.volumes(Affine.identity()).get(0).voxels()).containsExactly(0.5f, 1);
            assertThat(all.volumes(Affine.identity()).get(1).voxels()).containsExactly(0, 0.5f);
        }
    }

    @Test
    void progressCountsEveryWindowAndMayEndThePrediction() throws InterruptedException {
        try (Scope scope = Scope.open()) {
            Channels scan = noise(10, SCAN, 1);
            int[] last = new int[2];
            StreamedPrediction.Sink nowhere = (x, y, logits) -> {};
            StreamedPrediction strips = new StreamedPrediction(window(ROI, Blend.CONSTANT), 16);
            strips.run(scan, blended(DType.F32), nowhere, (done, of) -> {
                assertThat(done).isEqualTo(last[0] + 1);
                last[0] = done;
                last[1] = of;
            });
            assertThat(last[0]).isEqualTo(last[1]);
            Tensors.collectGarbage();
            BlendedNetwork network = blended(DType.F32);
            long before = Engine.nativeObjects();
            assertThatThrownBy(() -> strips.run(scan, network, nowhere, (done, of) -> {
                        if (done == 5) {
                            throw new CancellationException("enough");
                        }
                    }))
                    .isInstanceOf(CancellationException.class);
            assertThat(Engine.nativeObjects()).isEqualTo(before);
            assertThatThrownBy(() -> strips.run(scan, BlendedNetwork.ofLogits(x -> x, 3, DType.F32), nowhere, NOBODY))
                    .hasMessageContaining("8x10x7")
                    .hasMessageContaining("expected [3, 8, 10, 7]");
        }
    }

    @Test
    void stripsAreAsLargeAsMemoryAllowsAndWhatDoesNotFitIsRefused() {
        Shape3 scan = new Shape3(100, 90, 50);
        PredictionMemory memory = new PredictionMemory(scan, 32, 7, DType.F32, 1, 1000);
        assertThat(memory.bytes(90)).isEqualTo(32L * 8 * 90 * 50 * 4 + 100 * 90 * 50 + 1000);
        assertThat(memory.rows(500, 500 + memory.bytes(90))).isEqualTo(90);
        assertThat(memory.rows(500, 499 + memory.bytes(90))).isEqualTo(48); // 3 + 3 of 6 blocks, not 5 + 1
        assertThat(memory.rows(500, 500 + memory.bytes(16))).isEqualTo(16);
        assertThatThrownBy(() -> memory.rows(500, 499 + memory.bytes(16)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("100x90x50")
                .hasMessageContaining("at least 2 MiB is needed");
    }

    @Test
    void aNetworksClassesAndRegionsAreThoseOfItsBlendedLogits() {
        Channels scan = noise(5, SCAN, 1);
        SlidingWindow window = window(ROI, Blend.GAUSSIAN);
        try (Scope scope = Scope.open()) {
            UNet network = new UNet(3, 1, List.of(2, 4), 3, UNetForm.LIGHT, FeatureNorm.INSTANCE);
            network.initialise(1);
            Tensor logits = window.logits(tensor(scan), 2, network::forward);
            LabelMap classes = SlidingWindow.classes(logits, Affine.identity());
            assertThat(classes.classes()).contains((byte) 0, (byte) 2);
            assertThat(window.classes(scan, network, Device.CPU).classes()).isEqualTo(classes.classes());
            List<LabelMap> regions = RegionMasks.of(logits, Affine.identity());
            assertThat(window.regions(scan, network, Device.CPU))
                    .extracting(LabelMap::classes)
                    .containsExactlyElementsOf(
                            regions.stream().map(LabelMap::classes).toList());
        }
    }

    @Test
    void memoryIsWhatWasComputedAndDoesNotGrowWithClasses() throws IOException {
        Path reset = Path.of("/proc/self/clear_refs"); // "5" sets the peak of the process back
        Assumptions.assumeTrue(Files.isWritable(reset));
        Shape3 scan = new Shape3(48, 512, 400);
        Channels image = noise(11, scan, 1);
        SlidingWindow window = window(new Shape3(32, 128, 100), Blend.CONSTANT);
        try (Scope scope = Scope.open()) {
            for (int classes : new int[] {40, 120}) {
                Tensor weight = Tensor.zeros(DType.F32, classes, 10);
                Tensor bias = Tensor.zeros(DType.F32, classes, 1);
                BlendedNetwork network =
                        BlendedNetwork.ofFeatures(x -> Tensor.concatenate(Collections.nCopies(10, x), 1), weight, bias);
                long window10 = 2L * 10 * window.roi().voxels() * 4; // the answer, and the answer times its weights
                PredictionMemory memory = new PredictionMemory(scan, 32, 10, DType.F32, 1, window10);
                double most = 1.25 * memory.bytes(512);
                long least = Long.MAX_VALUE; // the Java heap may grow meanwhile, and then not a second time
                for (int attempt = 0; attempt < 3 && least > most; attempt++) {
                    System.gc();
                    boolean first = classes == 40 && attempt == 0; // later ones find memory that the allocator kept
                    if (first) {
                        KeptMemory.giveBack();
                    }
                    Files.writeString(reset, "5");
                    long before = Engine.residentBytes();
                    VoxelClasses sink =
                            new VoxelClasses(scan, IntStream.range(0, classes).toArray(), false);
                    new StreamedPrediction(window, 512).run(image, network, sink, NOBODY);
                    long grown = Engine.peakResidentBytes() - before;
                    least = Math.min(least, grown);
                    if (first) {
                        assertThat((double) grown).isGreaterThan(0.75 * memory.bytes(512));
                    }
                }
                assertThat((double) least).as("%d classes", classes).isLessThan(most);
            }
        }
    }
}
