package org.voco4j.pretext.jigclu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.FlatEncoder;
import org.voco4j.pretext.OneMap;
import org.voco4j.pretext.part.PooledCells;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** Montages, losses and gradients of the published code, and the pieces of an image. */
class JigCluTest {
    private static final double TOLERANCE = 1e-9;
    private static final Shape3 FLAT = new Shape3(2, 2, 1);

    private static Map<String, Tensor> reference() throws IOException {
        return Safetensors.read(Path.of("src/test/resources/reference/methods/jigclu.safetensors"))
                .tensors();
    }

    private static Tensor of(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    private static int[] whole(Tensor numbers) {
        return IntStream.range(0, (int) numbers.count())
                .map(i -> (int) numbers.toDoubles()[i])
                .toArray();
    }

    /** The reference's encoder of images of one slice: one convolution of stride 2 and ReLU. */
    private static final class OneConvolution extends OneMap {
        private final Conv conv = part("conv", new Conv(2, 1, 6, 3, 2, true));

        OneConvolution() {
            super(6);
        }

        @Override
        public List<Tensor> levels(Tensor x) {
            return List.of(conv.forward(x).relu());
        }
    }

    private static JigCluSettings settings(double temperature, JigCluSettings.Weight weight) {
        return new JigCluSettings(
                Shape3.cube(1), 1, FLAT, 0.3, 0.2, temperature, weight, 5, new JigCluSettings.Augment(0, 0, 0, 0));
    }

    private static Tensor pieces(Map<String, Tensor> expected) {
        List<Tensor> pieces = new ArrayList<>();
        for (int piece = 0; piece < 4; piece++) {
            pieces.add(of(expected, "piece" + piece).reshape(3, 6, 6, 1));
        }
        return Tensor.concatenate(pieces, 0);
    }

    @Test
    void montagesAreThoseOfTheSource() throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = reference();
            Tensor flat = Montage.of(pieces(expected), whole(of(expected, "order")), FLAT);
            assertThat(flat.shape()).containsExactly(3, 1, 12, 12, 1);
            assertThat(flat.toDoubles())
                    .containsExactly(of(expected, "montages").toDoubles());
            Tensor cubes = Montage.of(
                    of(expected, "3d.pieces").reshape(16, 3, 2, 2), whole(of(expected, "3d.order")), Shape3.cube(2));
            assertThat(cubes.shape()).containsExactly(2, 1, 6, 4, 4);
            assertThat(cubes.toDoubles())
                    .containsExactly(of(expected, "3d.montages").toDoubles());
        }
    }

    @ParameterizedTest
    @CsvSource({"0.07", "0.3"})
    void lossesAndGradientsOfAStepAreThoseOfTheSource(double temperature) throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = reference();
            JigClu.Network network = new JigClu.Network(new FlatEncoder(new OneConvolution()), 5, 4);
            network.to(Device.CPU, DType.F64);
            Map<String, Tensor> named = new LinkedHashMap<>();
            network.state()
                    .forEach((name, weight) -> named.put(
                            "encoder."
                                    + name.replace("jigclu_cluster", "fc_clu").replace("jigclu_place", "fc_loc"),
                            weight));
            Tensors.fillWithHashNumbers(named, "");
            int[] order = whole(of(expected, "order"));
            Tensor montages = Montage.of(pieces(expected), order, FLAT);
            Tensor cells = PooledCells.of(network.encoder(), montages, FLAT, Precision.FP32); // [3, 4, 6]
            Tensor places = cells.transpose(0, 1).reshape(12, 6);
            Loss loss = network.loss(places, order, settings(temperature, JigCluSettings.Weight.RELEASED));
            String key = "t" + temperature;
            assertClose(
                    of(loss.parts(), "clusters").item(),
                    of(expected, key + ".cluster").item());
            assertClose(
                    of(loss.parts(), "places").item(),
                    of(expected, key + ".location").item());
            loss.backward();
            double[] norms = of(expected, key + ".grad_l2").toDoubles();
            List<String> names = List.of(
                    "conv.weight",
                    "conv.bias",
                    "fc_clu.0.weight",
                    "fc_clu.0.bias",
                    "fc_clu.2.weight",
                    "fc_clu.2.bias",
                    "fc_loc.weight",
                    "fc_loc.bias");
            for (int i = 0; i < norms.length; i++) {
                assertClose(gradient(named, names.get(i)).norm().item(), norms[i]);
            }
            double[] wanted = of(expected, key + ".grad.conv.weight").toDoubles();
            double[] found = gradient(named, "conv.weight").toDoubles();
            for (int i = 0; i < wanted.length; i++) {
                assertClose(found[i], wanted[i]);
            }
            Loss plain = network.loss(places, order, settings(temperature, JigCluSettings.Weight.PLAIN));
            assertClose(
                    of(plain.parts(), "clusters").item() * temperature / 0.07,
                    of(expected, key + ".cluster").item());
        }
    }

    private static Tensor gradient(Map<String, Tensor> weights, String name) {
        return Objects.requireNonNull(of(weights, "encoder." + name).gradient(), name);
    }

    private static void assertClose(double found, double expected) {
        assertThat(found).isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
    }

    @Test
    void piecesMeetBeyondTheMiddleAndCoverTheImage() {
        Box image = Box.at(3, 5, 7, new Shape3(20, 10, 4));
        Pieces pieces = new Pieces(FLAT, 0.3);
        assertThat(IntStream.range(0, 4).mapToObj(i -> pieces.of(image, i)))
                .containsExactly(
                        new Box(3, 5, 7, 19, 13, 11),
                        new Box(3, 7, 7, 19, 15, 11),
                        new Box(7, 5, 7, 23, 13, 11),
                        new Box(7, 7, 7, 23, 15, 11));
        assertThat(new Pieces(FLAT, 0).of(image, 3)).isEqualTo(new Box(13, 10, 7, 23, 15, 11));
    }

    @Test
    void partsLieInsideAndAreLargeEnough() {
        Box box = Box.at(1, 2, 3, new Shape3(20, 10, 6));
        SplittableRandom random = new SplittableRandom(1);
        for (int draw = 0; draw < 200; draw++) {
            Box part = Pieces.part(box, 0.2, random);
            assertThat(part.isInside(box)).isTrue();
            assertThat(part.voxels()).isGreaterThanOrEqualTo(box.voxels() / 5);
        }
        assertThat(Pieces.part(box, 1, random)).isEqualTo(box);
    }

    @Test
    void whatCannotWorkIsRefused() {
        assertRefused("pretext.grid must be 1 along z", "data.size=[64, 64, 1]", "model.dims=2");
        assertRefused("crop.size must be even", "crop.size=17");
        assertRefused("pretext.grid must be 1 or 2", "pretext.grid=[3, 2, 1]");
    }

    private static void assertRefused(String words, String... more) {
        List<String> keys = new ArrayList<>(List.of("pretext.task=jigclu"));
        keys.addAll(List.of(more));
        assertThatThrownBy(() -> RecipeTree.load("pretrain", null, keys).bind(PretrainRecipe.class))
                .hasMessageContaining(words);
    }
}
