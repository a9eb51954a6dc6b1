package org.voco4j.network;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Conv3d;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.InstanceNorm3d;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * The contracting path of a small 3-D U-Net with instance norm.
 *
 * <pre>
 *   level 0:   unit(1 → c₀)                                one convolution at full resolution, the dearest place
 *   level l:   2x2x2 max pool, unit(c_{l−1} → c_l), unit(c_l → c_l)
 *   unit:      3x3x3 convolution, instance norm, leaky ReLU (0.1)
 * </pre>
 *
 * <p>Weights are named as in MONAI's BasicUNet ({@code conv_0.conv_0.conv.weight},
 * {@code down_1.convs.conv_1.adn.N.bias}), whose first level has a second unit that this one leaves out.
 */
public final class UNetEncoder extends Module implements Encoder {
    private final List<Integer> channels;
    private final Unit first;
    private final List<Down> downs = new ArrayList<>();

    /**
     * An encoder with untrained (zero) weights.
     *
     * @param in channels of the scan
     * @param channels c₀, c₁, … at least one
     */
    public UNetEncoder(int in, List<Integer> channels) {
        this.channels = List.copyOf(channels);
        first = part("conv_0", new Level()).add("conv_0", new Unit(in, channels.get(0)));
        for (int level = 1; level < channels.size(); level++) {
            downs.add(part("down_" + level, new Down(channels.get(level - 1), channels.get(level))));
        }
    }

    /** [B, C, X, Y, Z] → [B, c₀, X, Y, Z], [B, c₁, X/2, Y/2, Z/2], … */
    @Override
    public List<Tensor> levels(Tensor x) {
        List<Tensor> levels = new ArrayList<>();
        Tensor map = first.forward(x);
        levels.add(map);
        for (Down down : downs) {
            map = down.forward(map);
            levels.add(map);
        }
        return levels;
    }

    @Override
    public List<Integer> channels() {
        return channels;
    }

    @Override
    public Module module() {
        return this;
    }

    @Override
    public int smallestCrop() {
        return 1 << channels.size(); // the last level keeps 2 voxels per axis: one voxel has no variance to normalise
    }

    @Override
    public long multiplyAdds(int crop) {
        long total = 27L * crop * crop * crop * channels.get(0);
        for (int level = 1; level < channels.size(); level++) {
            long edge = crop >> level;
            long in = channels.get(level - 1);
            long out = channels.get(level);
            total += 27L * edge * edge * edge * out * (in + out);
        }
        return total;
    }

    private static final class Level extends Module {
        Unit add(String name, Unit unit) {
            return part(name, unit);
        }
    }

    private static final class Norm extends Module {
        final InstanceNorm3d norm;

        Norm(int channels) {
            norm = part("N", new InstanceNorm3d(channels));
        }
    }

    private static final class Unit extends Module {
        private final Conv3d conv;
        private final Norm adn;

        Unit(int in, int out) {
            conv = part("conv", new Conv3d(in, out, 3, 1, true));
            adn = part("adn", new Norm(out));
        }

        Tensor forward(Tensor x) {
            return Ops.leakyRelu(adn.norm.forward(conv.forward(x)), 0.1);
        }
    }

    private static final class Down extends Module {
        private final Unit first;
        private final Unit second;

        Down(int in, int out) {
            Level convs = part("convs", new Level());
            first = convs.add("conv_0", new Unit(in, out));
            second = convs.add("conv_1", new Unit(out, out));
        }

        Tensor forward(Tensor x) {
            return second.forward(first.forward(Ops.maxPool2(x)));
        }
    }
}
