package org.voco4j.network.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class UNetTest {
    private final Scope scope = Scope.open(); // as training has it: kernels of our own compute, where there are any

    @AfterEach
    void closeScope() {
        scope.close();
    }

    /** MONAI's BasicUNet of 5 levels, weights by the hash numbers of their names; the reference ran in float32. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void equalsBasicUNetInValuesAndGradients(DType type) {
        Reference reference = Reference.of("basicunet_small.io");
        UNet network = new UNet(3, 1, List.of(4, 4, 8, 8, 16), 4, 5, UNetForm.BASIC, FeatureNorm.INSTANCE);
        List<String> names = names(reference.meta("grad_l2_names"));
        assertThat(network.weights().keySet()).containsExactlyElementsOf(names);
        Tensors.fillWithHashNumbers(network.weights(), "");
        network.to(Device.CPU, type);
        Tensor x = Tensors.of(reference, "input").to(type).requireGradient(true);
        Tensor y = network.forward(x);

        assertThat(y.shape()).containsExactly(reference.longs("output.shape"));
        double error = 20 * 6.81e-6; // 20 times the reference's own distance from float64
        Tensor values = y.detach();
        assertClose(everyNth(values, 4), reference.doubles("output.stride4"), error, "output");
        assertClose(values.mean(2, 3, 4), reference.doubles("output.mean"), error, "output.mean");
        assertClose(values.square().mean(2, 3, 4).sqrt(), reference.doubles("output.rms"), error, "output.rms");
        Tensor loss = y.square().mean();
        double expected = reference.doubles("loss")[0];
        assertThat(loss.item()).isCloseTo(expected, within(1e-6 * expected));

        loss.backward();
        Tensor slope = gradient(x);
        double[] slopes = reference.doubles("grad.input.stride2");
        double largest = Arrays.stream(slopes).map(Math::abs).max().orElseThrow();
        assertClose(everyNth(slope, 2), slopes, 1.5e-2 * largest, "grad.input");
        double[] rms = reference.doubles("grad.input.rms");
        assertClose(slope.square().mean(2, 3, 4).sqrt(), rms, 1e-3 * rms[0], "grad.input.rms");
        assertNorms(reference, network);
    }

    private static void assertNorms(Reference reference, UNet network) {
        List<String> names = names(reference.meta("grad_l2_names"));
        double[] norms = reference.doubles("grad_l2");
        for (int i = 0; i < norms.length; i++) {
            String name = names.get(i);
            double norm = gradient(Objects.requireNonNull(network.weights().get(name)))
                    .norm()
                    .item();
            if (!name.endsWith(".conv.bias")) {
                assertThat(norm).as(name).isCloseTo(norms[i], within(1e-3 * norms[i]));
            } else { // an instance norm follows and takes every shift out again: only rounding is left
                assertThat(norm).as(name).isLessThan(1e-6);
            }
        }
    }

    @Test
    void equalsBasicUNetInTwoDimensions() {
        Reference reference = Reference.of("basicunet2d_small.io");
        UNet network = new UNet(2, 1, List.of(4, 4, 8, 8, 16), 4, 3, UNetForm.BASIC, FeatureNorm.INSTANCE);
        List<String> names = names(reference.meta("grad_l2_names"));
        assertThat(network.weights().keySet()).containsExactlyElementsOf(names);
        Tensors.fillWithHashNumbers(network.weights(), "");
        Tensor x = Tensors.of(reference, "input").to(DType.F32).requireGradient(true);
        Tensor y = network.forward(x);
        assertClose(y.detach().reshape(y.count()), reference.doubles("output"), 20 * 4.14e-6, "output");
        Tensor loss = y.square().mean();
        double expected = reference.doubles("loss")[0];
        assertThat(loss.item()).isCloseTo(expected, within(1e-6 * expected));
        loss.backward();
        double[] slopes = reference.doubles("grad.input");
        double largest = Arrays.stream(slopes).map(Math::abs).max().orElseThrow();
        assertClose(gradient(x).reshape(x.count()), slopes, 1.5e-2 * largest, "grad.input");
        assertNorms(reference, network);
    }

    @Test
    void theLightFormHasOneUnitAtFullResolutionAndHalvesEverywhere() {
        UNet network = new UNet(3, 1, List.of(4, 8, 16), 3, UNetForm.LIGHT, FeatureNorm.INSTANCE);
        assertThat(network.weights().keySet())
                .startsWith("conv_0.conv_0.conv.weight")
                .endsWith("final_conv.weight", "final_conv.bias")
                .contains("upcat_2.convs.conv_1.conv.weight", "upcat_1.convs.conv_0.conv.weight")
                .doesNotContain("conv_0.conv_1.conv.weight", "upcat_1.convs.conv_1.conv.weight")
                .hasSize(4 * (1 + 2 + 2) + (2 + 4 * 2) + (2 + 4) + 2);
        assertThat(shape(network, "upcat_1.upsample.deconv.weight")).containsExactly(8, 4, 2, 2, 2);
        assertThat(shape(network, "upcat_1.convs.conv_0.conv.weight")).containsExactly(4, 4 + 4, 3, 3, 3);
        UNet basic = new UNet(3, 1, List.of(4, 8, 16), 6, 3, UNetForm.BASIC, FeatureNorm.INSTANCE);
        assertThat(shape(basic, "upcat_1.upsample.deconv.weight")).containsExactly(8, 8, 2, 2, 2);
        assertThat(shape(basic, "upcat_1.convs.conv_0.conv.weight")).containsExactly(6, 4 + 8, 3, 3, 3);
        assertThat(shape(basic, "final_conv.weight")).containsExactly(3, 6, 1, 1, 1);
    }

    @ParameterizedTest
    @EnumSource(UNetForm.class)
    void anEncoderOfTheSameFormHasTheSameKeys(UNetForm form) {
        UNet network = new UNet(3, 1, List.of(4, 8), 2, form, FeatureNorm.INSTANCE);
        network.initialise(7);
        UNetEncoder encoder = new UNetEncoder(3, 1, List.of(4, 8), form, FeatureNorm.INSTANCE);
        encoder.load(network.weights());
        assertThat(network.weights().keySet()).containsAll(encoder.weights().keySet());
        Tensor x = ramp(1, 1, 8, 8, 8);
        Tensor[] ours = encoder.levels(x).toArray(Tensor[]::new);
        Tensor[] theirs = network.encoder().levels(x).toArray(Tensor[]::new);
        for (int level = 0; level < 2; level++) {
            assertThat(ours[level].toFloats()).isEqualTo(theirs[level].toFloats());
        }
    }

    @ParameterizedTest
    @EnumSource(UNetForm.class)
    void anySizeGivesLogitsOfThatSizeAndDecodingApartIsTheSame(UNetForm form) {
        UNet network = new UNet(3, 2, List.of(4, 6, 8), 3, form, FeatureNorm.INSTANCE);
        network.initialise(5);
        Tensor x = ramp(2, 2, 9, 11, 14);
        Tensor logits = network.forward(x);
        assertThat(logits.shape()).containsExactly(2, 3, 9, 11, 14);
        assertThat(network.decode(network.encoder().levels(x)).toFloats()).isEqualTo(logits.toFloats());
        assertThatThrownBy(() -> network.decode(List.of(x))).hasMessageContaining("3 levels, it was given 1");
    }

    @Test
    void anOddEdgeRepeatsTheLastUpsampledVoxel() {
        UpCat level = new UpCat(3, 2, 1, 1, 2, 1, FeatureNorm.INSTANCE);
        level.initialise(11);
        Tensor coarse = ramp(1, 2, 2, 1, 2);
        Tensor skip = ramp(1, 1, 5, 2, 5);
        Tensor weight = Objects.requireNonNull(level.weights().get("upsample.deconv.weight"));
        Tensor bias = Objects.requireNonNull(level.weights().get("upsample.deconv.bias"));
        float[] c = coarse.toFloats();
        float[] w = weight.toFloats();
        float[] joined = Arrays.copyOf(skip.toFloats(), 2 * 50);
        for (int x = 0; x < 5; x++) {
            for (int y = 0; y < 2; y++) {
                for (int z = 0; z < 5; z++) {
                    int fx = Math.min(x, 3);
                    int fz = Math.min(z, 3);
                    int tap = (fx % 2) * 4 + y * 2 + fz % 2;
                    int from = (fx / 2) * 2 + fz / 2;
                    joined[50 + (x * 2 + y) * 5 + z] =
                            c[from] * w[tap] + c[4 + from] * w[8 + tap] + (float) bias.item();
                }
            }
        }
        ConvUnits units = new ConvUnits(3, 2, 2, 1, FeatureNorm.INSTANCE);
        units.weights()
                .forEach((name, mine) ->
                        mine.copyInPlace(Objects.requireNonNull(level.weights().get("convs." + name))));
        double[] expected = units.forward(Tensor.of(joined, 1, 2, 5, 2, 5)).toDoubles();
        assertClose(level.forward(coarse, skip), expected, 1e-5, "upcat");
    }

    @Test
    void multiplyAddsCountEveryTap() {
        long full = 64; // 4 x 4 x 4 voxels
        long half = 8;
        long encoder = full * 27 * (1 * 2) + half * 27 * (2 * 4 + 4 * 4);
        long decoder = full * (4 * 2 + 27 * (2 + 2) * 2) + full * 2 * 3;
        assertThat(new UNet(3, 1, List.of(2, 4), 3, UNetForm.LIGHT, FeatureNorm.INSTANCE).multiplyAdds(4))
                .isEqualTo(encoder + decoder);
    }

    @Test
    void aNetworkThatCannotHalveIsRefused() {
        assertThatThrownBy(() -> new UNet(3, 1, List.of(4), 2, UNetForm.LIGHT, FeatureNorm.INSTANCE))
                .hasMessageContaining("[4]");
        assertThatThrownBy(() -> new UNet(3, 1, List.of(4, 1), 2, UNetForm.LIGHT, FeatureNorm.INSTANCE))
                .hasMessageContaining("[4, 1]");
    }

    private static List<String> names(String json) {
        return JsonMapper.shared()
                .readTree(json)
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    private static Tensor gradient(Tensor leaf) {
        return Objects.requireNonNull(leaf.gradient());
    }

    private static long[] shape(UNet network, String name) {
        return Objects.requireNonNull(network.weights().get(name)).shape();
    }

    private static Tensor ramp(long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 31 % 17) / 17f + (i % 5) * 0.1f;
        }
        return Tensor.of(values, shape);
    }

    /** Every n-th voxel along each axis, from 0. */
    private static Tensor everyNth(Tensor x, int n) {
        Tensor map = x;
        for (int axis = 2; axis < 5; axis++) {
            List<Tensor> kept = new ArrayList<>();
            for (long i = 0; i < x.size(axis); i += n) {
                kept.add(map.narrow(axis, i, 1));
            }
            map = Tensor.concatenate(kept, axis);
        }
        return map;
    }
}
