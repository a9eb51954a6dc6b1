package org.voco4j.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A network beside its original: the same hash numbers as weights, the same input, loss = mean(output²).
 *
 * @param vanishing names of weights whose gradient is zero in exact arithmetic, so that only rounding is left of it
 */
public record Likeness(Reference reference, SegmentationNetwork network, Predicate<String> vanishing) {

    /** Against a float32 run of MONAI, with the tolerances of the reference's README. */
    public void assertFloat32() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensors.of(reference, "input").to(DType.F32).requireGradient(true);
            Tensor y = filled(DType.F32).forward(x);
            Tensor loss = y.square().mean();
            loss.backward();
            double error = 20 * deviation();
            assertClose(everyNth(y, 2), reference.doubles("output.stride2"), error, "output");
            assertClose(mean(y.detach()), reference.doubles("output.mean"), error, "output.mean");
            assertClose(rms(y.detach()), reference.doubles("output.rms"), error, "output.rms");
            double expected = reference.doubles("loss")[0];
            assertThat(loss.item()).isCloseTo(expected, within(1e-6 * expected));
            boolean whole = reference.has("grad.input");
            double[] slopes = reference.doubles(whole ? "grad.input" : "grad.input.stride2");
            Tensor slope = gradient(x);
            assertClose(whole ? slope : everyNth(slope, 2), slopes, 1.5e-2 * largest(slopes), "grad.input");
            assertNorms("grad_l2", names("grad_l2_names"), 2e-2, 1e-6);
        }
    }

    /** Against a float64 run of the original; its tensors are named {@code prefix…}, its weights {@code names}. */
    public void assertFloat64(Tensor input, String prefix, List<String> names) {
        try (Scope scope = Scope.open()) {
            Tensor x = input.to(DType.F64).requireGradient(true);
            Tensor y = filled(DType.F64).forward(x);
            Tensor loss = y.square().mean();
            loss.backward();
            double scale = largest(reference.doubles(prefix + "output.rms"));
            assertClose(mean(y.detach()), reference.doubles(prefix + "output.mean"), 1e-9 * scale, "output.mean");
            assertClose(rms(y.detach()), reference.doubles(prefix + "output.rms"), 1e-9 * scale, "output.rms");
            double expected = reference.doubles(prefix + "loss")[0];
            assertThat(loss.item()).isCloseTo(expected, within(1e-9 * expected));
            double[] slopes = reference.doubles(prefix + "grad.input.rms");
            assertClose(rms(gradient(x)), slopes, 1e-9 * largest(slopes), "grad.input.rms");
            assertNorms(prefix + "grad_l2", names, 1e-9, 1e-12);
        }
    }

    /** The list of names that is the file's parameter {@code key}. */
    public List<String> names(String key) {
        return JsonMapper.shared()
                .readTree(reference.meta(key))
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    private SegmentationNetwork filled(DType type) {
        Tensors.fillWithHashNumbers(network.state(), "");
        network.to(Device.CPU, type);
        return network;
    }

    private double deviation() {
        return JsonMapper.shared()
                .readTree(reference.meta("fp32_vs_fp64"))
                .path("output")
                .path("max_abs")
                .asDouble();
    }

    private void assertNorms(String what, List<String> names, double relative, double nothing) {
        double[] norms = reference.doubles(what);
        Map<String, Tensor> weights = network.weights();
        assertThat(weights.keySet()).containsExactlyElementsOf(names).hasSize(norms.length);
        for (int i = 0; i < norms.length; i++) {
            String name = names.get(i);
            double norm =
                    gradient(Objects.requireNonNull(weights.get(name))).norm().item();
            if (vanishing.test(name)) {
                assertThat(norm).as(name).isLessThan(nothing * largest(norms));
            } else {
                assertThat(norm).as(name).isCloseTo(norms[i], within(relative * norms[i]));
            }
        }
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    public static Tensor gradient(Tensor leaf) {
        return Objects.requireNonNull(leaf.gradient());
    }

    /** [B, C], over the voxels. */
    public static Tensor mean(Tensor x) {
        return x.mean(Arrays.stream(spatial(x)).asLongStream().toArray());
    }

    /** √ of the mean square over the voxels, [B, C]. */
    public static Tensor rms(Tensor x) {
        return mean(x.square()).sqrt();
    }

    /** Every n-th voxel along each axis, from 0. */
    public static Tensor everyNth(Tensor x, int n) {
        Tensor map = x.detach();
        for (int axis : spatial(x)) {
            List<Tensor> kept = new ArrayList<>();
            for (long i = 0; i < x.size(axis); i += n) {
                kept.add(map.narrow(axis, i, 1));
            }
            map = Tensor.concatenate(kept, axis);
        }
        return map;
    }

    private static int[] spatial(Tensor x) {
        return IntStream.range(2, x.shape().length).toArray();
    }
}
