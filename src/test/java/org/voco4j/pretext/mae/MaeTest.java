package org.voco4j.pretext.mae;

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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Tensors;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.FlatEncoder;
import org.voco4j.network.transformer.Patches;
import org.voco4j.network.transformer.UnetrEncoder;
import org.voco4j.network.transformer.UnetrForm;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.SmallUnetr;
import org.voco4j.pretext.part.MaskedAutoencoder;
import org.voco4j.pretext.part.SineCosine;
import org.voco4j.pretext.part.TokenMask;

/** Masked autoencoders as MIM-Med3D, MONAI and facebookresearch compute them, and what they teach. */
class MaeTest {
    private static final double TOLERANCE = 1e-9;

    private static Map<String, Tensor> reference(String name) throws IOException {
        return MethodVectors.of(name).tensors();
    }

    private static Tensor of(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    private static Tensor gradient(Tensor weight) {
        return Objects.requireNonNull(weight.gradient());
    }

    private static MaskedAutoencoder network(MaskedAutoencoder.Form form) {
        UnetrForm vit = new UnetrForm(1, 24, 48, 4, List.of(4, 4, 4), 2);
        MaskedAutoencoder network = new MaskedAutoencoder(new UnetrEncoder(3, 1, List.of(16, 16, 8), vit), form);
        network.to(Device.CPU, DType.F64);
        return network;
    }

    /** Weights that are taught, by their names in the original, with the numbers of those names. */
    private static Map<String, Tensor> named(MaskedAutoencoder network, UnaryOperator<String> original) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        network.weights().forEach((name, weight) -> {
            if (network.isTaught(name)) {
                named.put(original.apply(name), weight);
            }
        });
        named.forEach((name, weight) -> weight.copyInPlace(Tensors.hashNumbers(name, weight.shape())));
        return named;
    }

    /** Norms of all gradients and some gradients in full. */
    private static void assertGradients(
            Map<String, Tensor> expected, String prefix, Map<String, Tensor> weights, String... inFull) {
        for (String name : inFull) {
            Tensors.assertClose(
                    gradient(of(weights, name)),
                    of(expected, prefix + "grad." + name).toDoubles(),
                    TOLERANCE,
                    name);
        }
        double[] norms = of(expected, prefix + "grad_l2").toDoubles();
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
            assertThat(found.get(i)).isCloseTo(norms[i], within(TOLERANCE * Math.max(1, norms[i])));
        }
    }

    @Test
    void valuesAndGradientsAreThoseOfMimMed3d() throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = reference("mae3d");
            MaskedAutoencoder network = network(new MaskedAutoencoder.Form(false, false, false, 1, 12, 2, 4, 48));
            Map<String, Tensor> weights = named(
                    network,
                    name -> name.replace("vit.", "encoder.").replace("patch_embeddings.", "patch_embeddings.1."));
            double[] noise = of(expected, "med3d.noise").toDoubles();
            double[] masked = of(expected, "med3d.masked").toDoubles();
            float[] orders = new float[64];
            for (int b = 0; b < 2; b++) {
                int[] order = TokenMask.order(Arrays.copyOfRange(noise, 32 * b, 32 * b + 32));
                for (int i = 0; i < 32; i++) {
                    orders[32 * b + i] = order[i];
                    if (i < 24) {
                        assertThat((double) order[i]).isEqualTo(masked[24 * b + i]);
                    }
                }
            }
            Tensor order = Tensor.of(orders, 2, 32);
            Tensor hidden = order.narrow(1, 0, 24);
            Tensor image = of(expected, "med3d.image");
            Tensor told = network.told(image, hidden, order.narrow(1, 24, 8));
            Tensors.assertClose(told, of(expected, "med3d.pred").toDoubles(), TOLERANCE, "told");
            Tensor patches = network.patches(image, hidden);
            assertThat(PatchLoss.MSE.of(told, patches).item())
                    .isCloseTo(of(expected, "med3d.mse").item(), within(TOLERANCE));
            Tensor loss = Mae.Variant.MAE3D.loss().of(told, patches);
            assertThat(loss.item()).isCloseTo(of(expected, "med3d.l1").item(), within(TOLERANCE));
            loss.backward();
            assertGradients(
                    expected,
                    "med3d.",
                    weights,
                    "mask_token",
                    "encoder.patch_embedding.patch_embeddings.1.bias",
                    "decoder_norm.weight",
                    "to_pixels.bias");
        }
    }

    @Test
    void valuesAndGradientsAreThoseOfMonai() throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = reference("mae3d");
            MaskedAutoencoder network = network(new MaskedAutoencoder.Form(true, true, true, 0.02, 12, 1, 4, 24));
            String positions = "patch_embedding.position_embeddings";
            Map<String, Tensor> weights = named(
                    network,
                    name -> name.replace("vit.", "")
                            .replace("to_pixels", "decoder_pred")
                            .replace("enc_to_dec", "decoder_embed")
                            .replace("decoder_norm", "decoder_blocks.1")
                            .replaceFirst("^norm", "blocks.2")
                            .replace("mask_token", "mask_tokens"));
            of(network.weights(), "mask_token")
                    .copyInPlace(Tensors.hashNumbers("mask_tokens", 1, 1, 12).reshape(12));
            of(weights, positions).copyInPlace(of(expected, "monai.table24"));
            of(network.stateDict(), "decoder_pos_emb.weight")
                    .copyInPlace(of(expected, "monai.table12").reshape(32, 12));
            double[] mask = of(expected, "monai.mask").toDoubles();
            float[] hidden = new float[48];
            int found = 0;
            for (int i = 0; i < 64; i++) {
                if (mask[i] == 1) {
                    hidden[found++] = i % 32;
                }
            }
            Tensor numbers = Tensor.of(hidden, 2, 24);
            Tensor image = of(expected, "monai.image");
            Tensor told = network.told(image, numbers, of(expected, "monai.keep"));
            double[] all = of(expected, "monai.pred").toDoubles();
            double[] wanted = new double[2 * 24 * 64];
            for (int i = 0; i < 48; i++) {
                int row = i / 24 * 32 + (int) hidden[i];
                System.arraycopy(all, 64 * row, wanted, 64 * i, 64);
            }
            Tensors.assertClose(told, wanted, TOLERANCE, "told");
            Tensor loss = Mae.Variant.MAE.loss().of(told, network.patches(image, numbers));
            assertThat(loss.item()).isCloseTo(of(expected, "monai.mse").item(), within(TOLERANCE));
            loss.backward();
            Tensors.assertClose(
                    gradient(of(weights, "mask_tokens")),
                    of(expected, "monai.grad.mask_tokens").toDoubles(),
                    TOLERANCE,
                    "mask_tokens");
            assertGradients(expected, "monai.", weights, "cls_token", "decoder_pred.bias");
        }
    }

    @Test
    void tablesAreThoseOfMonaiAndFacebook() throws IOException {
        try (Scope scope = Scope.open()) {
            for (int size : new int[] {12, 24}) {
                Tensor table = Tensor.of(SineCosine.table(List.of(4, 4, 2), size), 32, size);
                Tensors.assertClose(
                        table, of(reference("mae3d"), "monai.table" + size).toDoubles(), 1e-6, "3-D, " + size);
            }
            for (int size : new int[] {8, 16}) {
                double[] expected =
                        of(reference("mae_losses"), "fb.table" + size).toDoubles();
                Tensor table = Tensor.of(SineCosine.table(List.of(4, 4), size), 16, size);
                Tensors.assertClose(table, Arrays.copyOfRange(expected, size, expected.length), 1e-6, "2-D, " + size);
            }
            assertThatThrownBy(() -> SineCosine.table(List.of(2, 2, 2), 16)).hasMessageContaining("multiple of 6");
        }
    }

    @Test
    void maskPatchesAndLossAreFacebooks() throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = reference("mae_losses");
            double[] noise = of(expected, "fb.noise").toDoubles();
            double[] mask = of(expected, "fb.mask").toDoubles();
            for (int b = 0; b < 2; b++) { // there the first ones are kept
                int[] order = TokenMask.order(Arrays.copyOfRange(noise, 16 * b, 16 * b + 16));
                for (int i = 0; i < 16; i++) {
                    assertThat(mask[16 * b + order[i]]).isEqualTo(i < 4 ? 0 : 1);
                }
            }
            Tensor patches = Patches.cut(of(expected, "fb.image"), List.of(4, 4));
            assertThat(patches.toDoubles())
                    .containsExactly(of(expected, "fb.patches").toDoubles());
            assertLoss(expected, "fb.mse", PatchLoss.MSE, "fb.", patches);
            assertLoss(expected, "fb.mse_norm", PatchLoss.NORMALISED, "fb.", patches);
        }
    }

    @Test
    void lossesOfSeveralChannelsHaveTheGradientsOfTheirFormulas() throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> expected = reference("mae_losses");
            Tensor patches = Patches.cut(of(expected, "loss3d.image"), List.of(4, 4, 4));
            assertThat(patches.narrow(0, 0, 1).narrow(1, 0, 2).reshape(2, 128).toDoubles())
                    .containsExactly(of(expected, "loss3d.patches.first").toDoubles());
            assertThat(Patches.joined(patches, List.of(3, 2, 1), List.of(4, 4, 4))
                            .toDoubles())
                    .containsExactly(of(expected, "loss3d.image").toDoubles());
            for (PatchLoss loss : PatchLoss.values()) {
                Tensors.assertClose(loss.voxels(loss.target(patches), patches), patches.toDoubles(), 1e-12, "voxels");
                String name = "loss3d." + (loss == PatchLoss.NORMALISED ? "mse_norm" : loss.toString());
                Tensor told = assertLoss(expected, name, loss, "loss3d.", patches);
                Tensors.assertClose(
                        gradient(told), of(expected, name + ".grad_pred").toDoubles(), TOLERANCE, name);
            }
        }
    }

    /** The loss over the patches of the mask, and what it was taken of. */
    private static Tensor assertLoss(
            Map<String, Tensor> expected, String name, PatchLoss loss, String prefix, Tensor patches) {
        Tensor told = of(expected, prefix + "pred").copy().requireGradient(true);
        double[] mask = of(expected, prefix + "mask").to(DType.F64).toDoubles();
        List<Tensor> hidden = new ArrayList<>();
        List<Tensor> targets = new ArrayList<>();
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] == 1) {
                long sample = i / told.size(1);
                long patch = i % told.size(1);
                hidden.add(told.narrow(0, sample, 1).narrow(1, patch, 1));
                targets.add(patches.narrow(0, sample, 1).narrow(1, patch, 1));
            }
        }
        Tensor value = loss.of(Tensor.concatenate(hidden, 1), Tensor.concatenate(targets, 1));
        double wanted = of(expected, name).item();
        assertThat(value.item()).isCloseTo(wanted, within(TOLERANCE * Math.max(1, wanted)));
        value.backward();
        return told;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void whatIsHiddenIsNotSeen(int dims) {
        UnetrForm vit = new UnetrForm(1, 12, 24, 2, List.of(4, 2, 2), 1);
        Encoder encoder = dims == 3
                ? new UnetrEncoder(3, 1, List.of(8, 4, 2), vit)
                : new FlatEncoder(new UnetrEncoder(2, 1, List.of(8, 4), vit));
        MaskedAutoencoder network =
                new MaskedAutoencoder(encoder, new MaskedAutoencoder.Form(true, true, true, 0.02, 12, 1, 2, 24));
        network.initialise(1);
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor crops = Tensors.smoothInput("hidden", 2, 1, 8, 4, 4).narrow(4, 0, dims - 1);
            Tensor hidden = Tensor.of(new float[] {0, 3, 2, 1}, 2, 2);
            Tensor visible = Tensor.of(new float[] {1, 2, 0, 3}, 2, 2);
            Tensor told = network.told(crops, hidden, visible);
            assertThat(told.shape()).containsExactly(2, 2, dims == 3 ? 16 : 8);
            Tensor first = crops.narrow(2, 0, 4); // patches 0 and 1
            Tensor changed = Tensor.concatenate(List.of(first.plus(1), crops.narrow(2, 4, 4)), 2);
            assertThat(network.told(changed, both(0, 1), both(2, 3)).toFloats())
                    .isEqualTo(network.told(crops, both(0, 1), both(2, 3)).toFloats());
            assertThat(network.told(changed, hidden, visible).toFloats()).isNotEqualTo(told.toFloats());
        }
    }

    /** The same numbers of both crops. */
    private static Tensor both(float one, float other) {
        return Tensor.of(new float[] {one, other, one, other}, 2, 2);
    }

    private static PretextTask task(String... settings) {
        return SmallUnetr.task("mae3d", settings);
    }

    @ParameterizedTest
    @EnumSource(Mae.Variant.class)
    void onlyTheTransformerIsTaughtAndHandedOn(Mae.Variant variant) {
        boolean mae = variant == Mae.Variant.MAE;
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.variant=" + variant);
            Map<String, Tensor> moved = task.trainable().get(0).weights();
            String positions = "vit.patch_embedding.position_embeddings";
            assertThat(moved.containsKey("vit.norm.weight")).isEqualTo(mae);
            assertThat(task.export().containsKey("vit.norm.weight")).isEqualTo(mae);
            assertThat(moved.containsKey("cls_token")).isEqualTo(mae);
            assertThat(moved.containsKey(positions)).isEqualTo(!mae);
            assertThat(task.export()).containsKeys(positions, "decoder_pos_emb.weight", "vit.blocks.1.attn.qkv.weight");
            assertThat(moved).doesNotContainKey("encoder1.layer.conv1.conv.weight");
            assertThat(task.export()).doesNotContainKey("encoder1.layer.conv1.conv.weight");
            double[] table = of(task.export(), positions).toDoubles();
            if (mae) {
                Tensors.assertClose(
                        of(task.export(), positions), SineCosine.table(List.of(2, 2, 2), 12), 1e-6, positions);
            } else {
                assertThat(Arrays.stream(table).map(Math::abs).max().orElseThrow())
                        .isBetween(0.0, 0.12);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.encoder=unet | mae3d can teach unetr; model.encoder is unet",
                "model.encoder=swin-unetr | mae3d can teach unetr; model.encoder is swin-unetr",
                "pretext.ratio=0.1 | pretext.ratio 0.1 hides none of the 8 patches of a crop",
                "pretext.variant=mae; model.hiddenSize=16 | multiples of 6, not 16 and 48",
                "pretext.ratio=1 | pretext.ratio must lie between 0 and 1, not 1.0",
                "pretext.decoder.heads=5 | heads that share out its hidden numbers evenly",
            })
    void whatCannotWorkIsRefusedInWords(String settings, String sentence) {
        assertThatThrownBy(() -> task(settings.split("; "))).hasMessageContaining(sentence);
    }
}
