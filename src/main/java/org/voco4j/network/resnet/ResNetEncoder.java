package org.voco4j.network.resnet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.voco4j.engine.nn.BatchNorm;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.ConvLaw;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * The residual network of He et al. (2016) in 2 or 3 dimensions, without its classifier, as MONAI has it.
 *
 * <pre>
 *   h₀ = maxpool(relu(N(W * x)))      W: 7 voxels, pool: 3 voxels around every second
 *   h_l = blocks_l(h_{l−1})            l = 1 … L; from l = 2 the first block halves the map
 *   levels: h₁, …, h_L
 * </pre>
 *
 * <p>Weights are named as published: {@code conv1.weight}, {@code bn1.running_mean}, {@code layer1.0.conv1.weight}, {@code
 * layer2.0.downsample.1.bias}.
 *
 * <p>Initial law: convolutions N(0, 2/fan-out), norms γ = 1 and β = 0; biases of shortcuts as in {@link Conv}.
 */
public final class ResNetEncoder extends Encoder {
    private static final int KERNEL = 7;

    private final int dims;
    private final int in;
    private final ResNetForm form;
    private final Conv first;
    private final BatchNorm norm;
    private final List<List<ResNetBlock>> levels = new ArrayList<>();

    /**
     * An encoder with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in C, channels of the scan
     */
    public ResNetEncoder(int dims, int in, ResNetForm form) {
        this.dims = dims;
        this.in = in;
        this.form = form;
        int channels = form.planes().get(0);
        first = part("conv1", new Conv(dims, in, channels, KERNEL, form.stride(), false, ConvLaw.HE_FAN_OUT));
        norm = part("bn1", new BatchNorm(channels));
        for (int level = 0; level < form.blocks().size(); level++) {
            List<ResNetBlock> blocks = new ArrayList<>();
            for (int i = 0; i < form.blocks().get(level); i++) {
                int stride = level > 0 && i == 0 ? 2 : 1;
                int planes = form.planes().get(level);
                blocks.add(
                        part("layer" + (level + 1) + "." + i, new ResNetBlock(dims, channels, planes, stride, form)));
                channels = planes * form.block().expansion();
            }
            levels.add(blocks);
        }
    }

    /** [B, C, X, Y(, Z)] → h₁, …, h_L, h_l of [B, c_l, ⌈X/(stride·2ˡ)⌉, …]. */
    @Override
    public List<Tensor> levels(Tensor x) {
        Tensor map = Ops.maxPool3(Ops.reluInPlace(norm.forward(first.forward(x)))); // [B, planes₁, ⌈X/(2·stride)⌉, …]
        List<Tensor> maps = new ArrayList<>();
        for (List<ResNetBlock> blocks : levels) {
            for (ResNetBlock block : blocks) {
                map = block.forward(map);
            }
            maps.add(map);
        }
        return maps;
    }

    @Override
    public List<Integer> channels() {
        return form.planes().stream()
                .map(planes -> planes * form.block().expansion())
                .toList();
    }

    @Override
    public int stage(String weight) {
        return weight.startsWith("layer") ? weight.charAt("layer".length()) - '0' : 0;
    }

    @Override
    public boolean mixesSamples() {
        return true;
    }

    @Override
    public boolean takes(long... size) {
        long coarsest = (long) form.stride() << levels.size(); // voxels of which one is left
        return Arrays.stream(size).anyMatch(edge -> edge > coarsest);
    }

    @Override
    public long multiplyAdds(int crop) {
        long edge = (crop + form.stride() - 1L) / form.stride();
        long total =
                voxels(dims, edge) * voxels(dims, KERNEL) * in * form.planes().get(0);
        edge = (edge + 1) / 2;
        for (List<ResNetBlock> blocks : levels) {
            for (ResNetBlock block : blocks) {
                total += block.multiplyAdds(edge);
                edge = block.edge(edge);
            }
        }
        return total;
    }

    /** The voxels of a map with this edge along each of its 2 or 3 axes. */
    static long voxels(int dims, long edge) {
        return dims == 2 ? edge * edge : edge * edge * edge;
    }
}
