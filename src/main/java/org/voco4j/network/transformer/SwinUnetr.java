package org.voco4j.network.transformer;

import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Tensor;

/**
 * Swin-UNETR for segmentation (Hatamizadeh et al. 2022; v2: He et al. 2023), as MONAI has it: {@link SwinUnetrEncoder}, a
 * path back up, and a classifier per voxel.
 *
 * <pre>
 *   d₅ = up(e₁₀, h₃)    d₄ = up(d₅, e₄)    d₃ = up(d₄, e₃)    d₂ = up(d₃, e₂)    d₁ = up(d₂, e₁)
 *   up(x, s) = unit([deconv(x) ‖ s])       deconv: 2 voxels of one, no bias
 *   logits = 1x1x1 convolution of d₁
 * </pre>
 *
 * <p>Weights have MONAI's keys: {@code decoder5.transp_conv.conv.weight}, {@code decoder5.conv_block.conv1.conv.weight}, {@code
 * out.conv.conv.weight}. Where a size was odd on the way down, what comes up is cut to it.
 */
public final class SwinUnetr extends SegmentationNetwork {
    private final int classes;
    private final SwinUnetrTrunk trunk;
    private final Conv out;

    /**
     * A network with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in C, channels of the scan
     * @param features f (paper: 48)
     * @param classes K, the background among them
     * @throws IllegalArgumentException if f is not a multiple of 3, which the heads share out
     */
    public SwinUnetr(int dims, int in, int features, int classes, SwinVersion version, PatchMerging.Order merging) {
        this.classes = classes;
        trunk = part("", new SwinUnetrTrunk(dims, in, features, version, merging));
        out = part("out.conv.conv", new Conv(dims, features, classes, 1, 1, true));
    }

    @Override
    public List<Tensor> encode(Tensor x) {
        return trunk.encode(x);
    }

    @Override
    public Tensor features(List<Tensor> maps) {
        return trunk.decode(maps); // [B, f, X, …]
    }

    @Override
    public Conv classifier() {
        return out;
    }

    /** d₅ … d₁. */
    List<Tensor> decoded(List<Tensor> maps) {
        return trunk.decoded(maps);
    }

    @Override
    public SwinUnetrEncoder encoder() {
        return trunk.encoder();
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public boolean isOfClasses(String weight) {
        return weight.startsWith("out.");
    }
}
