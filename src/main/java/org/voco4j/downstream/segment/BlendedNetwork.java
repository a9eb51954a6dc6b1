package org.voco4j.downstream.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.MapLayout;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * Networks as what is blended of them, and what is done to it afterwards: a window's features f and logits W·f + b.
 *
 * <p>A blend is a weighted mean and the last 1x1x1 convolution affine, so W·mean(f) + b = mean(W·f + b): where a network has
 * fewer features than classes, and such a last layer, its features are blended and become logits once per voxel. Otherwise
 * logits are blended, and W is the identity. Of several networks the logits are the mean.
 *
 * <p>Not changed once made, so several threads may use one at once.
 */
final class BlendedNetwork implements AutoCloseable {
    private final Function<Tensor, Tensor> windows;
    private final int channels;
    private final int classes;
    private final @Nullable Tensor weight; // [K, F] on the CPU
    private final @Nullable Tensor bias; // [K, 1]
    private final DType type;

    private BlendedNetwork(
            Function<Tensor, Tensor> windows,
            int channels,
            int classes,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            DType type) {
        this.windows = windows;
        this.type = type;
        this.channels = channels;
        this.classes = classes;
        this.weight = weight;
        this.bias = bias;
    }

    /** A function [1, C, R…] → logits [1, K, R…], blended as they are in a number format. */
    static BlendedNetwork ofLogits(Function<Tensor, Tensor> windows, int classes, DType type) {
        return new BlendedNetwork(windows, classes, classes, null, null, type);
    }

    /**
     * A function [1, C, R…] → [1, F, R…] whose logits are W·f + b.
     *
     * @param weight [K, F]
     * @param bias [K, 1]
     */
    static BlendedNetwork ofFeatures(Function<Tensor, Tensor> windows, Tensor weight, Tensor bias) {
        return new BlendedNetwork(
                windows,
                Math.toIntExact(weight.size(1)),
                Math.toIntExact(weight.size(0)),
                weight.persist(),
                bias.persist(),
                weight.type());
    }

    /** The mean of networks that are on a device, whichever of features and logits takes less memory. */
    static BlendedNetwork of(List<? extends SegmentationNetwork> networks, Device device) {
        int classes = networks.get(0).classes();
        List<Tensor> weights = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            Tensor biases = Tensor.zeros(DType.F32, classes, 1);
            for (SegmentationNetwork network : networks) {
                Conv last = network.classifier();
                if (last != null) {
                    weights.add(part(last, "weight").reshape(classes, -1).times(1.0 / networks.size()));
                    biases = biases.plus(part(last, "bias").reshape(classes, 1).times(1.0 / networks.size()));
                }
            }
            Tensor joined = weights.isEmpty() ? biases : Tensor.concatenate(weights, 1); // [K, F of all networks]
            if (weights.size() == networks.size() && joined.size(1) < classes) {
                Function<Tensor, Tensor> features = x -> {
                    List<Tensor> each = new ArrayList<>();
                    networks.forEach(network -> each.add(MapLayout.rowMajor(network.features(network.encode(x)))));
                    return each.size() == 1 ? each.get(0) : Tensor.concatenate(each, 1);
                };
                return ofFeatures(on(device, features), joined.copy(), biases.copy());
            }
        }
        return ofLogits(on(device, x -> mean(networks, x)), classes, DType.F32);
    }

    private static Tensor part(Conv last, String name) {
        Tensor part = Objects.requireNonNull(last.weights().get(name), name);
        return part.detach().to(Device.CPU);
    }

    private static Tensor mean(List<? extends SegmentationNetwork> networks, Tensor x) {
        Tensor sum = networks.get(0).forward(x);
        for (int i = 1; i < networks.size(); i++) {
            sum = sum.plus(networks.get(i).forward(x));
        }
        return networks.size() == 1 ? sum : sum.times(1.0 / networks.size());
    }

    private static Function<Tensor, Tensor> on(Device device, Function<Tensor, Tensor> network) {
        return x -> {
            try (Scope scope = Scope.nested()) { // so that nothing but the answer is left while it is added
                return scope.keep(network.apply(x.to(device)).to(Device.CPU));
            }
        };
    }

    /** The mean over all reflections of a window along its axes, each turned back; W and b are shared with this one. */
    BlendedNetwork mirrored() {
        return new BlendedNetwork(x -> mirrored(x, 2), channels, classes, weight, bias, type);
    }

    private Tensor mirrored(Tensor x, int axis) {
        if (axis == x.shape().length) {
            return windows.apply(x);
        }
        if (x.size(axis) == 1) {
            return mirrored(x, axis + 1);
        }
        try (Scope scope = Scope.open()) {
            Tensor there = mirrored(x, axis + 1);
            Tensor back = Rearrange.flip(mirrored(Rearrange.flip(x, axis), axis + 1), axis);
            return scope.keep(there.plus(back).times(0.5));
        }
    }

    /** What is blended of a window: [1, C, R…] → [1, {@link #channels}, R…] on the CPU. */
    Tensor window(Tensor x) {
        return windows.apply(x);
    }

    /** Logits of what was blended: [{@link #channels}, n] → [K, n]. */
    Tensor logits(Tensor blended) {
        return weight == null || bias == null ? blended : weight.matmul(blended).plus(bias);
    }

    /** F, or K where logits are blended. */
    int channels() {
        return channels;
    }

    /** K. */
    int classes() {
        return classes;
    }

    /** The number format of sums: that of W, single precision in general. */
    DType type() {
        return type;
    }

    /** Frees W and b; the networks are their owner's. */
    @Override
    public void close() {
        if (weight != null && bias != null) {
            weight.close();
            bias.close();
        }
    }
}
