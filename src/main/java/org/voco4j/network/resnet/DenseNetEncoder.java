package org.voco4j.network.resnet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.voco4j.engine.nn.BatchNorm;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.ConvLaw;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * The densely connected network of Huang et al. (2017) in 2 or 3 dimensions, without its classifier, as MONAI has it.
 *
 * <pre>
 *   t₀ = maxpool(relu(N(W * x)))                             W: 7 voxels, stride 2; pool: 3 voxels around every second
 *   b_l = the layers of block l, one after the other, on t_{l−1}      l = 1 … L
 *   layer:   x → [x ‖ W₂ * relu(N(W₁ * relu(N(x))))]         W₁: 1 voxel, to 4k channels; W₂: 3 voxels, to k channels
 *   t_l = meanpool(W * relu(N(b_l)))                         W: 1 voxel, to half the channels; pool: every 2 voxels
 *   levels: b₁, …, b_{L−1}, N(b_L)
 * </pre>
 *
 * <p>N is batch norm; no convolution has a bias. Weights are named as published: {@code features.conv0.weight}, {@code
 * features.denseblock1.denselayer1.layers.norm1.weight}, {@code features.transition1.conv.weight}, {@code
 * features.norm5.running_var} (the last norm, whatever L is).
 *
 * <p>Initial law: convolutions N(0, 2/fan-in), norms γ = 1 and β = 0.
 */
public final class DenseNetEncoder extends Encoder {
    private static final int KERNEL = 7;
    private static final int BOTTLENECK = 4;

    private final int dims;
    private final int in;
    private final int width;
    private final Conv first;
    private final BatchNorm firstNorm;
    private final List<List<DenseLayer>> blocks = new ArrayList<>();
    private final List<Transition> transitions = new ArrayList<>(); // one between blocks
    private final BatchNorm lastNorm;
    private final List<Integer> channels = new ArrayList<>();

    /**
     * An encoder with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in C, channels of the scan
     */
    public DenseNetEncoder(int dims, int in, DenseNetForm form) {
        this.dims = dims;
        this.in = in;
        this.width = form.first();
        first = part("features.conv0", new Conv(dims, in, width, KERNEL, 2, false, ConvLaw.HE_FAN_IN));
        firstNorm = part("features.norm0", new BatchNorm(width));
        int c = width;
        for (int l = 1; l <= form.layers().size(); l++) {
            if (l > 1) {
                transitions.add(part("features.transition" + (l - 1), new Transition(dims, c)));
                c /= 2;
            }
            List<DenseLayer> layers = new ArrayList<>();
            for (int i = 1; i <= form.layers().get(l - 1); i++) {
                String name = "features.denseblock" + l + ".denselayer" + i + ".layers";
                layers.add(part(name, new DenseLayer(dims, c, form.growth())));
                c += form.growth();
            }
            blocks.add(layers);
            channels.add(c);
        }
        lastNorm = part("features.norm5", new BatchNorm(c));
    }

    /** [B, C, X, Y(, Z)] → b₁ of [B, c₁, ⌈X/4⌉, …], then each half as large, rounded down. */
    @Override
    public List<Tensor> levels(Tensor x) {
        Tensor map = Ops.maxPool3(Ops.reluInPlace(firstNorm.forward(first.forward(x)))); // [B, first, ⌈X/4⌉, …]
        List<Tensor> maps = new ArrayList<>();
        for (int l = 0; l < blocks.size(); l++) {
            map = l == 0 ? map : transitions.get(l - 1).forward(map);
            for (DenseLayer layer : blocks.get(l)) {
                map = layer.forward(map);
            }
            maps.add(l == blocks.size() - 1 ? lastNorm.forward(map) : map);
        }
        return maps;
    }

    @Override
    public List<Integer> channels() {
        return List.copyOf(channels);
    }

    @Override
    public int stage(String weight) {
        String part = weight.split("\\.")[1]; // features.PART
        int number = part.charAt(part.length() - 1) - '0';
        return part.equals("norm5") ? channels.size() : number;
    }

    @Override
    public boolean mixesSamples() {
        return true;
    }

    @Override
    public boolean takes(long... size) {
        long coarsest = 4L * ((1 << blocks.size()) - 1); // more leave two voxels: ⌈edge/4⌉ ≥ 2·2ᴸ⁻¹
        return Arrays.stream(size).allMatch(edge -> edge > coarsest);
    }

    @Override
    public long multiplyAdds(int crop) {
        long edge = (crop + 1L) / 2;
        long total = ResNetEncoder.voxels(dims, edge) * ResNetEncoder.voxels(dims, KERNEL) * in * width;
        edge = (edge + 1) / 2;
        for (int l = 0; l < blocks.size(); l++) {
            if (l > 0) {
                total += ResNetEncoder.voxels(dims, edge) * transitions.get(l - 1).multiplyAddsPerVoxel;
                edge /= 2;
            }
            for (DenseLayer layer : blocks.get(l)) {
                total += ResNetEncoder.voxels(dims, edge) * layer.multiplyAddsPerVoxel;
            }
        }
        return total;
    }

    private static final class DenseLayer extends Module {
        private final BatchNorm norm1;
        private final Conv conv1;
        private final BatchNorm norm2;
        private final Conv conv2;
        private final long multiplyAddsPerVoxel;

        DenseLayer(int dims, int in, int growth) {
            int inner = BOTTLENECK * growth;
            norm1 = part("norm1", new BatchNorm(in));
            conv1 = part("conv1", new Conv(dims, in, inner, 1, 1, false, ConvLaw.HE_FAN_IN));
            norm2 = part("norm2", new BatchNorm(inner));
            conv2 = part("conv2", new Conv(dims, inner, growth, 3, 1, false, ConvLaw.HE_FAN_IN));
            multiplyAddsPerVoxel = inner * (in + (dims == 2 ? 9L : 27L) * growth);
        }

        /** [B, C, X, Y(, Z)] → [B, C + k, X, Y(, Z)]. */
        Tensor forward(Tensor x) {
            try (Scope scope = Scope.nested()) {
                Tensor y = conv1.forward(Ops.reluInPlace(norm1.forward(x))); // [B, 4k, …]
                y = conv2.forward(Ops.reluInPlace(norm2.forward(y))); // [B, k, …]
                return scope.keep(Tensor.concatenate(List.of(x, y), 1));
            }
        }
    }

    private static final class Transition extends Module {
        private final BatchNorm norm;
        private final Conv conv;
        private final long multiplyAddsPerVoxel;

        Transition(int dims, int in) {
            norm = part("norm", new BatchNorm(in));
            conv = part("conv", new Conv(dims, in, in / 2, 1, 1, false, ConvLaw.HE_FAN_IN));
            multiplyAddsPerVoxel = (long) in * (in / 2);
        }

        /** [B, C, X, Y(, Z)] → [B, ⌊C/2⌋, ⌊X/2⌋, …]. */
        Tensor forward(Tensor x) {
            try (Scope scope = Scope.nested()) {
                return scope.keep(Ops.averagePool2(conv.forward(Ops.reluInPlace(norm.forward(x)))));
            }
        }
    }
}
