package org.voco4j.network.transformer;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Tensor;

/**
 * UNETR for segmentation (Hatamizadeh et al. 2022), as MONAI has it with residual units: {@link UnetrEncoder}, a path back
 * up, and a classifier per voxel.
 *
 * <pre>
 *   d₅ = up(z, e₄)      d₄ = up(d₅, e₃)      d₃ = up(d₄, e₂)      d₂ = up(d₃, e₁)
 *   up(x, s) = unit([deconv(x) ‖ s])         deconv: 2 voxels of one, or {@link UnetrForm#step}, no bias
 *   logits = 1x1x1 convolution of d₂
 * </pre>
 *
 * <p>Weights have MONAI's keys: {@code decoder5.transp_conv.conv.weight}, …, {@code out.conv.conv.weight}.
 */
public final class Unetr extends SegmentationNetwork {
    private final int classes;
    private final UnetrEncoder encoder;
    private final List<UpResidual> decoders = new ArrayList<>(); // 5 … 2
    private final Conv out;

    /**
     * A network with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in C, channels of the scan
     * @param image voxels along each axis of the images that it will be given, multiples of the patch's
     * @param classes K, the background among them
     * @throws IllegalArgumentException if the image does not have that many axes, each a multiple of the patch's
     */
    public Unetr(int dims, int in, List<Integer> image, UnetrForm form, int classes) {
        this.classes = classes;
        encoder = part("", new UnetrEncoder(dims, in, image, form));
        List<Integer> channels = encoder.channels();
        for (int level = channels.size() - 1; level >= 1; level--) {
            UpResidual up = new UpResidual(
                    channels.get(level),
                    channels.get(level - 1),
                    form.step(level - 1).subList(0, dims));
            decoders.add(part("decoder" + (level + 1), up));
        }
        out = part("out.conv.conv", new Conv(dims, form.features(), classes, 1, 1, true));
    }

    /** e₁, e₂, e₃, e₄, z. */
    @Override
    public List<Tensor> encode(Tensor x) {
        return encoder.levels(x);
    }

    @Override
    public Tensor features(List<Tensor> maps) {
        Tensor y = maps.get(decoders.size()); // [B, h, X/16, …]
        for (int i = 0; i < decoders.size(); i++) {
            y = decoders.get(i).forward(y, maps.get(decoders.size() - 1 - i)); // twice as fine
        }
        return y; // [B, f, X, …]
    }

    @Override
    public Conv classifier() {
        return out;
    }

    @Override
    public UnetrEncoder encoder() {
        return encoder;
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
