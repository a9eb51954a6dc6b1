package org.voco4j.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SwinUnetrEncoderTest {
    private static final String NAMES = "encoder1, encoder2, encoder3, encoder4, encoder10";

    private static SwinUnetrEncoder encoder(int in, int features, String version, String order) {
        SwinUnetrEncoder encoder =
                new SwinUnetrEncoder(3, in, features, SwinVersion.valueOf(version), PatchMerging.Order.valueOf(order));
        Tensors.fillWithHashNumbers(encoder.weights(), "");
        return encoder;
    }

    private static SwinUnetr network(int dims, int in, int features, int classes, String version, String order) {
        SwinUnetr network = new SwinUnetr(
                dims, in, features, classes, SwinVersion.valueOf(version), PatchMerging.Order.valueOf(order));
        Tensors.fillWithHashNumbers(network.weights(), "");
        return network;
    }

    private static Map<String, Tensor> maps(SwinUnetrEncoder encoder, Tensor input) {
        Map<String, Tensor> maps = new LinkedHashMap<>();
        List<Tensor> hidden = encoder.hidden(input);
        for (int i = 0; i < hidden.size(); i++) {
            maps.put("hidden" + i, hidden.get(i));
        }
        List<Tensor> levels = encoder.levels(input);
        String[] names = NAMES.split(", ");
        for (int i = 0; i < names.length; i++) {
            maps.put(names[i], levels.get(i));
        }
        return maps;
    }

    @ParameterizedTest
    @CsvSource({
        "swinunetr_v2_fs12_64x64x32, V2, MERGING, 1, 12, swin.a, 1, 64, 64, 32",
        "swinunetr_v1_fs12_64x64x32, V1, MERGING, 1, 12, swin.a, 1, 64, 64, 32",
        "swinunetr_v2_fs12_96x64x32, V2, MERGING, 1, 12, swin.b, 1, 96, 64, 32",
        "swinunetr_v1mergingv2_fs12_batch2_64x32x64, V1, MERGINGV2, 2, 12, swin.c, 2, 64, 32, 64",
        "swinunetr_v2_fs48_64x64x64, V2, MERGING, 1, 48, swin.d, 1, 64, 64, 64",
    })
    void mapsAreThoseOfMonai(
            String file, String version, String order, int in, int f, String name, int batch, int x, int y, int z) {
        Reference reference = Reference.of(file);
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor input = Tensors.smoothInput(name, batch, in, x, y, z);
            maps(encoder(in, f, version, order), input).forEach((map, actual) -> assertMap(reference, map, actual));
        }
    }

    /** As float32 against float32 of another library: 20 times the reference's own distance from float64. */
    private static void assertMap(Reference reference, String map, Tensor actual) {
        double tolerance = 20 * deviation(reference, map);
        int found = 0;
        for (String name : reference.names()) {
            double[] expected = reference.doubles(name);
            if (name.equals(map)) {
                assertClose(actual, expected, tolerance, name);
                found++;
            } else if (name.startsWith(map + ".stride")) {
                int stride = Integer.parseInt(name.substring(map.length() + 7));
                assertClose(thinned(actual, stride), expected, tolerance, name);
                found++;
            } else if (name.equals(map + ".mean")) {
                assertClose(actual.mean(2, 3, 4), expected, tolerance, name);
                found++;
            } else if (name.equals(map + ".rms")) {
                assertClose(actual.square().mean(2, 3, 4).sqrt(), expected, tolerance, name);
                found++;
            }
        }
        assertThat(found).as(map).isPositive();
    }

    private static double deviation(Reference reference, String map) {
        JsonNode all = reference.hasMeta("fp32_vs_fp64")
                ? JsonMapper.shared().readTree(reference.meta("fp32_vs_fp64"))
                : JsonMapper.shared().createObjectNode();
        return all.path(map).path("max_abs").asDouble(1e-5); // the largest network's file has none
    }

    private static Tensor thinned(Tensor map, int stride) {
        Tensor thin = map;
        for (int s = stride; s > 1; s /= 2) {
            for (int axis = 2; axis < 5; axis++) {
                thin = Rearrange.everySecond(thin, axis, 0);
            }
        }
        return thin;
    }

    @ParameterizedTest
    @CsvSource({
        "swinunetr_v2_fs12_64x64x32, V2, MERGING, 1, 14, swin.a, 1, 64, 64, 32",
        "swinunetr_v1_fs12_64x64x32, V1, MERGING, 1, 14, swin.a, 1, 64, 64, 32",
        "swinunetr_v2_fs12_96x64x32, V2, MERGING, 1, 14, swin.b, 1, 96, 64, 32",
        "swinunetr_v1mergingv2_fs12_batch2_64x32x64, V1, MERGINGV2, 2, 3, swin.c, 2, 64, 32, 64",
    })
    void gradientsAreThoseOfMonai(
            String file,
            String version,
            String order,
            int in,
            int classes,
            String name,
            int batch,
            int x,
            int y,
            int z) {
        Reference reference = Reference.of(file);
        try (Scope scope = Scope.open()) {
            SwinUnetr network = network(3, in, 12, classes, version, order);
            Tensors.fillWithHashNumbers(network.weights(), "");
            network.to(Device.CPU, DType.F64);
            Tensor input = Tensors.smoothInput(name, batch, in, x, y, z).to(DType.F64);
            Tensor loss = network.forward(input).square().mean();
            double expected = reference.doubles("loss.float64")[0];
            assertThat(loss.item()).isCloseTo(expected, within(1e-9 * expected));
            loss.backward();
            Map<String, Tensor> weights = network.weights();
            assertNorms(reference, "grad_l2", weights, "");
            for (String gradient : reference.names()) {
                if (gradient.startsWith("grad.swinViT")) {
                    double[] values = reference.doubles(gradient);
                    double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
                    Tensor actual = Objects.requireNonNull(Objects.requireNonNull(weights.get(gradient.substring(5)))
                            .gradient());
                    assertClose(actual, values, 2e-2 * largest, gradient); // stored from a float32 run
                }
            }
        }
    }

    /** The norm of every gradient in float64, but of those that are zero in exact arithmetic. */
    static void assertNorms(Reference reference, String what, Map<String, Tensor> weights, String prefix) {
        double[] expected = reference.doubles(what + ".float64");
        List<String> names = new ArrayList<>();
        JsonMapper.shared()
                .readTree(reference.meta(prefix.isEmpty() ? "grad_l2_names" : "grad_names"))
                .forEach(node -> names.add(node.asString()));
        assertThat(names).hasSize(expected.length);
        assertThat(weights.keySet()).containsExactlyInAnyOrderElementsOf(names);
        double largest = Arrays.stream(expected).max().orElseThrow();
        for (int i = 0; i < expected.length; i++) {
            Tensor gradient = Objects.requireNonNull(weights.get(names.get(i))).gradient();
            double actual = Objects.requireNonNull(gradient).norm().item();
            assertThat(actual)
                    .as("gradient of %s", names.get(i))
                    .isCloseTo(expected[i], within(1e-9 * expected[i] + 1e-13 * largest));
        }
    }

    @Test
    void namesAreThePublishedKeys() {
        assertThat(new SwinUnetrEncoder(3, 1, 6, SwinVersion.V2, PatchMerging.Order.MERGING)
                        .weights()
                        .keySet())
                .contains(
                        "swinViT.patch_embed.proj.weight",
                        "swinViT.layers1.0.blocks.0.attn.qkv.weight",
                        "swinViT.layers4.0.downsample.reduction.weight",
                        "swinViT.layers3c.0.layer.conv2.conv.weight",
                        "encoder1.layer.conv3.conv.weight",
                        "encoder10.layer.conv1.conv.weight")
                .hasSize(143 - 6); // the released network's, without its projector
    }

    @Test
    void theHistoricMergingTakesTwoTokensTwiceAndLosesTwo() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 2, 2, 1);
        assertThat(PatchMerging.neighbours(x, PatchMerging.Order.MERGING_BEFORE_1_5)
                        .toFloats())
                .containsExactly(1, 5, 3, 2, 6, 3, 2, 8);
        assertThat(PatchMerging.neighbours(x, PatchMerging.Order.MERGING).toFloats())
                .containsExactly(1, 5, 3, 2, 7, 6, 4, 8);
        assertThat(PatchMerging.neighbours(x, PatchMerging.Order.MERGINGV2).toFloats())
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void samplesDoNotMix() {
        SwinUnetrEncoder encoder = encoder(1, 6, "V2", "MERGING");
        encoder.to(Device.CPU, DType.F64);
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor batch = Tensors.smoothInput("two", 2, 1, 36, 40, 36).to(DType.F64);
            List<Tensor> together = encoder.levels(batch);
            List<Tensor> alone = encoder.levels(batch.narrow(0, 1, 1).copy());
            for (int i = 0; i < alone.size(); i++) {
                assertClose(together.get(i).narrow(0, 1, 1), alone.get(i).toDoubles(), 1e-12, "level " + i);
            }
        }
    }

    @Test
    void initialWeightsFollowTheLawsOfTheOriginal() {
        SwinUnetrEncoder encoder = new SwinUnetrEncoder(3, 1, 24, SwinVersion.V2, PatchMerging.Order.MERGING);
        encoder.initialise(5);
        Map<String, Tensor> w = encoder.weights();
        float[] table = Objects.requireNonNull(w.get("swinViT.layers4.0.blocks.1.attn.relative_position_bias_table"))
                .toFloats();
        double mean = 0;
        double square = 0;
        double fourth = 0;
        for (float value : table) {
            mean += value / (double) table.length;
            square += value * (double) value / table.length;
            fourth += Math.pow(value, 4) / table.length;
        }
        assertThat(mean).isCloseTo(0, within(4 * 0.02 / Math.sqrt(table.length)));
        assertThat(Math.sqrt(square)).isCloseTo(0.02, within(0.01 * 0.02));
        assertThat(fourth / (square * square)).as("kurtosis of a normal law").isCloseTo(3, within(0.1));
        Tensor qkv = Objects.requireNonNull(w.get("swinViT.layers4.0.blocks.1.attn.qkv.weight"));
        double bound = 1 / Math.sqrt(192.0);
        assertThat(qkv.abs().mean().item()).isCloseTo(bound / 2, within(0.01 * bound));
        assertThat(Objects.requireNonNull(w.get("swinViT.layers2.0.blocks.0.norm1.weight"))
                        .toFloats())
                .containsOnly(1);
    }

    @Test
    void multiplyAddsAreTheReferencesCount() {
        SwinUnetrEncoder paper = new SwinUnetrEncoder(3, 1, 48, SwinVersion.V2, PatchMerging.Order.MERGING);
        assertThat(2e-9 * paper.multiplyAdds(64)).as("GFLOP of a crop of 64³").isCloseTo(83, within(2.0));
    }

    @Test
    void aFeatureSizeThatHeadsCannotShareIsRefused() {
        assertThatThrownBy(() -> new SwinUnetrEncoder(3, 1, 16, SwinVersion.V2, PatchMerging.Order.MERGING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.featureSize must be a multiple of 3");
    }
}
