package org.voco4j.pretext.pcrlv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;
import org.voco4j.augment.Draws;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.NoiseBatch;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Verdict;
import org.voco4j.pretext.part.pair.PairedViews;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** PCRLv2's loss, decoder and crops as the authors' code makes them, and what its steps depend on. */
class PcrlV2Test {
    private static final double TOLERANCE = 1e-9;
    private static final int SCALES = 3;
    private static final int LOCALS = 3;

    private static PretrainRecipe recipe(String... settings) {
        List<String> all = new ArrayList<>(List.of("pretext.task=pcrl-v2", "model.channels=[4, 8]", "crop.size=8"));
        all.addAll(List.of(settings));
        return RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
    }

    private static PretextTask task(String... settings) {
        PretrainRecipe recipe = recipe(settings);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }

    private static void equal(Tensor found, MethodVectors expected, String name) {
        Tensors.assertClose(found, expected.doubles(name), TOLERANCE, name);
    }

    private static ScaleContrast.View view(MethodVectors vectors, String name) {
        List<Tensor> z = new ArrayList<>();
        List<Tensor> p = new ArrayList<>();
        for (int scale = 0; scale < SCALES; scale++) {
            z.add(vectors.tensor("loss." + name + ".scale" + scale + ".z")
                    .copy()
                    .requireGradient(true));
            p.add(vectors.tensor("loss." + name + ".scale" + scale + ".p")
                    .copy()
                    .requireGradient(true));
        }
        return new ScaleContrast.View(z, p);
    }

    private static List<Tensor> rows(List<Tensor> scales, int i) {
        return scales.stream().map(x -> x.narrow(0, 2L * i, 2)).toList();
    }

    @Test
    void theLossAndItsGradientsAreTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("pcrl-v2");
            int[] drawn = vectors.ints("loss.scales_drawn");
            ScaleContrast scales = new ScaleContrast(
                    drawn[0],
                    IntStream.range(0, LOCALS).mapToObj(i -> drawn[1 + 2 * i]).toList(),
                    IntStream.range(0, LOCALS).mapToObj(i -> drawn[2 + 2 * i]).toList());
            ScaleContrast.View one = view(vectors, "global1");
            ScaleContrast.View other = view(vectors, "global2");
            ScaleContrast.View small = view(vectors, "local");
            List<ScaleContrast.View> locals = IntStream.range(0, LOCALS)
                    .mapToObj(i -> new ScaleContrast.View(rows(small.z(), i), rows(small.p(), i)))
                    .toList();
            Tensor globals = scales.ofGlobals(one, other);
            equal(globals, vectors, "loss.global");
            Tensor ofLocals = scales.ofLocals(one, other, locals);
            equal(ofLocals, vectors, "loss.local");
            double beta = ScaleContrast.beta(vectors.doubles("loss.epoch")[0] / 240);
            assertThat(beta).isCloseTo(vectors.doubles("loss.beta")[0], within(TOLERANCE));
            Tensor mask = vectors.tensor("loss.mask").copy().requireGradient(true);
            Tensor middle = vectors.tensor("loss.middle").copy().requireGradient(true);
            Tensor target = vectors.tensor("loss.target");
            Tensor ofScale = middle.narrow(0, drawn[0], 1).reshape(target.shape());
            Tensor loss = ScaleContrast.total(
                    PcrlV2.error(mask, target).mean(),
                    globals,
                    beta,
                    PcrlV2.error(ofScale, target).mean(),
                    ofLocals);
            equal(loss, vectors, "loss.value");
            loss.backward();
            equal(Objects.requireNonNull(mask.gradient()), vectors, "loss.grad_mask");
            Tensor gradient = Objects.requireNonNull(middle.gradient());
            equal(gradient.narrow(0, drawn[0], 1), vectors, "loss.grad_middle");
            assertThat(gradient.abs().sum().item())
                    .isCloseTo(gradient.narrow(0, drawn[0], 1).abs().sum().item(), within(TOLERANCE));
            for (int scale = 0; scale < SCALES; scale++) {
                String of = ".scale" + scale + ".grad_p";
                equal(Objects.requireNonNull(one.p().get(scale).gradient()), vectors, "loss.global1" + of);
                equal(Objects.requireNonNull(other.p().get(scale).gradient()), vectors, "loss.global2" + of);
                equal(Objects.requireNonNull(small.p().get(scale).gradient()), vectors, "loss.local" + of);
                assertThat(one.z().get(scale).gradient() == null).isTrue();
            }
        }
    }

    @Test
    void restorationByAScaleFadesAsTheReferenceDoes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("pcrl-v2");
            double[] epochs = vectors.doubles("beta.epoch");
            double[] values = vectors.doubles("beta.value");
            for (int i = 0; i < epochs.length; i++) {
                assertThat(ScaleContrast.beta(epochs[i] / 240)).isCloseTo(values[i], within(TOLERANCE));
            }
        }
    }

    @Test
    void aBlockOfTheDecoderIsTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("pcrl-v2");
            UpBlock block = new UpBlock(3, 4, 64, FeatureNorm.BATCH);
            Tensors.fillWithHashNumbers(block.weights(), "pcrl2.up.");
            block.to(Device.CPU, DType.F64);
            Tensor map = block.map(vectors.tensor("up.x").to(DType.F64));
            Tensor pooled = map.mean(2, 3, 4);
            equal(pooled, vectors, "up.pooled_map");
            Tensor projected = block.projected(pooled);
            equal(projected, vectors, "up.projected");
            equal(block.predicted(projected), vectors, "up.predicted");
            equal(block.mask(map), vectors, "up.mask");
        }
    }

    @Test
    void cropsShareWhatTheReferenceCounts() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("pcrl-v2");
            int[] b = vectors.ints("iou.boxes"); // x0 x1 y0 y1 z0 z1, twice
            double[] expected = vectors.doubles("iou.value");
            for (int i = 0; i < expected.length; i++) {
                int o = 12 * i;
                Box first = new Box(b[o], b[o + 2], b[o + 4], b[o + 1], b[o + 3], b[o + 5]);
                Box second = new Box(b[o + 6], b[o + 8], b[o + 10], b[o + 7], b[o + 9], b[o + 11]);
                assertThat(new PairedViews(first, second).shared()).isCloseTo(expected[i], within(TOLERANCE));
            }
        }
    }

    @Test
    void smallCropsLieInOrNearLargeOnes() {
        SplittableRandom random = new SplittableRandom(3);
        Shape3 scan = new Shape3(64, 64, 16);
        for (int i = 0; i < 200; i++) {
            PairedViews pair = PairedViews.sharing().draw(scan, random);
            Box small = Crops.local(scan, pair, random);
            assertThat(small.isInside(Box.of(scan))).isTrue();
            assertThat(small.shape().x()).isBetween(4, 8);
            int hull = Math.min(pair.first().x0(), pair.second().x0());
            assertThat(small.x0()).isGreaterThanOrEqualTo(Math.max(0, hull - 3) - 8);
        }
    }

    @Test
    void partsChangePlaces() {
        Shape3 shape = new Shape3(16, 16, 16);
        float[] crop = new float[4096];
        for (int i = 0; i < crop.length; i++) {
            crop[i] = i;
        }
        float[] swapped = Crops.swapped(crop, shape, 1, new SplittableRandom(1));
        long changed =
                IntStream.range(0, 4096).filter(i -> crop[i] != swapped[i]).count();
        assertThat(changed).isEqualTo(2 * 2 * 1 * 2);
        float[] sorted = swapped.clone();
        Arrays.sort(sorted);
        assertThat(sorted).isEqualTo(crop);
    }

    @Test
    void normalisedViewsHaveMeanZeroAndDeviationOne() {
        assertThat(Crops.normalised(new float[] {1, 3})).containsExactly(-1, 1);
        assertThat(Crops.normalised(new float[] {2, 2})).containsExactly(0, 0);
    }

    private static PretextTask.Batch batch(PretextTask task, int step, int draws) {
        return NoiseBatch.of(task, Draws.of(5), step, Draws.of(draws));
    }

    /** Deepest maps that are flatter than the crop, or not a power of two smaller. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resnet | model.channels=[4, 4, 4, 8] | crop.size=40",
                "densenet | model.featureSize=2 | crop.size=64",
                "monai-unet | model.channels=[4, 6, 8] | crop.size=15",
                "unet-3d | model.featureSize=2 | crop.size=20",
                "unetr | model.patch=[8, 4, 2] | crop.size=16",
            })
    void anyEncoderHasAWayBackUp(String encoder, String size, String crop) {
        try (Scope scope = Scope.open()) {
            PretextTask task = task(
                    "model.encoder=" + encoder,
                    size,
                    crop,
                    "model.hiddenSize=12",
                    "model.heads=3",
                    "model.blocks=4",
                    "pretext.pairs=2",
                    "pretext.locals=1");
            Loss loss = task.loss(batch(task, 0, 6));
            assertThat(loss.total().item()).isFinite();
            loss.backward();
        }
    }

    @Test
    void whatIsRestoredByAScaleCountsLessAndLess() {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.pairs=2");
            Loss early = task.loss(batch(task, 0, 6));
            Loss late = task.loss(batch(task, 10, 6));
            double middle =
                    Objects.requireNonNull(early.parts().get(PcrlV2.MIDDLE)).item();
            assertThat(middle).isPositive();
            assertThat(early.total().item() - late.total().item()).isCloseTo(middle, within(1e-5));
        }
    }

    @Test
    void smallViewsOfAPairLieTogether() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 6, 1);
            List<ScaleContrast.View> views = new ScaleContrast.View(List.of(x), List.of(x)).split(3);
            assertThat(views.get(1).z().get(0).toFloats()).containsExactly(1, 4);
        }
    }

    @Test
    void scalesAreDrawnAnewForEachPair() {
        SplittableRandom random = new SplittableRandom(7);
        boolean differ = false;
        for (int i = 0; i < 20; i++) {
            ScaleContrast drawn = ScaleContrast.draw(4, 6, random);
            assertThat(drawn.first()).hasSize(6).allMatch(scale -> scale >= 0 && scale < 4);
            differ |= !drawn.first().equals(drawn.second());
        }
        assertThat(differ).isTrue();
    }

    @Test
    void causesAreThoseOfTheSource() {
        assertThat(recipe("pretext.normalise=true").pretext().chosen().causes(Verdict.COLLAPSED).stream()
                        .map(LikelyCause::why))
                .anyMatch(why -> why.contains("but batch norms over the pairs of a step"))
                .anyMatch(why -> why.contains("mean 0 and deviation 1"))
                .anyMatch(why -> why.contains("what is restored is blurred"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pretext.pairs=1 | a step of pcrl-v2 needs at least 2 pairs",
                "pretext.locals=0 | pretext.locals must be at least 1, not 0",
                "pretext.area=2 | pretext.area must lie in (0, 1], not 2.0",
                "pretext.swaps=-1 | pretext.swaps and cuts must not be negative",
            })
    void whatCannotWorkIsRefusedInWords(String settings, String sentence) {
        assertThatThrownBy(() -> task(settings, "batch.volumes=1")).hasMessageContaining(sentence);
    }
}
