package org.voco4j.pretext.swinmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.part.NtXent;
import org.voco4j.pretext.part.Turn;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Shape3;

/** Masks, turns, exchanged axes and all terms of the loss against the released code. */
class SwinMmTest {
    private static final List<String> GRADIENTS = List.of(
            "rotation_logits",
            "contrast1",
            "contrast2",
            "reconstruction1",
            "reconstruction2",
            "reconstruction3",
            "reconstruction4");

    /** The released code's draw: the cells that are kept. */
    private static float[] hidden(int[] kept) {
        float[] hidden = new float[8];
        Arrays.fill(hidden, 1);
        for (int cell : kept) {
            hidden[cell] = 0;
        }
        return hidden;
    }

    @ParameterizedTest
    @ValueSource(strings = {"half", "quarter"})
    void cellsThatAreNotKeptAreHidden(String share) throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("swinmm");
            String name = "mask." + share + ".";
            float[] cells = hidden(vectors.ints(name + "chosen"));
            Tensor crops = vectors.tensor("mask.x");
            Tensor mask = new Views(cells, cells, 1, 1).mask(0, crops);
            assertThat(mask.toDoubles()).containsExactly(vectors.doubles(name + "mask"));
            assertThat(mask.mean().item()).isEqualTo(vectors.doubles(name + "zeroed_share")[0]);
            assertThat(crops.times(mask.times(-1).plus(1)).toDoubles())
                    .containsExactly(vectors.doubles(name + "masked"));
        }
    }

    @Test
    void theRatioIsOfWhatIsHiddenOrKept() {
        for (SwinMmSettings.Variant variant : SwinMmSettings.Variant.values()) {
            SwinMmSettings settings = task("pretext.ratio=0.25", "pretext.variant=" + variant);
            float[] mask =
                    Views.draw(2, settings.hidden(), new SplittableRandom(1)).first();
            int count = 0;
            for (float cell : mask) {
                count += (int) cell;
            }
            assertThat(count).isEqualTo(variant == SwinMmSettings.Variant.PAPER ? 2 : 6);
        }
    }

    private static SwinMmSettings task(String... settings) {
        List<String> all = new java.util.ArrayList<>(List.of("pretext.task=swinmm"));
        all.addAll(List.of(settings));
        return (SwinMmSettings) RecipeTree.load("pretrain", null, all)
                .bind(PretrainRecipe.class)
                .pretext()
                .chosen()
                .settings();
    }

    @Test
    void cropsAreTurnedAndExchangedAsTheReleasedCodeDoes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("swinmm");
            for (int k = 0; k < 4; k++) {
                assertThat(Turn.of(vectors.floats("view.cube"), Shape3.cube(3), SwinMm.turn(k)))
                        .containsExactly(vectors.floats("view.rotation" + k));
            }
            Tensor cube = vectors.tensor("view.cube");
            assertThat(cube.toDoubles()).containsExactly(vectors.doubles("view.permutation0"));
            for (int with = 1; with <= 2; with++) {
                Tensor swapped = Views.swapped(cube, with);
                assertThat(swapped.toDoubles()).containsExactly(vectors.doubles("view.permutation" + with));
                assertThat(Views.swapped(swapped, with).toDoubles()).containsExactly(cube.toDoubles());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void termsAndGradientsAreTheReleasedCodes(int normalised) throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("swinmm");
            String name = "loss_norm" + normalised + ".";
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            GRADIENTS.forEach(
                    key -> inputs.put(key, vectors.tensor(name + key).copy().requireGradient(true)));
            List<Tensor> restored = inputs.values().stream().skip(3).toList();
            Tensor images = vectors.tensor(name + "images"); // [2, 2, 4, 4, 4]
            List<Tensor> targets = List.of(images.narrow(1, 0, 1), images.narrow(1, 1, 1)).stream()
                    .map(image -> normalised == 1 ? Restored.standardised(image) : image)
                    .toList();
            Tensor mask = vectors.tensor(name + "masks").to(DType.F64).reshape(2, 1, 4, 4, 4);
            List<Tensor> masks = List.of(mask.narrow(0, 0, 1), mask.narrow(0, 1, 1));
            double[] right = new double[4 * 4];
            int[] turns = vectors.ints(name + "rotations");
            for (int i = 0; i < turns.length; i++) {
                right[4 * i + turns[i]] = 1;
            }
            Map<String, Tensor> terms = new LinkedHashMap<>();
            terms.put(
                    "rotation",
                    CrossEntropy.of(Objects.requireNonNull(inputs.get("rotation_logits")), Tensor.of(right, 4, 4)));
            terms.put(
                    "contrast",
                    NtXent.of(
                                    Tensor.concatenate(
                                            List.of(
                                                    Objects.requireNonNull(inputs.get("contrast1")),
                                                    Objects.requireNonNull(inputs.get("contrast2"))),
                                            0),
                                    0.5)
                            .get(0));
            terms.put(
                    "reconstruction",
                    Restored.error(restored.subList(0, 2), targets, masks, 0.5).mean());
            terms.put(
                    "reconstruction_permuted",
                    Restored.error(restored.subList(2, 4), targets, masks, 0.5).mean());
            terms.put(
                    "mutual",
                    Restored.error(restored.get(2), restored.get(0), masks.get(0), 0.5)
                            .mean());
            Tensor total = terms.values().stream().reduce(Tensor::plus).orElseThrow();
            terms.put("value", total);
            terms.forEach((term, value) -> {
                double expected = vectors.doubles(name + term)[0];
                assertThat(value.item()).as(term).isCloseTo(expected, within(1e-9 * expected));
            });
            total.backward();
            inputs.forEach((key, input) -> assertThat(
                            Objects.requireNonNull(input.gradient()).toDoubles())
                    .as(key)
                    .containsExactly(vectors.doubles(name + "grad_" + key), within(1e-10)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pretext.ratio=1 | pretext.ratio must lie between 0 and 1, not 1.0",
                "pretext.cells=1 | pretext.cells must be at least 2, not 1",
                "pretext.crops=1 | batch.volumes times pretext.crops must be at least 2",
            })
    void whatCannotWorkIsRefusedInWords(String setting, String sentence) {
        assertThatThrownBy(() -> {
                    PretrainRecipe recipe = RecipeTree.load(
                                    "pretrain", null, List.of("pretext.task=swinmm", "crop.size=16", setting))
                            .bind(PretrainRecipe.class);
                    recipe.pretext().chosen().task(recipe.setup(Device.CPU));
                })
                .hasMessageContaining(sentence);
    }
}
