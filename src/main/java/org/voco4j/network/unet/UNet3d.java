package org.voco4j.network.unet;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.ConvTranspose;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.block.PadOrCrop;

/**
 * The 3-D U-Net of Models Genesis (Zhou et al. 2021) for segmentation, "3D UNet" in VoCo's tables: {@link
 * UNet3dEncoder}, a path back up, and a classifier per voxel.
 *
 * <pre>
 *   d₃ = e₃       d_{l−1} = unit(unit([deconv(d_l) ‖ e_{l−1}]))  for l = 3, 2, 1, to 2ˡ·w channels
 *   logits = 1x1x1 convolution of d₀
 * </pre>
 *
 * <p>deconv makes 2 voxels of one along each axis and keeps the channels. Weights have the original's keys: {@code
 * up_tr256.up_conv.weight}, {@code up_tr256.ops.0.conv1.weight}, {@code out_tr.final_conv.weight}. Its sigmoid at the
 * end is left to the loss. Where an odd size was halved the last voxel that comes up is repeated; the original refuses
 * such sizes.
 */
public final class UNet3d extends SegmentationNetwork {
    private static final List<String> NAMES = List.of("up_tr64", "up_tr128", "up_tr256");

    private final int classes;
    private final UNet3dEncoder encoder;
    private final List<Up> ups = new ArrayList<>(); // from the deepest
    private final Conv classifier;

    /**
     * A network with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in C, channels of the scan
     * @param width w (original: 32)
     * @param classes K, the background among them
     * @param norm what features are normalised over (original: batch)
     * @throws IllegalArgumentException if w is below 1
     */
    public UNet3d(int dims, int in, int width, int classes, FeatureNorm norm) {
        this.classes = classes;
        encoder = part("", new UNet3dEncoder(dims, in, width, norm));
        List<Integer> channels = encoder.channels();
        for (int level = NAMES.size(); level >= 1; level--) {
            Up up = new Up(dims, channels.get(level), channels.get(level - 1), norm);
            ups.add(part(NAMES.get(level - 1), up));
        }
        classifier = part("out_tr.final_conv", new Conv(dims, 2 * width, classes, 1, 1, true));
    }

    /** e₀, e₁, e₂, e₃. */
    @Override
    public List<Tensor> encode(Tensor x) {
        return encoder.levels(x);
    }

    @Override
    public Tensor features(List<Tensor> maps) {
        Tensor y = maps.get(ups.size()); // [B, 16w, ⌊X/8⌋, …]
        for (int i = 0; i < ups.size(); i++) {
            y = ups.get(i).forward(y, maps.get(ups.size() - 1 - i)); // one level finer
        }
        return y; // [B, 2w, X, …]
    }

    @Override
    public Conv classifier() {
        return classifier;
    }

    @Override
    public UNet3dEncoder encoder() {
        return encoder;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public boolean isOfClasses(String weight) {
        return weight.startsWith("out_tr.final_conv.");
    }

    private static final class Up extends Module {
        private final ConvTranspose deconv;
        private final NormUnits ops;

        Up(int dims, int in, int skip, FeatureNorm norm) {
            deconv = part("up_conv", new ConvTranspose(dims, in, in, 2, 2, true));
            ops = part("ops", new NormUnits(dims, in + skip, skip, skip, norm));
        }

        /** [B, in, ⌊X/2⌋, …] and [B, skip, X, …] → [B, skip, X, …]. */
        Tensor forward(Tensor coarse, Tensor skip) {
            try (Scope scope = Scope.nested()) {
                return scope.keep(ops.forward(PadOrCrop.before(skip, () -> deconv.forward(coarse))));
            }
        }
    }
}
