package org.voco4j.network.unet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;

/**
 * The contracting path of a U-Net in 2 or 3 dimensions.
 *
 * <pre>
 *   level 0:   unit(C → c₀), in the basic form a second unit(c₀ → c₀)
 *   level l:   2x2x2 max pool, unit(c_{l−1} → c_l), unit(c_l → c_l)
 *   unit:      3x3x3 convolution, norm, leaky ReLU (0.1)
 * </pre>
 *
 * <p>Weights are named as in MONAI's BasicUNet ({@code conv_0.conv_0.conv.weight},
 * {@code down_1.convs.conv_1.adn.N.bias}), and in the {@link UNet} around it.
 */
public final class UNetEncoder extends Encoder {
    private static final String FIRST = "conv_0";
    private static final String DOWN = "down_";

    private final List<Integer> channels;
    private final FeatureNorm norm;
    private final ConvUnits first;
    private final List<Down> downs = new ArrayList<>();

    /**
     * An encoder with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in C, channels of the scan
     * @param channels c₀, c₁, … at least one
     * @param form how many units there are at full resolution
     * @param norm what features are normalised over
     */
    public UNetEncoder(int dims, int in, List<Integer> channels, UNetForm form, FeatureNorm norm) {
        this.channels = List.copyOf(channels);
        this.norm = norm;
        first = part(FIRST, new ConvUnits(dims, in, channels.get(0), form.units(), norm));
        for (int level = 1; level < channels.size(); level++) {
            downs.add(part(DOWN + level, new Down(dims, channels.get(level - 1), channels.get(level), norm)));
        }
    }

    /** The weights of one level by dotted name, 0 the finest. */
    public Map<String, Tensor> weightsOf(int level) {
        String prefix = level == 0 ? FIRST + "." : DOWN + level + ".";
        Map<String, Tensor> some = new LinkedHashMap<>(weights());
        some.keySet().removeIf(name -> !name.startsWith(prefix));
        return some;
    }

    /** [B, C, X, Y(, Z)] → [B, c₀, X, Y(, Z)], [B, c₁, ⌊X/2⌋, ⌊Y/2⌋(, ⌊Z/2⌋)], … */
    @Override
    public List<Tensor> levels(Tensor x) {
        List<Tensor> levels = new ArrayList<>();
        Tensor map = first.forward(x);
        levels.add(map);
        for (Down down : downs) {
            map = down.convs.forward(Ops.maxPool2(map));
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
        return weight.startsWith(FIRST) ? 0 : Integer.parseInt(weight.substring(DOWN.length(), weight.indexOf('.')));
    }

    @Override
    public boolean mixesSamples() {
        return norm == FeatureNorm.BATCH;
    }

    @Override
    public boolean takes(long... size) {
        return Arrays.stream(size).allMatch(edge -> edge >= 1L << channels.size()); // two voxels per axis are left
    }

    @Override
    public long multiplyAdds(int crop) {
        long total = cube(crop) * first.multiplyAddsPerVoxel();
        for (int level = 1; level < channels.size(); level++) {
            total += cube(crop >> level) * downs.get(level - 1).convs.multiplyAddsPerVoxel();
        }
        return total;
    }

    public static long cube(long edge) {
        return edge * edge * edge;
    }

    private static final class Down extends Module {
        private final ConvUnits convs;

        Down(int dims, int in, int out, FeatureNorm norm) {
            convs = part("convs", new ConvUnits(dims, in, out, 2, norm));
        }
    }
}
