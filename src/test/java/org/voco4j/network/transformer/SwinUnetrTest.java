package org.voco4j.network.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
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

/** The whole network against MONAI's, in 3 and 2 dimensions, weights by the hash numbers of their names. */
class SwinUnetrTest {

    private static SwinUnetr network(int dims, int in, int features, int classes, String version, String order) {
        SwinUnetr network = new SwinUnetr(
                dims, in, features, classes, SwinVersion.valueOf(version), PatchMerging.Order.valueOf(order));
        Tensors.fillWithHashNumbers(network.weights(), "");
        return network;
    }

    /** A stored input (2-D), or the one of that name and size. */
    private static Tensor input(Reference reference, String name, String size) {
        return reference.has("input")
                ? Tensors.of(reference, "input").to(DType.F32)
                : Tensors.smoothInput(
                        name,
                        Arrays.stream(size.split(" "))
                                .mapToInt(Integer::parseInt)
                                .toArray());
    }

    private static Map<String, Tensor> maps(SwinUnetr network, Tensor input) {
        Map<String, Tensor> maps = new LinkedHashMap<>();
        List<Tensor> hidden = network.encoder().hidden(input);
        for (int i = 0; i < hidden.size(); i++) {
            maps.put("hidden" + i, hidden.get(i));
        }
        List<Tensor> encoded = network.encode(input);
        String[] names = {"hidden3", "encoder1", "encoder2", "encoder3", "encoder4", "encoder10"};
        for (int i = 0; i < names.length; i++) {
            maps.put(names[i], encoded.get(i));
        }
        List<Tensor> decoded = network.decoded(encoded);
        for (int i = 0; i < decoded.size(); i++) {
            maps.put("decoder" + (5 - i), decoded.get(i));
        }
        maps.put("logits", network.forward(input));
        return maps;
    }

    @ParameterizedTest
    @CsvSource({
        "swinunetr_v2_fs12_64x64x32, V2, MERGING, 3, 1, 12, 14, swin.a, 1 1 64 64 32",
        "swinunetr_v1_fs12_64x64x32, V1, MERGING, 3, 1, 12, 14, swin.a, 1 1 64 64 32",
        "swinunetr_v2_fs12_96x64x32, V2, MERGING, 3, 1, 12, 14, swin.b, 1 1 96 64 32",
        "swinunetr_v1mergingv2_fs12_batch2_64x32x64, V1, MERGINGV2, 3, 2, 12, 3, swin.c, 2 2 64 32 64",
        "swinunetr_v2_fs48_64x64x64, V2, MERGING, 3, 1, 48, 14, swin.d, 1 1 64 64 64",
        "swinunetr2d_v2_fs12, V2, MERGING, 2, 1, 12, 4, , ",
        "swinunetr2d_v1_fs12, V1, MERGING, 2, 1, 12, 4, , ",
    })
    void mapsAreThoseOfMonai(
            String file, String version, String order, int dims, int in, int f, int classes, String name, String size) {
        Reference reference = Reference.of(file);
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Map<String, Tensor> maps =
                    maps(network(dims, in, f, classes, version, order), input(reference, name, size));
            assertThat(maps).hasSize(5 + 5 + 5 + 1);
            maps.forEach((map, actual) -> assertMap(reference, map, actual));
        }
    }

    /** As float32 against float32 of another library: 20 times the reference's own distance from float64. */
    private static void assertMap(Reference reference, String map, Tensor actual) {
        double tolerance = 20 * deviation(reference, map);
        assertThat(compare(reference, map, actual, tolerance)).as(map).isPositive();
    }

    private static int compare(Reference reference, String map, Tensor actual, double tolerance) {
        long[] space = LongStream.range(2, actual.shape().length).toArray();
        int found = 0;
        for (String name : reference.names()) {
            if (!name.equals(map) && !name.startsWith(map + ".")) {
                continue;
            }
            String form = name.substring(map.length());
            Tensor ours = switch (form) {
                case "" -> actual;
                case ".mean" -> actual.mean(space);
                case ".rms" -> actual.square().mean(space).sqrt();
                case ".head" -> actual.narrow(2, 0, 4).narrow(3, 0, 4).narrow(4, 0, 4);
                default -> thinned(actual, Integer.parseInt(form.substring(".stride".length())));
            };
            assertClose(ours.reshape(ours.count()), reference.doubles(name), tolerance, name);
            found++;
        }
        return found;
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
            for (int axis = 2; axis < map.shape().length; axis++) {
                thin = Rearrange.everySecond(thin, axis, 0);
            }
        }
        return thin;
    }

    @ParameterizedTest
    @CsvSource({
        "swinunetr_v2_fs12_64x64x32, V2, MERGING, 3, 1, 14, swin.a, 1 1 64 64 32",
        "swinunetr_v1_fs12_64x64x32, V1, MERGING, 3, 1, 14, swin.a, 1 1 64 64 32",
        "swinunetr_v2_fs12_96x64x32, V2, MERGING, 3, 1, 14, swin.b, 1 1 96 64 32",
        "swinunetr_v1mergingv2_fs12_batch2_64x32x64, V1, MERGINGV2, 3, 2, 3, swin.c, 2 2 64 32 64",
        "swinunetr2d_v2_fs12, V2, MERGING, 2, 1, 4, , ",
        "swinunetr2d_v1_fs12, V1, MERGING, 2, 1, 4, , ",
    })
    void gradientsAreThoseOfMonai(
            String file, String version, String order, int dims, int in, int classes, String name, String size) {
        Reference reference = Reference.of(file);
        try (Scope scope = Scope.open()) {
            SwinUnetr network = network(dims, in, 12, classes, version, order);
            network.to(Device.CPU, DType.F64);
            Tensor input = input(reference, name, size).to(DType.F64).requireGradient(true);
            Tensor loss = network.forward(input).square().mean();
            double expected = reference.doubles("loss.float64")[0];
            assertThat(loss.item()).isCloseTo(expected, within(1e-9 * expected));
            loss.backward();
            Map<String, Tensor> weights = network.weights();
            assertNorms(reference, "grad_l2", weights, "");
            for (String gradient : reference.names()) { // stored from a float32 run
                if (gradient.startsWith("grad.") && !gradient.startsWith("grad.input")) {
                    Tensor actual = gradient(Objects.requireNonNull(weights.get(gradient.substring(5))));
                    double[] values = reference.doubles(gradient);
                    assertClose(actual, values, 2e-2 * largest(values), gradient);
                }
            }
            double[] rms = reference.doubles("grad.input.rms");
            assertThat(compare(reference, "grad.input", gradient(input), 1.5e-2 * 8 * largest(rms)))
                    .isPositive();
        }
    }

    private static Tensor gradient(Tensor leaf) {
        return Objects.requireNonNull(leaf.gradient());
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    /** The norm of every gradient in float64, but of those that are zero in exact arithmetic. */
    static void assertNorms(Reference reference, String what, Map<String, Tensor> weights, String prefix) {
        double[] expected = reference.doubles(what + ".float64");
        List<String> names = new ArrayList<>();
        JsonMapper.shared()
                .readTree(reference.meta(prefix.isEmpty() ? "grad_l2_names" : "grad_names"))
                .forEach(node -> names.add(node.asString()));
        assertThat(names).hasSize(expected.length);
        assertThat(weights.keySet()).containsExactlyElementsOf(names);
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
    void keysAreThoseOfMonaiIndexBuffersIncluded() {
        SwinUnetr network = new SwinUnetr(3, 1, 12, 14, SwinVersion.V2, PatchMerging.Order.MERGING);
        assertThat(network.stateDict()).hasSize(159 + 8);
        assertThat(network.stateDict().keySet())
                .contains("swinViT.layers4.0.blocks.1.attn.relative_position_index", "out.conv.conv.bias");
        Tensor index = Objects.requireNonNull(
                network.stateDict().get("swinViT.layers1.0.blocks.0.attn.relative_position_index"));
        assertThat(index.type()).isEqualTo(DType.I64);
        assertThat(index.shape()).containsExactly(343, 343);
        double[] rows = index.toDoubles();
        assertThat(rows[0]).as("a place and itself").isEqualTo((6 * 13 + 6) * 13 + 6);
        assertThat(rows[342]).as("opposite corners").isZero();
    }

    @Test
    void sizesThatMergingDoesNotDivideComeBackWhole() {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            SwinUnetr network = network(3, 1, 6, 2, "V1", "MERGING");
            assertThat(network.forward(Tensors.smoothInput("odd", 1, 1, 36, 44, 40))
                            .shape())
                    .containsExactly(1, 2, 36, 44, 40);
        }
    }
}
