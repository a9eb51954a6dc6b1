package org.voco4j.pretext.positionlabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
            PlaceHead head = new PlaceHead(16, 12);
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

    private static Map<String, Tensor> tables(Map<String, Tensor> weights) {
        Map<String, Tensor> tables = new LinkedHashMap<>(weights);
        tables.keySet().removeIf(name -> !PlaceHead.isTable(name));
        return tables;
    }

    @Test
    void whatHasOnePlaceIsRefused() {
        assertThatThrownBy(() -> task("pretext.labels=crop", "model.encoder=unetr", "crop.size=16"))
                .hasMessageContaining("more than one voxel");
        assertThatThrownBy(() -> task("pretext.places=[1, 1, 1]")).hasMessageContaining("pretext.places");
    }

    private static PretextTask task(String... more) {
        List<String> keys = new ArrayList<>(List.of("pretext.task=positionlabel"));
        keys.addAll(List.of(more));
        PretrainRecipe recipe = RecipeTree.load("pretrain", null, keys).bind(PretrainRecipe.class);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }
}
