package org.voco4j.network.resnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.engine.nn.ClassificationNetwork;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Classification networks against the same networks of MONAI, and against the laws that these are drawn by. */
public final class Classifiers {
    private static final String NORMS = "grad_l2_names";

    private Classifiers() {}

    /**
     * Values, gradients and what training leaves, against a small network that MONAI ran in float32.
     *
     * @param weights a file of its whole state_dict
     * @param file input, output, loss = mean(output²), gradients
     */
    static void assertEqualsMonai(ClassificationNetwork network, String weights, String file, DType type) {
        Reference state = Reference.of(weights);
        Reference reference = Reference.of(file);
        assertThat(network.stateDict().keySet()).containsExactlyInAnyOrderElementsOf(state.names());
        assertThat(network.weights().keySet()).containsExactlyElementsOf(strings(reference.meta(NORMS)));
        Map<String, Tensor> values = new LinkedHashMap<>();
        state.names().forEach(name -> values.put(name, Tensors.of(state, name)));
        network.load(values);
        network.to(Device.CPU, type);
        network.training(reference.meta("mode").equals("train"));
        try (Scope scope = Scope.open()) {
            Tensor x = Tensors.of(reference, "input").to(type).requireGradient(true);
            Tensor y = network.forward(x);
            double deviation = JsonMapper.shared()
                    .readTree(reference.meta("fp32_vs_fp64"))
                    .at("/output/max_abs")
                    .asDouble();
            assertClose(y.detach(), reference.doubles("output"), 20 * deviation, "output");
            assertRun(network, reference, "", x, y, 1e-6, 1e-3);
            double[] slopes = reference.doubles("grad.input.stride2");
            double largest = Arrays.stream(slopes).map(Math::abs).max().orElseThrow();
            Tensor thin = gradient(x);
            for (int axis = 2; axis < 5; axis++) {
                thin = Rearrange.everySecond(thin, axis, 0);
            }
            assertClose(thin, slopes, 1.5e-2 * largest, "grad.input");
        }
    }

    /** The same against a network that MONAI ran in float64, with the hash numbers of its names for weights. */
    static void assertEqualsForm(ClassificationNetwork network, String form) {
        Reference reference = Reference.of("classifier_forms");
        assertThat(network.stateDict().keySet()).containsExactlyElementsOf(strings(reference.meta(form + ".keys")));
        Tensors.fillWithHashNumbers(network.state(), "");
        network.to(Device.CPU, DType.F64);
        network.training(reference.meta(form + ".mode").equals("train"));
        try (Scope scope = Scope.open()) {
            Tensor x = Tensors.of(reference, form + ".input").requireGradient(true);
            Tensor y = network.forward(x);
            assertClose(y.detach(), reference.doubles(form + ".output"), 1e-9, "output");
            assertRun(network, reference, form + ".", x, y, 1e-9, 1e-9);
        }
    }

    private static void assertRun(
            Module network, Reference reference, String prefix, Tensor x, Tensor y, double tight, double loose) {
        Tensor loss = y.square().mean();
        double expected = reference.doubles(prefix + "loss")[0];
        assertThat(loss.item()).isCloseTo(expected, within(tight * expected));
        loss.backward();
        double[] rms = reference.doubles(prefix + "grad.input.rms");
        Tensor slope = gradient(x);
        Tensor perChannel =
                slope.reshape(x.size(0), x.size(1), -1).square().mean(2).sqrt();
        assertClose(perChannel, rms, loose * rms[0], "grad.input.rms");

        List<String> names = strings(reference.meta(prefix + NORMS));
        double[] norms = reference.doubles(prefix + "grad_l2");
        double largest = Arrays.stream(norms).max().orElseThrow();
        for (int i = 0; i < norms.length; i++) {
            String name = names.get(i);
            Tensor weight = Objects.requireNonNull(network.weights().get(name));
            double norm = gradient(weight).norm().item();
            if (network.isTraining() && name.endsWith("downsample.0.bias")) {
                assertThat(norm).as(name).isLessThan(1e-13 * largest); // a norm follows and takes every shift out again
            } else {
                assertThat(norm).as(name).isCloseTo(norms[i], within(loose * norms[i]));
            }
        }
        if (network.isTraining()) {
            network.state().forEach((name, buffer) -> {
                if (reference.has(prefix + "after." + name)) {
                    assertClose(buffer, reference.doubles(prefix + "after." + name), tight, name);
                } else {
                    assertThat(name).doesNotContain("running");
                }
            });
        }
    }

    /** In 16 bits, of which 8 tell numbers apart, the levels of an encoder of scans in training are off by at most 5 % in the mean. */
    static void assertRunsInSixteenBits(Encoder encoder) {
        Tensor x = Tensors.smoothInput("bits", 2, 1, 36, 32, 40);
        encoder.initialise(7);
        List<Tensor> exact = encoder.levels(x);
        List<Tensor> rough;
        try (Autocast cast = Autocast.open(Device.CPU, Precision.BF16)) {
            rough = encoder.levels(x);
        }
        for (int level = 0; level < exact.size(); level++) {
            double off = rough.get(level)
                    .to(DType.F32)
                    .minus(exact.get(level))
                    .norm()
                    .item();
            assertThat(off / exact.get(level).norm().item())
                    .as("level " + level)
                    .isBetween(1e-6, 0.05);
        }
    }

    /** Values from 0 to 1.4 without much order. */
    public static Tensor ramp(long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 31 % 17) / 17f + (i % 5) * 0.1f;
        }
        return Tensor.of(values, shape);
    }

    /** N(0, deviation²) within 4 standard errors. */
    static void assertNormal(Module network, String name, double deviation) {
        double[] values = values(network, name);
        double mean = Arrays.stream(values).average().orElseThrow();
        double square = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
        double fourth = Arrays.stream(values).map(v -> v * v * v * v).average().orElseThrow();
        double n = values.length;
        assertThat(mean).as(name).isCloseTo(0, within(4 * deviation / Math.sqrt(n)));
        assertThat(Math.sqrt(square)).as(name).isCloseTo(deviation, within(4 * deviation / Math.sqrt(2 * n)));
        assertThat(fourth / (square * square)).as("kurtosis of " + name).isCloseTo(3, within(4 * Math.sqrt(24 / n)));
    }

    /** U(−bound, bound) within 4 standard errors. */
    public static void assertUniform(Module network, String name, double bound) {
        double[] values = values(network, name);
        double square = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
        double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
        double error = 4 * bound * bound * Math.sqrt(4 / 45.0 / values.length);
        assertThat(square).as(name).isCloseTo(bound * bound / 3, within(error));
        assertThat(largest).as(name).isBetween(bound * (1 - 20.0 / values.length), bound);
    }

    static double[] values(Module network, String name) {
        return Objects.requireNonNull(network.state().get(name), name).toDoubles();
    }

    /** How many numbers training moves; they are freed. */
    static long count(Module network) {
        long count =
                network.weights().values().stream().mapToLong(Tensor::count).sum();
        network.stateDict().values().forEach(Tensor::close);
        return count;
    }

    private static Tensor gradient(Tensor leaf) {
        return Objects.requireNonNull(leaf.gradient());
    }

    private static List<String> strings(String json) {
        return JsonMapper.shared()
                .readTree(json)
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }
}
