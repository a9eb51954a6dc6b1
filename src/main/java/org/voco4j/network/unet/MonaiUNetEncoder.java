package org.voco4j.network.unet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.MapLayout;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * The contracting path of MONAI's UNet with two units in a residual one (Kerfoot et al. 2018).
 *
 * <pre>
 *   e_l = P(N(W₂ * P(N(W₁ * e_{l−1})))) + W₃ * e_{l−1}        e_{−1} = x,  l = 0 … L
 * </pre>
 *
 * <p>All W are 3 voxels wide and have biases; N is instance norm without scale and shift, P a ReLU with a learned slope.
 * W₁ and W₃ take every second voxel, so that e₀ is half as fine as x. At the last level they take all, and W₃ is 1 voxel
 * wide, or the identity where the number of channels stays. Initial law: PyTorch's, slopes 0.25.
 *
 * <p>Every level is named inside the one above it, as in MONAI: {@code model.0.conv.unit0.conv.weight}, {@code
 * model.1.submodule.0.conv.unit0.conv.weight}, and the last {@code model.1.submodule.1.submodule.conv.unit0.conv.weight}.
 */
public final class MonaiUNetEncoder extends Encoder {
    private final int in;
    private final List<Integer> channels;
    private final List<Unit> units = new ArrayList<>();

    /**
     * An encoder with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in channels of the scan
     * @param channels c₀, …, c_L, at least two
     * @throws IllegalArgumentException if there is only one level, or one without channels
     */
    public MonaiUNetEncoder(int dims, int in, List<Integer> channels) {
        if (channels.size() < 2 || channels.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException(
                    "MONAI's UNet has at least 2 levels with 1 channel or more, not " + channels);
        }
        this.in = in;
        this.channels = List.copyOf(channels);
        int last = channels.size() - 1;
        for (int level = 0; level <= last; level++) {
            String name = level < last ? place(level) + ".0" : place(level);
            int from = level == 0 ? in : channels.get(level - 1);
            units.add(part(name, new Unit(dims, from, channels.get(level), level < last ? 2 : 1)));
        }
    }

    /** The name of what a level is, with all that is inside it. */
    static String place(int level) {
        return "model" + ".1.submodule".repeat(level);
    }

    /** [B, C, X, Y(, Z)] → [B, c_l, ⌈X/2ˡ⁺¹⌉, …] for l < L, and [B, c_L, ⌈X/2ᴸ⌉, …]. */
    @Override
    public List<Tensor> levels(Tensor x) {
        List<Tensor> levels = new ArrayList<>();
        Tensor map = x;
        for (Unit unit : units) {
            map = unit.forward(map);
            levels.add(map);
        }
        return levels;
    }

    @Override
    public List<Integer> channels() {
        return channels;
    }

    @Override
    public int stage(String weight) {
        int level = 0;
        while (level + 1 < channels.size() && weight.startsWith(place(level + 1) + ".")) {
            level++;
        }
        return level;
    }

    @Override
    public boolean mixesSamples() {
        return false;
    }

    @Override
    public boolean takes(long... size) {
        return Arrays.stream(size).anyMatch(edge -> edge > 1L << (channels.size() - 1)); // two voxels are left
    }

    @Override
    public long multiplyAdds(int crop) {
        long total = 0;
        long edge = crop;
        int last = channels.size() - 1;
        for (int level = 0; level <= last; level++) {
            long from = level == 0 ? in : channels.get(level - 1);
            long to = channels.get(level);
            edge = level < last ? (edge + 1) / 2 : edge;
            long shortcut = level < last ? 27 * from : from == to ? 0 : from;
            total += UNetEncoder.cube(edge) * to * (27 * (from + to) + shortcut);
        }
        return total;
    }

    private static final class Unit extends Module {
        private final PReluUnit unit0;
        private final PReluUnit unit1;
        private final @Nullable Conv residual;
        private final int channels;

        Unit(int dims, int in, int out, int stride) {
            unit0 = part("conv.unit0", new PReluUnit(new Conv(dims, in, out, 3, stride, true), out));
            unit1 = part("conv.unit1", new PReluUnit(new Conv(dims, out, out, 3, 1, true), out));
            channels = out;
            boolean same = stride == 1 && in == out;
            residual = same ? null : part("residual", new Conv(dims, in, out, stride == 1 ? 1 : 3, stride, true));
        }

        Tensor forward(Tensor x) {
            try (Scope scope = Scope.nested()) {
                Tensor map = MapLayout.fastest(x, channels);
                Tensor shortcut = residual == null ? map : residual.forward(map);
                return scope.keep(unit1.forward(unit0.forward(map)).plus(shortcut));
            }
        }
    }
}
