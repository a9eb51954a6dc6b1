package org.voco4j.network.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.EncoderLaws;
import org.voco4j.network.Likeness;

class UnetrTest {
    private static final UnetrForm SMALL = new UnetrForm(4, 24, 48, 4);
    private static final List<Integer> IMAGE = List.of(32, 48, 32);

    private static Unetr network() {
        return new Unetr(3, 1, IMAGE, SMALL, 5);
    }

    @Test
    void equalsMonaiInValuesAndGradients() {
        new Likeness(Reference.of("unetr_small.io"), network(), name -> false).assertFloat32();
    }

    /** {@code monai_networks_float64}: the same network and input, run in float64 by MONAI 1.5.0 on torch 2.13. */
    @Test
    void equalsMonaiTightlyInFloat64() {
        Likeness like = new Likeness(Reference.of("monai_networks_float64"), network(), name -> false);
        Tensor x = Tensors.of(Reference.of("unetr_small.io"), "input");
        like.assertFloat64(x, "unetr.", like.names("grad_l2_names.unetr"));
    }

    @Test
    void equalsMonaiInTwoDimensions() {
        Unetr flat = new Unetr(2, 2, List.of(48, 32), SMALL, 3);
        Likeness like = new Likeness(Reference.of("monai_networks_float64"), flat, name -> false);
        Tensor x =
                Tensors.smoothInput("unetr2d", 2, 2, 48, 32, 4).narrow(4, 0, 1).reshape(2, 2, 48, 32);
        like.assertFloat64(x, "unetr2d.", like.names("grad_l2_names.unetr2d"));
        assertThat(flat.encoder().positionGrid()).containsExactly(3, 2);
    }

    @Test
    void keysAreThoseOfMonaiWithTheAttentionThatIsNeverCalled() {
        Likeness like = new Likeness(Reference.of("unetr_small.io"), network(), name -> false);
        List<String> keys =
                new ArrayList<>(like.names("grad_l2_names")); // what has a gradient, in the state dictionary's order
        for (int i = 0; i < 12; i++) {
            for (String unused : List.of(
                    "norm_cross_attn.weight",
                    "norm_cross_attn.bias",
                    "cross_attn.out_proj.weight",
                    "cross_attn.out_proj.bias",
                    "cross_attn.to_q.weight",
                    "cross_attn.to_k.weight",
                    "cross_attn.to_v.weight")) {
                keys.add("vit.blocks." + i + "." + unused);
            }
        }
        Map<String, Tensor> dictionary = network().stateDict();
        assertThat(dictionary.keySet())
                .containsExactlyInAnyOrderElementsOf(keys)
                .hasSize(254);
        assertThat(Objects.requireNonNull(dictionary.get("vit.blocks.3.cross_attn.to_k.weight"))
                        .shape())
                .containsExactly(24, 24);
        assertThat(network().weights().keySet())
                .containsAll(new UnetrEncoder(3, 1, IMAGE, SMALL).weights().keySet());
    }

    /** MONAI fills the parts that are never called at random; other networks of the same weights have other values there. */
    @Test
    void aFreshFileOfMonaiLoadsWholeWhateverIsNeverCalled() {
        Unetr source = network();
        source.initialise(7);
        Map<String, Tensor> file = new LinkedHashMap<>();
        source.stateDict()
                .forEach((name, value) -> file.put(name, name.contains("cross_attn") ? value.plus(0.5) : value));
        Unetr target = network();
        LoadReport report = target.loadMatching(file, name -> true);
        assertThat(report.sentence())
                .isEqualTo("loaded 170 of 170; 84 passed over (norm_cross_attn.…, cross_attn.…: never called)");
        file.keySet().removeIf(name -> name.contains("cross_attn")); // before MONAI 1.4
        file.put("vit.patch_embedding.cls_token", Tensor.zeros(DType.F32, 1, 1, 24)); // up to 0.8, never used either
        assertThat(network().loadMatching(file, name -> true).sentence())
                .isEqualTo("loaded 170 of 170; 1 of the file unused (vit.…)");
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor x = Tensors.smoothInput("fresh", 1, 1, 32, 48, 32);
            assertThat(target.forward(x).toFloats()).isEqualTo(source.forward(x).toFloats());
        }
    }

    @Test
    void thePositionTableHasARowForEachPatchOfTheGrid() {
        UnetrEncoder encoder = network().encoder();
        assertThat(encoder.positionGrid()).containsExactly(2, 3, 2);
        assertThat(Objects.requireNonNull(network().weights().get(encoder.positionTable()))
                        .shape())
                .containsExactly(1, 12, 24);
    }

    @Test
    void levelsAreTheMapsThatTheDecoderJoins() {
        UnetrEncoder encoder = new UnetrEncoder(3, 2, IMAGE, SMALL);
        encoder.initialise(3);
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            List<Tensor> levels = encoder.levels(Tensors.smoothInput("levels", 2, 2, 32, 48, 32));
            assertThat(encoder.channels()).containsExactly(4, 8, 16, 32, 24).hasSameSizeAs(levels);
            for (int i = 0; i < levels.size(); i++) {
                int c = encoder.channels().get(i);
                assertThat(levels.get(i).shape()).containsExactly(2, c, 32 >> i, 48 >> i, 32 >> i);
            }
        }
        assertThat(encoder.takes(32, 48, 32)).isTrue();
        assertThat(encoder.takes(32, 32, 32)).isFalse();
        assertThat(encoder.takes(32, 48)).isFalse();
    }

    @Test
    void samplesDoNotMix() {
        UnetrEncoder encoder = new UnetrEncoder(3, 1, IMAGE, SMALL);
        encoder.initialise(3);
        EncoderLaws.assertSamplesDoNotMix(encoder, Tensors.smoothInput("two", 2, 1, 32, 48, 32));
    }

    @Test
    void sixteenBitsComeClose() {
        Unetr network = network();
        network.initialise(3);
        EncoderLaws.assertSixteenBitsComeClose(network, Tensors.smoothInput("bits", 1, 1, 32, 48, 32));
    }

    @Test
    void initialWeightsFollowTheLawsOfTheOriginal() {
        UnetrEncoder encoder = new UnetrEncoder(3, 1, List.of(96, 96, 96), new UnetrForm(4, 96, 48, 4));
        encoder.initialise(5);
        Map<String, Tensor> w = encoder.weights();
        Tensor table = Objects.requireNonNull(w.get(encoder.positionTable())).detach();
        double deviation = table.square().mean().sqrt().item();
        assertThat(table.mean().item()).isCloseTo(0, within(4 * 0.02 / Math.sqrt((double) table.count())));
        assertThat(deviation).isCloseTo(0.02, within(0.02 * 0.02));
        assertThat(table.square().square().mean().item() / Math.pow(deviation, 4))
                .as("kurtosis of a normal law")
                .isCloseTo(3, within(0.15));
        assertUniform(w, "vit.blocks.7.attn.qkv.weight", 1 / Math.sqrt(96));
        assertUniform(w, "vit.blocks.7.mlp.linear2.weight", 1 / Math.sqrt(48));
        assertUniform(w, "vit.patch_embedding.patch_embeddings.weight", 1 / Math.sqrt(4096));
        assertUniform(w, "encoder2.transp_conv_init.conv.weight", 1 / Math.sqrt(8 * 8));
        assertThat(Objects.requireNonNull(w.get("vit.norm.weight")).toFloats()).containsOnly(1);
    }

    private static void assertUniform(Map<String, Tensor> weights, String name, double bound) {
        Tensor weight = Objects.requireNonNull(weights.get(name)).detach();
        assertThat(weight.abs().mean().item()).as(name).isCloseTo(bound / 2, within(0.03 * bound));
        assertThat(weight.square().mean().sqrt().item()).as(name).isCloseTo(bound / Math.sqrt(3), within(0.03 * bound));
    }

    @Test
    void multiplyAddsCountEveryTap() {
        UnetrEncoder encoder = new UnetrEncoder(3, 2, List.of(32, 32, 32), new UnetrForm(3, 8, 10, 2));
        long n = 8; // tokens
        long block = n * 8 * 24 + 2 * n * n * 8 + n * 8 * 8 + 2 * n * 8 * 10;
        long transformer = n * 16 * 16 * 16 * 2 * 8 + 12 * block;
        long e1 = 32768 * (27 * (2 * 3 + 3 * 3) + 2 * 3);
        long e2 = 64 * 8 * 6 + (512 + 4096) * (6 * 6 + 27 * 2 * 6 * 6);
        long e3 = 64 * 8 * 12 + 512 * (12 * 12 + 27 * 2 * 12 * 12);
        long e4 = 64 * 8 * 24;
        assertThat(encoder.multiplyAdds(32)).isEqualTo(transformer + e1 + e2 + e3 + e4);
    }

    @ParameterizedTest
    @CsvSource({"8, 8, 4, 6, 2 4 5", "16, 4, 1, 3, 1 2 3", "2, 2, 2, 1, 1 1 1"})
    void shorterPatchesHaveAPyramidOfTheirOwn(int x, int y, int z, int blocks, String taps) {
        UnetrForm form = new UnetrForm(2, 12, 24, 2, List.of(x, y, z), blocks);
        assertThat(IntStream.rangeClosed(1, 3).mapToObj(level -> String.valueOf(form.tap(level))))
                .containsExactly(taps.split(" "));
        Unetr network = new Unetr(3, 1, List.of(16, 16, 8), form, 3);
        network.initialise(3);
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor image = Tensors.smoothInput("patches", 1, 1, 16, 16, 8);
            List<Tensor> levels = network.encoder().levels(image);
            for (int level = 0; level < levels.size(); level++) {
                assertThat(levels.get(level).shape())
                        .containsExactly(
                                1,
                                network.encoder().channels().get(level),
                                16 / Math.min(1 << level, x),
                                16 / Math.min(1 << level, y),
                                8 / Math.min(1 << level, z));
            }
            assertThat(network.forward(image).shape()).containsExactly(1, 3, 16, 16, 8);
            assertThat(network.encoder().positionGrid()).containsExactly(16 / x, 16 / y, 8 / z);
        }
        network.weights().keySet().stream()
                .filter(name -> !name.startsWith("decoder") && !name.startsWith("out"))
                .forEach(name -> assertThat(network.encoder().stage(name)).isBetween(0, blocks));
    }

    /** A patch is embedded as a convolution would, whatever its edges. */
    @Test
    void tokensAreThoseOfAConvolutionOverThePatches() {
        VisionTransformer vit =
                new VisionTransformer(2, List.of(4, 3, 2), new UnetrForm(1, 6, 6, 2, List.of(4, 4, 4), 1));
        vit.initialise(5);
        vit.positions().copyInPlace(Tensor.zeros(DType.F32, 1, 24, 6));
        Conv conv = new Conv(3, 2, 6, 4, 4, true);
        Map<String, Tensor> named = new LinkedHashMap<>();
        vit.weights()
                .forEach((name, weight) -> named.put(name.replace("patch_embedding.patch_embeddings.", ""), weight));
        conv.loadMatching(named, name -> true);
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor image = Tensors.smoothInput("tokens", 2, 2, 16, 12, 8);
            Tensor map = conv.forward(image); // [2, 6, 4, 3, 2]
            Tensors.assertClose(
                    vit.tokens(image), map.reshape(2, 6, 24).transpose(1, 2).toDoubles(), 1e-5, "tokens");
        }
    }

    @Test
    void anotherSizeIsRefusedInWords() {
        assertThatThrownBy(() -> network().forward(Tensor.zeros(DType.F32, 1, 1, 48, 48, 32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("built for images of 32x48x32 voxels")
                .hasMessageContaining("48, 48, 32");
        assertThatThrownBy(() -> new UnetrEncoder(3, 1, List.of(32, 40, 32), SMALL))
                .hasMessageContaining("multiple of 16, not [32, 40, 32]");
        assertThatThrownBy(() -> new UnetrEncoder(2, 1, IMAGE, SMALL)).hasMessageContaining("2 axes");
        assertThatThrownBy(() -> new UnetrForm(4, 10, 20, 3)).hasMessageContaining("multiple of its 3 heads, not 10");
        assertThatThrownBy(() -> new UnetrForm(4, 10, 20, 2, List.of(16, 16, 6), 12))
                .hasMessageContaining("1, 2, 4, 8 or 16 voxels along each of x, y, z")
                .hasMessageContaining("not [16, 16, 6]");
        assertThatThrownBy(() -> new UnetrForm(0, 10, 20, 2)).hasMessageContaining("features 0");
    }
}
