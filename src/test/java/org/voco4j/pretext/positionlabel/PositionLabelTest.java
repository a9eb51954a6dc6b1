package org.voco4j.pretext.positionlabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.PretextTask;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** The head of the published code, the numbers of places, and what may not tell them. */
class PositionLabelTest {
    private static final Shape3 GRID = new Shape3(3, 2, 2);

    private static Tensor of(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    @Test
    void theHeadAndItsGradientAreTheSources() throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = Safetensors.read(
                            Path.of("src/test/resources/reference/methods/positionlabel.safetensors"))
                    .tensors();
            PlaceHead head = PlaceHead.absolute(16, 12);
            head.to(Device.CPU, DType.F64);
            Tensors.fillWithHashNumbers(head.state(), "");
            Tensor tokens = of(expected, "tokens").copy().requireGradient(true);
            Tensor logits = head.forward(tokens.reshape(24, 16));
            Tensors.assertClose(logits, of(expected, "absolute.logits").toDoubles(), 1e-9, "logits");
            Tensor numbers = of(expected, "absolute.targets").to(DType.F64).reshape(24, 1);
            Tensor all = numbers.times(0).plus(1);
            Loss loss = PositionLabel.loss(logits, numbers, all);
            double wanted = of(expected, "absolute.loss").item();
            assertThat(loss.total().item()).isCloseTo(wanted, within(1e-9 * wanted));
            loss.backward();
            Tensors.assertClose(
                    Objects.requireNonNull(tokens.gradient()),
                    of(expected, "absolute.grad_tokens").toDoubles(),
                    1e-9,
                    "gradient");
            assertThat(Arrays.stream(numbers.toDoubles()).limit(12))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 12).mapToObj(j -> (double) j).toList());
        }
    }

    /** All pairs of a crop of 12 tokens that show the body, [1, 144, 4]. */
    private static float[] allPairs(Pairs pairs) {
        boolean[] body = new boolean[12];
        Arrays.fill(body, true);
        FloatBuffer buffer = FloatBuffer.allocate(144 * 4);
        pairs.put(body, new SplittableRandom(1), buffer);
        return buffer.array();
    }

    @Test
    void pairsTheirHeadAndItsGradientAreTheSources() throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = Safetensors.read(
                            Path.of("src/test/resources/reference/methods/positionlabel.safetensors"))
                    .tensors();
            Pairs pairs = new Pairs(new Tokens(GRID), 1024);
            double[] index = of(expected, "relative.index").toDoubles();
            for (int i = 0; i < 12; i++) {
                for (int j = 0; j < 12; j++) {
                    assertThat(pairs.offset(i, j)).isEqualTo((int) index[12 * i + j]);
                }
            }
            PlaceHead head = PlaceHead.relative(16, pairs.offsets());
            head.to(Device.CPU, DType.F64);
            Tensors.fillWithHashNumbers(head.state(), "relative.");
            Tensor tokens = of(expected, "tokens").copy().requireGradient(true);
            Tensor one = Tensor.of(allPairs(pairs), 1, 144, 4);
            Tensor both = Tensor.concatenate(List.of(one, one), 0);
            Tensor logits = head.forward(pairs.sides(tokens.reshape(24, 16), both));
            Tensors.assertClose(
                    logits.narrow(0, 0, 24),
                    of(expected, "relative.logits.first24").toDoubles(),
                    1e-9,
                    "logits");
            Loss loss = PositionLabel.loss(
                    logits,
                    Pairs.offsets(both).to(DType.F64),
                    Pairs.counted(both).to(DType.F64));
            double wanted = of(expected, "relative.loss").item();
            assertThat(loss.total().item()).isCloseTo(wanted, within(1e-9 * wanted));
            loss.backward();
            Tensors.assertClose(
                    Objects.requireNonNull(tokens.gradient()),
                    of(expected, "relative.grad_tokens").toDoubles(),
                    1e-9,
                    "gradient");
        }
    }

    @Test
    void offsetsOfAWindowAreMonais() throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = Safetensors.read(
                            Path.of("src/test/resources/reference/methods/positionlabel.safetensors"))
                    .tensors();
            Pairs pairs = new Pairs(new Tokens(new Shape3(7, 7, 1)), 1);
            for (int row : new int[] {0, 24}) {
                assertThat(IntStream.range(0, 49)
                                .mapToObj(j -> (double) pairs.offset(row, j))
                                .toList())
                        .containsExactlyElementsOf(Arrays.stream(of(expected, "relative.index7x7.row" + row)
                                        .toDoubles())
                                .boxed()
                                .toList());
            }
        }
    }

    @Test
    void pairsAreAllThereAreOrDrawnAndThoseOfAirDoNotCount() {
        float[] all = allPairs(new Pairs(new Tokens(GRID), 144));
        assertThat(all[4 * 13]).isEqualTo(1); // i outermost
        assertThat(all[4 * 13 + 1]).isEqualTo(1);
        Pairs few = new Pairs(new Tokens(GRID), 20);
        assertThat(few.block(3).shape()).containsExactly(3L, 20L, 4L);
        FloatBuffer drawn = FloatBuffer.allocate(20 * 4);
        boolean[] body = new boolean[12];
        body[3] = true;
        few.put(body, new SplittableRandom(1), drawn);
        for (int pair = 0; pair < 20; pair++) {
            int first = (int) drawn.get(4 * pair);
            int second = (int) drawn.get(4 * pair + 1);
            assertThat(drawn.get(4 * pair + 2)).isEqualTo(few.offset(first, second));
            assertThat(drawn.get(4 * pair + 3)).isEqualTo(first == 3 && second == 3 ? 1 : 0);
        }
    }

    @Test
    void tokensOfAirDoNotCount() {
        try (Scope scope = Scope.open()) {
            Tensor logits = Tensor.of(new double[] {3, 0, 0, 3, 5, 0}, 3, 2);
            Tensor numbers = Tensor.of(new double[] {0, 0, 1}, 3, 1);
            Loss both = PositionLabel.loss(logits, numbers, Tensor.of(new double[] {1, 1, 0}, 3, 1));
            assertThat(of(both.parts(), "accuracy").item()).isEqualTo(0.5);
            Loss one = PositionLabel.loss(logits, numbers, Tensor.of(new double[] {1, 0, 0}, 3, 1));
            assertThat(of(one.parts(), "accuracy").item()).isEqualTo(1);
            assertThat(one.total().item()).isCloseTo(Math.log(1 + Math.exp(-3)), within(1e-12));
        }
    }

    @Test
    void ofAWholeScanWithAsManyPlacesTheTokensAreThePlaces() {
        Tokens tokens = new Tokens(GRID);
        Shape3 scan = new Shape3(31, 17, 9);
        for (int j = 0; j < tokens.count(); j++) {
            assertThat(tokens.place(j, Box.of(scan), scan, GRID)).isEqualTo(j);
        }
        Box corner = Box.at(16, 8, 0, new Shape3(16, 8, 16));
        assertThat(tokens.place(0, corner, Shape3.cube(32), new Shape3(2, 4, 1)))
                .isEqualTo(5);
    }

    @Test
    void patchesAndAirAreFoundWhereTheTokensLie() {
        Shape3 shape = new Shape3(6, 4, 4);
        float[] crop = new float[96];
        crop[shape.index(4, 1, 3)] = 2;
        Tokens tokens = new Tokens(GRID);
        List<Integer> body = IntStream.range(0, 12)
                .filter(j -> tokens.showsBody(j, crop, shape))
                .boxed()
                .toList();
        assertThat(body).containsExactly(9); // (2, 0, 1)
        assertThat(tokens.patch(9, crop, shape)).containsExactly(0, 0, 0, 2, 0, 0, 0, 0);
    }

    @Test
    void aTransformersTablesAreZeroStayAndAreNotHandedOn() {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("model.encoder=swin-unetr", "crop.size=40", "data.size=[48, 48, 48]");
            Map<String, Tensor> tables = tables(task.state());
            assertThat(tables).isNotEmpty();
            assertThat(tables.values()).allMatch(table -> table.norm().item() == 0);
            assertThat(tables(task.export())).isEmpty();
            assertThat(tables(task.trainable().get(0).weights())).isEmpty();
            tables.forEach((name, table) -> tables.put(name, table.plus(1)));
            Map<String, Tensor> others = new LinkedHashMap<>(task.state());
            others.putAll(tables);
            task.initialise(others);
            assertThat(tables(task.state()).values())
                    .allMatch(table -> table.norm().item() == 0);
        }
    }

    @Test
    void halfAnEncoderIsNothingToBeginWith() {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> narrow = task("model.channels=[4, 8]").state();
            PretextTask wide = task("model.channels=[4, 16]");
            assertThatThrownBy(() -> wide.initialise(narrow))
                    .hasMessageContaining("they are of an encoder of other sizes: loaded ");
        }
    }

    private static Map<String, Tensor> tables(Map<String, Tensor> weights) {
        Map<String, Tensor> tables = new LinkedHashMap<>(weights);
        tables.keySet().removeIf(name -> !PlaceHead.isTable(name));
        return tables;
    }

    @Test
    void whatHasOnePlaceIsRefused() {
        assertThatThrownBy(() -> task("pretext.labels=crop", "model.encoder=unetr", "crop.size=16"))
                .hasMessageContaining("more than one voxel");
        assertThatThrownBy(() -> task("pretext.pairs=5", "model.encoder=unetr", "crop.size=16"))
                .hasMessageContaining("pretext.pairs");
        assertThatThrownBy(() -> task("pretext.places=[1, 1, 1]")).hasMessageContaining("pretext.places");
    }

    private static PretextTask task(String... more) {
        List<String> keys = new ArrayList<>(List.of("pretext.task=positionlabel"));
        keys.addAll(List.of(more));
        PretrainRecipe recipe = RecipeTree.load("pretrain", null, keys).bind(PretrainRecipe.class);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }
}
