package org.voco4j.network.unet;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;

/**
 * A U-Net in 2 or 3 dimensions for segmentation (Ronneberger et al. 2015): {@link UNetEncoder}, a path back up, and a classifier per voxel.
 *
 * <pre>
 *   e₀, …, e_L = encoder(x)                 d_L = e_L
 *   d_{l−1} = units([e_{l−1} ‖ deconv(d_l)])   for l = L, …, 1         deconv: 2x2x2, stride 2, to ⌊c_l/2⌋ channels
 *   logits = 1x1x1 convolution of d₀
 * </pre>
 *
 * <p>In the basic form the last deconv keeps its c₁ channels, and with instance norm the network is MONAI's BasicUNet (there with L = 4; here
 * any number of levels), whose {@code features} are c₀, …, c_L and the channels of d₀. Weights have its keys:
 * {@code down_1.convs.conv_0.conv.weight}, {@code upcat_1.upsample.deconv.weight}, {@code final_conv.weight}.
 */
public final class UNet extends SegmentationNetwork {
    private final UNetEncoder encoder;
    private final List<UpCat> ups = new ArrayList<>();
    private final Conv classifier;
    private final int last;
    private final int classes;

    /** A network whose d₀ has as many channels as e₀. */
    public UNet(int dims, int in, List<Integer> channels, int classes, UNetForm form, FeatureNorm norm) {
        this(dims, in, channels, channels.get(0), classes, form, norm);
    }

    /**
     * A network with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in C, channels of the scan
     * @param channels c₀, c₁, … at least two
     * @param last channels of d₀
     * @param classes K, the background among them
     * @param form how much is computed at full resolution
     * @param norm what features are normalised over
     * @throws IllegalArgumentException if there is only one level, or one with fewer channels than can be halved
     */
    public UNet(int dims, int in, List<Integer> channels, int last, int classes, UNetForm form, FeatureNorm norm) {
        if (channels.size() < 2 || channels.stream().skip(1).anyMatch(width -> width < 2)) {
            throw new IllegalArgumentException(
                    "a U-Net has at least 2 levels with 2 channels or more below the first, not " + channels);
        }
        this.last = last;
        this.classes = classes;
        encoder = part("", new UNetEncoder(dims, in, channels, form, norm));
        for (int level = channels.size() - 1; level >= 1; level--) {
            boolean finest = level == 1;
            int coarse = channels.get(level);
            int skip = channels.get(level - 1);
            int up = finest && form == UNetForm.BASIC ? coarse : coarse / 2;
            ups.add(part(
                    "upcat_" + level,
                    new UpCat(dims, coarse, up, skip, finest ? last : skip, finest ? form.units() : 2, norm)));
        }
        classifier = part("final_conv", new Conv(dims, last, classes, 1, 1, true));
    }

    /** [B, c_l, ⌊X/2ˡ⌋, ⌊Y/2ˡ⌋(, ⌊Z/2ˡ⌋)], finest first; every edge of x at least {@link UNetEncoder#smallestCrop}. */
    @Override
    public List<Tensor> encode(Tensor x) {
        return encoder.levels(x);
    }

    @Override
    public Tensor features(List<Tensor> levels) {
        if (levels.size() != ups.size() + 1) {
            throw new IllegalArgumentException(
                    "the decoder joins " + (ups.size() + 1) + " levels, it was given " + levels.size());
        }
        Tensor map = levels.get(ups.size()); // [B, c_L, …]
        for (int i = 0; i < ups.size(); i++) {
            map = ups.get(i).forward(map, levels.get(ups.size() - 1 - i)); // one level finer
        }
        return map; // [B, last, X, Y(, Z)]
    }

    @Override
    public Conv classifier() {
        return classifier;
    }

    @Override
    public UNetEncoder encoder() {
        return encoder;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public boolean isOfClasses(String weight) {
        return weight.startsWith("final_conv.");
    }

    /** Multiply–adds of one forward pass of one cubic crop, for predicting time. */
    public long multiplyAdds(int crop) {
        long total = encoder.multiplyAdds(crop) + UNetEncoder.cube(crop) * last * classes;
        for (int i = 0; i < ups.size(); i++) {
            total += UNetEncoder.cube(crop >> (ups.size() - 1 - i)) * ups.get(i).multiplyAddsPerVoxel();
        }
        return total;
    }
}
