package org.voco4j.network.unet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;

/**
 * The contracting path of the 3-D U-Net of Models Genesis (Zhou et al. 2021), "3D UNet" in VoCo's tables.
 *
 * <pre>
 *   e_l = unit(unit(e_{l−1} pooled))       l = 0 … 3, e_{−1} = x unpooled; first to 2ˡ·w channels, then to 2ˡ⁺¹·w
 *   unit: 3x3x3 convolution with bias, norm, ReLU        pooled: maximum of 2 voxels along each axis
 * </pre>
 *
 * <p>w is 32 in the original; weights have its names at every w ({@code down_tr64.ops.0.conv1.weight}, {@code
 * down_tr512.ops.1.bn1.bias}). The original has batch norm, and takes the statistics of the batch in evaluation too; here
 * the running averages are taken then. Initial law: PyTorch's.
 */
public final class UNet3dEncoder extends Encoder {
    private static final List<String> NAMES = List.of("down_tr64", "down_tr128", "down_tr256", "down_tr512");

    private final int width;
    private final FeatureNorm norm;
    private final List<NormUnits> levels = new ArrayList<>();

    /**
     * An encoder with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in channels of the scan
     * @param width w (original: 32)
     * @param norm what features are normalised over (original: batch)
     * @throws IllegalArgumentException if w is below 1
     */
    public UNet3dEncoder(int dims, int in, int width, FeatureNorm norm) {
        if (width < 1) {
            throw new IllegalArgumentException("the width of a 3-D U-Net is 1 channel or more, not " + width);
        }
        this.width = width;
        this.norm = norm;
        for (int level = 0; level < NAMES.size(); level++) {
            int from = level == 0 ? in : width << level;
            NormUnits units = new NormUnits(dims, from, width << level, width << (level + 1), norm);
            levels.add(part(NAMES.get(level) + ".ops", units));
        }
    }

    /** [B, C, X, Y(, Z)] → [B, 2w, X, Y(, Z)], [B, 4w, ⌊X/2⌋, …], [B, 8w, ⌊X/4⌋, …], [B, 16w, ⌊X/8⌋, …]. */
    @Override
    public List<Tensor> levels(Tensor x) {
        List<Tensor> maps = new ArrayList<>();
        Tensor map = x;
        for (NormUnits units : levels) {
            map = units.forward(maps.isEmpty() ? map : Ops.maxPool2(map));
            maps.add(map);
        }
        return maps;
    }

    @Override
    public List<Integer> channels() {
        return List.of(2 * width, 4 * width, 8 * width, 16 * width);
    }

    @Override
    public int stage(String weight) {
        return NAMES.indexOf(weight.substring(0, weight.indexOf('.')));
    }

    @Override
    public boolean mixesSamples() {
        return norm == FeatureNorm.BATCH;
    }

    @Override
    public boolean takes(long... size) {
        return Arrays.stream(size).allMatch(edge -> edge >= 1L << NAMES.size()); // two voxels per axis are left
    }

    @Override
    public long multiplyAdds(int crop) {
        long total = 0;
        for (int level = 0; level < levels.size(); level++) {
            total += UNetEncoder.cube(crop >> level) * levels.get(level).multiplyAddsPerVoxel();
        }
        return total;
    }
}
