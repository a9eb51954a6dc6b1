package org.voco4j.engine.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.TensorOptional;
import org.voco4j.engine.vector.TokenGroups;

/** The kinds of kernels that the networks and losses are made of, each on a small map. */
final class KernelCases {
    private static final double EPSILON = 1e-5;

    private KernelCases() {}

    /** A function of tensors. */
    @FunctionalInterface
    interface Function {
        Tensor of(List<Tensor> inputs);
    }

    /**
     * A kernel.
     *
     * @param shapes of its inputs, the map first
     * @param halves whether networks in bf16 compute it on maps of 16 bits
     * @param allHalves whether its other inputs have 16 bits then, too
     * @param used as the software computes it
     * @param kernel libtorch's own, without what the software puts in its place
     */
    record Case(String name, List<long[]> shapes, boolean halves, boolean allHalves, Function used, Function kernel) {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (long kernel : new long[] {1, 3, 7}) {
            for (int stride : new int[] {1, 2}) {
                cases.add(convolution(3, 16, kernel, stride, false, 11, 10, 9));
            }
        }
        cases.add(convolution(3, 16, 2, 2, false, 8, 8, 8));
        cases.add(convolution(3, 48, 3, 1, false, 2, 2, 2)); // where oneDNN's gradient is wrong without AMX
        cases.add(convolution(3, 48, 3, 2, false, 4, 4, 4));
        cases.add(convolution(2, 16, 3, 1, false, 21, 20));
        cases.add(convolution(2, 16, 3, 2, false, 21, 20));
        cases.add(convolution(3, 16, 2, 2, true, 5, 4, 3));
        cases.add(convolution(3, 16, 3, 2, true, 5, 4, 3));
        cases.add(convolution(2, 16, 2, 2, true, 9, 8));
        long[] map = {2, 16, 9, 8, 7};
        long[] each = {16};
        cases.add(ofMaps(
                "instance norm", i -> Ops.groupNorm(i.get(0), 16, i.get(1), i.get(2), EPSILON), map, each, each));
        cases.add(ofMaps("group norm", i -> Ops.groupNorm(i.get(0), 4, i.get(1), i.get(2), EPSILON), map, each, each));
        cases.add(ofMaps(
                "group norm, a sum and a leaky ReLU, channels side by side",
                i -> new ActivatedNorm(4, i.get(1), i.get(2), EPSILON, 0.01)
                        .of(MapLayout.fastest(i.get(0), 16), i.get(3)),
                map,
                each,
                each,
                map));
        cases.add(ofMaps(
                "convolution, 32 to 32 channels side by side, kernel 3, map 16x17x18",
                i -> Ops.conv(MapLayout.fastest(i.get(0), 32), i.get(1), i.get(2), 1),
                new long[] {2, 32, 16, 17, 18},
                new long[] {32, 32, 3, 3, 3},
                new long[] {32}));
        cases.add(ofMaps("batch norm", KernelCases::batchNorm, map, each, each));
        cases.add(ofMaps(
                "layer norm",
                i -> Ops.layerNorm(i.get(0), i.get(1), i.get(2), EPSILON),
                new long[] {60, 16},
                each,
                each));
        cases.add(ofMaps(
                "linear",
                i -> Ops.linear(i.get(0), i.get(1), i.get(2)),
                new long[] {3, 50, 48},
                new long[] {96, 48},
                new long[] {96}));
        cases.add(ofMaps(
                "matrix product", i -> i.get(0).matmul(i.get(1)), new long[] {4, 40, 48}, new long[] {4, 48, 33}));
        long[] windows = {2, 3, 2, 27, 16};
        cases.add(new Case(
                "window attention",
                List.of(windows, windows, windows, new long[] {2, 27, 27}),
                true,
                true,
                i -> Attention.of(i.get(0), i.get(1), i.get(2), i.get(3), null),
                i -> Attention.of(i.get(0), i.get(1), i.get(2), i.get(3), null)));
        cases.add(ofMaps(
                "window attention of q, k and v together",
                i -> windowAttention(i.get(0), i.get(1)),
                new long[] {6, 27, 96},
                new long[] {2, 27, 27}));
        long[] tokens = {2, 3, 50, 16};
        cases.add(new Case(
                "global attention",
                List.of(tokens, tokens, tokens),
                true,
                true,
                i -> Attention.global(i.get(0), i.get(1), i.get(2)),
                i -> Attention.global(i.get(0), i.get(1), i.get(2))));
        cases.add(ofMaps("GELU", i -> Ops.gelu(i.get(0)), map));
        cases.add(ofMaps("leaky ReLU", i -> Ops.leakyRelu(i.get(0), 0.01), map));
        cases.add(ofMaps("learned leaky ReLU", i -> Ops.parametricRelu(i.get(0), i.get(1)), map, new long[] {1}));
        cases.add(ofMaps("maximum of 2", i -> Ops.maxPool2(i.get(0)), map));
        cases.add(ofMaps("maximum of 3", i -> Ops.maxPool3(i.get(0)), map));
        cases.add(ofMaps("average of 2", i -> Ops.averagePool2(i.get(0)), map));
        cases.add(ofMaps("mean of maps", i -> i.get(0).mean(2, 3, 4), map));
        cases.add(wide("interpolation of cells", i -> Interpolation.ofCells(i.get(0), 13, 12, 11), map));
        cases.add(wide("interpolation of points", i -> Interpolation.ofPoints(i.get(0), 13, 12, 11), map));
        cases.add(wide("softmax", i -> Ops.softmax(i.get(0), 1), map));
        cases.add(wide("log softmax", i -> Ops.logSoftmax(i.get(0), 1), map));
        cases.add(wide("sigmoid", i -> Ops.sigmoid(i.get(0)), map));
        cases.add(wide("log sigmoid", i -> Ops.logSigmoid(i.get(0)), map));
        return cases;
    }

    private static Case convolution(int dims, long channels, long kernel, int stride, boolean transposed, long... map) {
        long[] weight = new long[dims + 2];
        Arrays.fill(weight, kernel);
        weight[0] = channels;
        weight[1] = channels;
        long[] x = new long[dims + 2];
        x[0] = 2;
        x[1] = channels;
        System.arraycopy(map, 0, x, 2, dims);
        Convolution convolution = new Convolution(weight, stride, transposed, true);
        return new Case(
                "convolution, " + convolution.on(map).replace(", with bias", ""),
                List.of(x, weight, new long[] {channels}),
                true,
                false,
                transposed
                        ? i -> Ops.convTranspose(i.get(0), i.get(1), i.get(2), stride)
                        : i -> Ops.conv(i.get(0), i.get(1), i.get(2), stride),
                i -> new Tensor(
                        convolution.forward(i.get(0).handle, i.get(1).handle, new TensorOptional(i.get(2).handle))));
    }

    /** By our own kernel where it is used, for 2 samples of 3 windows and 2 heads of 16 features. */
    private static Tensor windowAttention(Tensor qkv, Tensor bias) {
        if (LocalAttention.serves(qkv)) {
            TokenGroups groups =
                    TokenGroups.of(new int[81], IntStream.range(0, 81).toArray(), 27);
            return LocalAttention.of(qkv.reshape(2, 81, 96), Tensor.zeros(qkv.type(), 96), bias, groups)
                    .reshape(6, 27, 32);
        }
        Tensor apart = Rearrange.permute(qkv.reshape(2, 3, 27, 3, 2, 16), 3, 0, 1, 4, 2, 5);
        Tensor q = apart.narrow(0, 0, 1).reshape(2, 3, 2, 27, 16);
        Tensor k = apart.narrow(0, 1, 1).reshape(2, 3, 2, 27, 16);
        Tensor v = apart.narrow(0, 2, 1).reshape(2, 3, 2, 27, 16);
        Tensor attended = Attention.of(q, k, v, bias, null);
        return Rearrange.permute(attended, 0, 1, 3, 2, 4).reshape(6, 27, 32);
    }

    private static Tensor batchNorm(List<Tensor> i) {
        DType weights = i.get(1).type();
        Tensor mean = Tensor.zeros(weights, 16).to(i.get(0).device());
        Tensor variance = Tensor.zeros(weights, 16).to(i.get(0).device());
        return Ops.batchNorm(i.get(0), i.get(1), i.get(2), mean, variance, true, 0.1, EPSILON);
    }

    private static Case ofMaps(String name, Function function, long[]... shapes) {
        return new Case(name, List.of(shapes), true, false, function, function);
    }

    /** What networks compute in 32 bits always. */
    private static Case wide(String name, Function function, long[]... shapes) {
        return new Case(name, List.of(shapes), false, false, function, function);
    }

    /** Normal numbers that 16 bits hold. */
    static Tensor values(int seed, long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        Random random = new Random(seed);
        double[] values = new double[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Tensor.of(values, shape).to(DType.BF16).to(DType.F64);
    }
}
