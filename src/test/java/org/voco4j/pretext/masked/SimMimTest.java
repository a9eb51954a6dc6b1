package org.voco4j.pretext.masked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.PixelHead;
import org.voco4j.network.transformer.UnetrForm;
import org.voco4j.network.transformer.VisionTransformer;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.part.TokenMask;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;

/** SimMIM's values as MIM-Med3D and SimMIM compute them, and whom a mask fits. */
class SimMimTest {
    private static final double TOLERANCE = 1e-9;

    private static Tensor gradient(Tensor weight) {
        return Objects.requireNonNull(weight.gradient());
    }

    /** Weights of the original by their names there; a map of patches is a convolution here. */
    private static Map<String, Tensor> named(VisionTransformer vit, PixelHead pixels, Tensor token) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        named.put("mask_token", token);
        vit.state()
                .forEach((name, weight) -> named.put(
                        "encoder."
                                + name.replace("patch_embeddings.weight", "patch_embeddings.1.weight")
                                        .replace("patch_embeddings.bias", "patch_embeddings.1.bias"),
                        weight));
        pixels.state().forEach((name, weight) -> named.put("to_pixels." + name, weight));
        return named;
    }

    @Test
    void theTransformerSeesTokensForHiddenPatchesAsMimMed3dDoes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("simmim");
            VisionTransformer vit =
                    new VisionTransformer(1, List.of(4, 4, 2), new UnetrForm(1, 24, 48, 4, List.of(4, 4, 4), 2));
            PixelHead pixels = new PixelHead(24, List.of(4, 4, 4));
            vit.to(Device.CPU, DType.F64);
            pixels.to(Device.CPU, DType.F64);
            Tensor token = Tensor.zeros(DType.F64, 24).requireGradient(true);
            Map<String, Tensor> weights = named(vit, pixels, token);
            weights.forEach((name, weight) -> weight.copyInPlace(Tensors.hashNumbers(name, weight.shape())));

            double[] noise = expected.tensor("med3d.noise").toDoubles();
            double[] masked = expected.tensor("med3d.masked").toDoubles();
            float[] hidden = new float[noise.length];
            for (int b = 0; b < 2; b++) {
                float[] mask = TokenMask.draw(Arrays.copyOfRange(noise, 32 * b, 32 * (b + 1)), 0.75);
                System.arraycopy(mask, 0, hidden, 32 * b, 32);
                for (int i = 0; i < 24; i++) {
                    assertThat(mask[(int) masked[24 * b + i]]).isEqualTo(1);
                }
            }
            Tensor image = expected.tensor("med3d.image");
            Tensor patches = Tensor.of(hidden, 2, 1, 4, 4, 2).to(DType.F64);
            Tensor predicted = pixels.forward(vit.masked(image, patches, token)); // [2, 1, 16, 16, 8]
            double[] voxels = predicted.toDoubles();
            double[] wanted = expected.tensor("med3d.pred").toDoubles();
            for (int b = 0; b < 2; b++) {
                for (int i = 0; i < 24; i++) {
                    int cell = (int) masked[24 * b + i];
                    for (int v = 0; v < 64; v++) {
                        int x = 4 * (cell / 8) + v / 16;
                        int y = 4 * (cell / 2 % 4) + v / 4 % 4;
                        int z = 4 * (cell % 2) + v % 4;
                        assertThat(voxels[((16 * b + x) * 16 + y) * 8 + z])
                                .isCloseTo(wanted[(24 * b + i) * 64 + v], within(TOLERANCE));
                    }
                }
            }
            Tensor loss = MaskedL1.of(predicted, image, Tensors.repeated(patches, 4));
            assertThat(loss.item()).isCloseTo(expected.tensor("med3d.l1").item(), within(TOLERANCE));
            loss.backward();
            for (String name :
                    List.of("mask_token", "encoder.patch_embedding.patch_embeddings.1.bias", "to_pixels.bias")) {
                Tensors.assertClose(
                        gradient(Objects.requireNonNull(weights.get(name))),
                        expected.tensor("med3d.grad." + name).toDoubles(),
                        TOLERANCE,
                        name);
            }
            double[] norms = expected.tensor("med3d.grad_l2").toDoubles();
            List<Double> found = new ArrayList<>();
            weights.forEach((name, weight) -> {
                Tensor gradient = weight.gradient();
                if (gradient != null) {
                    found.add(gradient.norm().item());
                }
            });
            assertThat(found).hasSize(norms.length);
            found.sort(null);
            Arrays.sort(norms);
            for (int i = 0; i < norms.length; i++) {
                assertThat(found.get(i)).isCloseTo(norms[i], within(TOLERANCE));
            }
        }
    }

    @Test
    void headAndLossAreSimMims() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("simmim");
            Tensor z = expected.tensor("official.z").copy().requireGradient(true); // [2, 12, 3, 3]
            Tensor weight =
                    Tensors.hashNumbers("decoder.0.weight", 192, 12, 1, 1).to(DType.F64);
            Tensor bias = Tensors.hashNumbers("decoder.0.bias", 192).to(DType.F64);
            Tensor predicted = PixelHead.shuffled(
                    Ops.conv(z, weight, bias, 1).reshape(2, 192, 3, 3, 1), List.of(8, 8, 1)); // [2, 3, 24, 24, 1]
            double[] all = predicted.toDoubles();
            double[] third = expected.tensor("official.x_rec").toDoubles();
            for (int i = 0; i < third.length; i++) {
                int x = 3 * (i / 8 % 8);
                int y = 3 * (i % 8);
                assertThat(all[(i / 64 * 24 + x) * 24 + y]).isCloseTo(third[i], within(TOLERANCE));
            }
            Tensor mask = expected.tensor("official.mask").to(DType.F64); // cells of 4 pixels
            double[] cells = mask.toDoubles();
            double[] pixels = new double[2 * 24 * 24];
            double hidden = 0;
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = cells[i / 576 * 36 + i / 24 % 24 / 4 * 6 + i % 24 / 4];
                hidden += pixels[i];
            }
            Tensor image = expected.tensor("official.image").reshape(2, 3, 24, 24, 1);
            Tensor loss = MaskedL1.of(predicted, image, Tensor.of(pixels, 2, 1, 24, 24, 1));
            double guarded = hidden / (hidden + 1e-5); // the original would divide by 0 where nothing is hidden
            assertThat(loss.item() * guarded)
                    .isCloseTo(expected.tensor("official.loss").item(), within(TOLERANCE));
            loss.times(guarded).backward();
            Tensors.assertClose(gradient(z), expected.tensor("official.grad_z").toDoubles(), TOLERANCE, "z");
        }
    }

    @Test
    void theShuffleOfThreeAxesIsExact() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("simmim");
            assertThat(PixelHead.shuffled(expected.tensor("shuffle3d.in"), List.of(2, 2, 2))
                            .toDoubles())
                    .containsExactly(expected.tensor("shuffle3d.out").toDoubles());
        }
    }

    private static PretextTask task(String... settings) {
        List<String> all = new ArrayList<>(List.of("pretext.task=simmim"));
        all.addAll(List.of(settings));
        PretrainRecipe recipe = RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }

    @ParameterizedTest
    @CsvSource({"unetr, 32, 2, vit.norm.weight", "swin-unetr, 64, 4, encoder1.layer.conv1.conv.weight"})
    void ofATransformerOnlyThePathOfTokensIsTaughtAndHandedOn(String encoder, int crop, int cells, String beside) {
        try (Scope scope = Scope.open()) {
            PretextTask task = task(
                    "model.encoder=" + encoder,
                    "model.featureSize=3",
                    "model.hiddenSize=12",
                    "model.heads=2",
                    "crop.size=" + crop,
                    "pretext.cells=" + cells);
            assertThat(task.trainable().get(0).weights())
                    .containsKey("mask_token")
                    .doesNotContainKey(beside);
            assertThat(task.export()).doesNotContainKey(beside).containsKey("to_pixels.weight");
            assertThat(task.state()).containsKey(beside);
        }
    }

    @Test
    void cellsFitCropsAndPatches() {
        assertThatThrownBy(() -> task("crop.size=30"))
                .hasMessageContaining("pretext.cells must divide crop.size, 30, which 4 does not");
        assertThatThrownBy(() -> task("model.encoder=unetr", "crop.size=32"))
                .hasMessageContaining("whole patches of [16, 16, 16] voxels in crops of 32, not 4 cells of 8");
    }
}
