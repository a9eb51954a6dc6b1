package org.voco4j.downstream.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.downstream.model.Blend;
import org.voco4j.downstream.model.ModelCard;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Backbone;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Channels;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

/** Labels on the scan's own grid, whoever asks for them. */
class SegmenterTest {
    @TempDir
    private Path folder = Path.of("");

    private static ModelLabels labels(int classes) {
        Map<String, List<Integer>> labels = new LinkedHashMap<>();
        for (int k = 1; k < classes; k++) {
            labels.put("class " + k, List.of(3 * k));
        }
        return new ModelLabels(labels, List.of(), null);
    }

    private static ModelCard unet(int channels, int classes) {
        return new ModelCard(
                Backbone.of(Map.of("encoder", "unet", "channels", "[4, 8]", "form", "light", "norm", "group")),
                channels,
                labels(classes),
                new Preprocessing(Spacing.isotropic(2), new HuWindow(-175, 250), 0, null),
                new Shape3(16, 16, 8),
                0.5,
                Blend.GAUSSIAN);
    }

    private static Volume scan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape3 shape = new Shape3(40, 34, 18);
        float[] values = new float[(int) shape.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1000, 1000);
        }
        Affine oblique = Affine.ofRows(-1.5, 0.1, 0, 30, 0.1, 1.5, 0, -20, 0, 0, 2.5, 7);
        return new Volume(shape, oblique, values);
    }

    /** A model file with weights drawn from a seed. */
    private Path file(ModelCard card, long seed) throws IOException {
        Path file = folder.resolve("model-" + seed + ".safetensors");
        try (Scope scope = Scope.open()) {
            SegmentationNetwork network = card.network();
            network.initialise(seed);
            Safetensors.write(file, network.stateDict(), card.facts());
        }
        return file;
    }

    @Test
    void equalsMonaiOnEqualWeights() throws IOException {
        Reference reference = Reference.of("predict_swinunetr"); // made by src/test/scripts/predict-peer.py
        Shape3 shape = new Shape3(72, 40, 36);
        ModelCard card = new ModelCard(
                Backbone.of(Map.of("encoder", "swin-unetr", "featureSize", "12", "swin", "v2", "merging", "merging")),
                1,
                labels(14),
                new Preprocessing(null, new HuWindow(0, 1), 0, null),
                new Shape3(64, 32, 32),
                0.5,
                Blend.GAUSSIAN);
        SegmentationNetwork network = card.network();
        Tensors.fillWithHashNumbers(network.weights(), "");
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, network.stateDict(), card.facts());
        SplittableRandom low = Tensors.numbersOf("predict.low");
        SplittableRandom fine = Tensors.numbersOf("predict.fine");
        double[] blocks = low.doubles(18L * 10 * 9).toArray();
        float[] values = new float[(int) shape.voxels()];
        for (int i = 0; i < values.length; i++) {
            int x = i / 36 / 40;
            int y = i / 36 % 40;
            double block = blocks[(x / 4 * 10 + y / 4) * 9 + i % 36 / 4];
            values[i] = (float) Math.rint(65535 * (0.1 + 0.7 * block + 0.1 * fine.nextDouble())) / 65535f;
        }
        Volume scan = new Volume(shape, Affine.identity(), values);
        try (Segmenter segmenter = Segmenter.load(file)) {
            Segmenter.Segmentation found =
                    segmenter.segment(Channels.of(scan), SegmenterOptions.DEFAULT.withProbabilities(true));
            double[] classes = reference.doubles("argmax");
            int same = 0;
            for (int i = 0; i < classes.length; i++) {
                int at = shape.index(2 * (i / 18 / 20), 2 * (i / 18 % 20), 2 * (i % 18));
                same += found.labels().at(at) == 3 * (int) classes[i] ? 1 : 0;
            }
            assertThat(same / (double) classes.length).isGreaterThanOrEqualTo(0.999);
        }
        network.training(false);
        double[] expected = reference.doubles("logits"); // every 8th voxel: [14, 9, 5, 5]
        double bound = 1e-5 * reference.doubles("largest")[0];
        try (Scope scope = Scope.open();
                BlendedNetwork blended = BlendedNetwork.of(List.of(network), Device.CPU)) {
            assertThat(blended.channels()).isEqualTo(12); // features, not the 14 logits
            StreamedPrediction.Sink sink = (x, y, logits) -> {
                float[] some = logits.toFloats();
                int count = some.length / 14;
                for (int i = 0; x % 8 == 0 && i < count; i++) {
                    int row = y + i / 36;
                    if (row % 8 == 0 && i % 36 % 8 == 0) {
                        for (int k = 0; k < 14; k++) {
                            double monai = expected[((k * 9 + x / 8) * 5 + row / 8) * 5 + i % 36 / 8];
                            assertThat((double) some[k * count + i]).isCloseTo(monai, within(bound));
                        }
                    }
                }
            };
            new StreamedPrediction(SlidingWindow.of(card), 16).run(Channels.of(scan), blended, sink, (done, of) -> {});
        }
    }

    @Test
    void labelsLieOnTheScansOwnGridWithTheirRawValues() throws IOException {
        try (Segmenter segmenter = Segmenter.load(file(unet(1, 9), 1))) {
            LabelMap found = segmenter.segment(scan(1));
            assertThat(found.shape()).isEqualTo(scan(1).shape());
            assertThat(found.affine()).isEqualTo(scan(1).affine());
            Set<Integer> values = new TreeSet<>();
            for (int i = 0; i < found.classes().length; i++) {
                values.add(found.at(i));
            }
            assertThat(values).hasSizeGreaterThan(3).allMatch(value -> value % 3 == 0 && value <= 24);
        }
    }

    @Test
    void callsAtOnceGiveWhatOneAfterTheOtherGives() throws Exception {
        Engine.threads(1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Segmenter segmenter = Segmenter.load(file(unet(1, 9), 2))) {
            SegmenterOptions one = SegmenterOptions.DEFAULT.withThreads(1);
            List<byte[]> serial = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                serial.add(segmenter.segment(Channels.of(scan(i)), one).labels().classes());
            }
            List<Future<byte[]>> together = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Volume scan = scan(i);
                together.add(threads.submit(
                        () -> segmenter.segment(Channels.of(scan), one).labels().classes()));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(together.get(i).get()).isEqualTo(serial.get(i));
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aBoundOfMemoryChangesNoLabelAndIsRefusedWhereItIsTooSmall() throws IOException {
        try (Segmenter segmenter = Segmenter.load(file(unet(1, 9), 3))) {
            LabelMap whole = segmenter.segment(scan(3));
            SegmenterOptions bounded = SegmenterOptions.DEFAULT.withMaxMemory(64L << 30);
            assertThat(segmenter.segment(Channels.of(scan(3)), bounded).labels().classes())
                    .isEqualTo(whole.classes());
            assertThatThrownBy(() -> segmenter.segment(Channels.of(scan(3)), bounded.withMaxMemory(1L << 20)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot be segmented within 1 MiB: at least ")
                    .hasMessageContaining("is needed");
        }
    }

    @Test
    void freedMemoryThatTheAllocatorKeepsDoesNotCountAgainstTheBound() throws IOException {
        try (Segmenter segmenter = Segmenter.load(file(unet(1, 9), 3))) {
            LabelMap whole = segmenter.segment(scan(3));
            Engine.releaseUnused();
            long inUse = Engine.residentBytes();
            Tensor below = Tensor.zeros(DType.F32, 300 << 20);
            try (Tensor above = Tensor.zeros(DType.F32, 1000)) { // so that what is below cannot leave the heap's end
                below.close();
                SegmenterOptions bounded = SegmenterOptions.DEFAULT.withMaxMemory(inUse + (512L << 20));
                assertThat(segmenter
                                .segment(Channels.of(scan(3)), bounded)
                                .labels()
                                .classes())
                        .isEqualTo(whole.classes());
                assertThat(above.shape()).containsExactly(1000);
            }
        }
    }

    @Test
    void probabilitiesSumToOneAndTheLargestIsTheLabels() throws IOException {
        try (Segmenter segmenter = Segmenter.load(file(unet(2, 3), 4))) {
            assertThatThrownBy(() -> segmenter.segment(scan(4)))
                    .hasMessage("the model takes scans of 2 channels, this one has 1");
            Channels scan = new Channels(List.of(scan(4), scan(5)));
            Segmenter.Segmentation found = segmenter.segment(scan, SegmenterOptions.DEFAULT.withProbabilities(true));
            assertThat(found.probabilities()).hasSize(3);
            assertThat(found.labels().classes())
                    .isEqualTo(segmenter.segment(scan).classes());
            for (int i = 0; i < scan.shape().voxels(); i++) {
                double sum = 0;
                for (Volume one : found.probabilities()) {
                    sum += one.voxels()[i];
                }
                assertThat(sum).isCloseTo(1, within(1e-5));
            }
        }
    }

    @Test
    void aCallCanBeFollowedAndCancelled() throws IOException {
        try (Segmenter segmenter = Segmenter.load(file(unet(1, 9), 5))) {
            int[] last = new int[2];
            SegmenterOptions options = SegmenterOptions.DEFAULT
                    .withProgress((done, of) -> {
                        last[0] = done;
                        last[1] = of;
                    })
                    .withCancelled(() -> last[0] == 3);
            assertThatThrownBy(() -> segmenter.segment(Channels.of(scan(6)), options))
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("cancelled after 3 of " + last[1] + " windows");
            assertThat(last[1]).isGreaterThan(3);
        }
    }

    @Test
    void ofSeveralModelsTheMeanIsTaken() throws IOException {
        ModelFile first = ModelFile.read(file(unet(1, 3), 6));
        ModelFile second = ModelFile.read(file(unet(1, 3), 7));
        SegmenterOptions options = SegmenterOptions.DEFAULT.withProbabilities(true);
        try (Segmenter one = Segmenter.load(List.of(first), null, Device.CPU);
                Segmenter twice = Segmenter.load(List.of(first, first), null, Device.CPU);
                Segmenter both = Segmenter.load(List.of(first, second), null, Device.CPU)) {
            Channels scan = Channels.of(scan(7));
            byte[] alone = one.segment(scan).classes();
            assertThat(twice.segment(scan).classes()).isEqualTo(alone);
            assertThat(both.segment(scan, options).labels().classes()).isNotEqualTo(alone);
            assertThat(both.digest()).isEqualTo(first.digest() + "+" + second.digest());
        }
        ModelFile other = ModelFile.read(file(unet(1, 4), 8));
        assertThatThrownBy(() -> Segmenter.load(List.of(first, other), null, Device.CPU))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("model-8.safetensors: it is for another task than ");
    }

    @Test
    void filesThatDoNotSayWhatTheyAreOrDoNotFitAreRefused() throws IOException {
        Path plain = folder.resolve("plain.safetensors");
        try (Scope scope = Scope.open()) {
            SegmentationNetwork network = unet(1, 3).network();
            Safetensors.write(plain, network.stateDict(), Map.of());
            assertThatThrownBy(() -> Segmenter.load(plain))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("plain.safetensors: its metadata do not say what it is for");
            Safetensors.write(plain, network.stateDict(), unet(1, 9).facts());
            assertThatThrownBy(() -> Segmenter.load(plain))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("its weights are not those of the network that is described")
                    .hasMessageContaining("1 channels in and 9 out");
            Map<String, Tensor> some = new LinkedHashMap<>(network.stateDict());
            some.remove("final_conv.bias");
            Safetensors.write(plain, some, unet(1, 3).facts());
            assertThatThrownBy(() -> Segmenter.load(plain)).hasMessageContaining("final_conv.…: not in file");
        }
        assertThatThrownBy(() -> Segmenter.load(folder.resolve("nothing")))
                .hasMessageContaining("there is no file or folder");
    }
}
