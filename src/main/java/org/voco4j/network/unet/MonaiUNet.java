package org.voco4j.network.unet;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.ConvTranspose;
import org.voco4j.engine.nn.Layer;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.PadOrCrop;

/**
 * MONAI's UNet for segmentation (Kerfoot et al. 2018), with residual units of two and strides of 2: {@link
 * MonaiUNetEncoder} and a path back up.
 *
 * <pre>
 *   d_L = e_L       u = P(N(deconv([e_l ‖ d_{l+1}])))       d_l = P(N(W * u)) + u        l = L−1, …, 1
 *   logits = W * u + u  with the u of l = 0, which has K channels
 * </pre>
 *
 * <p>deconv is 3 voxels wide and makes 2 of one along each axis, W is 3 wide; d_l has the channels of the level above,
 * c_{l−1}. N and P as in the encoder. Weights have MONAI's keys: {@code model.2.0.conv.weight}, {@code
 * model.1.submodule.2.1.conv.unit0.conv.weight}. Where a size was odd on the way down, what comes up is cut to it;
 * MONAI refuses such sizes.
 */
public final class MonaiUNet extends SegmentationNetwork {
    private final int classes;
    private final MonaiUNetEncoder encoder;
    private final List<Up> ups = new ArrayList<>(); // from the deepest

    /**
     * A network with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in C, channels of the scan
     * @param channels c₀, …, c_L, at least two
     * @param classes K, the background among them
     * @throws IllegalArgumentException if there is only one level, or one without channels
     */
    public MonaiUNet(int dims, int in, List<Integer> channels, int classes) {
        this.classes = classes;
        encoder = part("", new MonaiUNetEncoder(dims, in, channels));
        int deepest = channels.size() - 2;
        for (int level = deepest; level >= 0; level--) {
            int below = channels.get(level == deepest ? level + 1 : level); // channels of d_{l+1}
            int out = level == 0 ? classes : channels.get(level - 1);
            ups.add(part(
                    MonaiUNetEncoder.place(level) + ".2", new Up(dims, channels.get(level) + below, out, level == 0)));
        }
    }

    /** x itself, for its size, then e₀, …, e_L. */
    @Override
    public List<Tensor> encode(Tensor x) {
        List<Tensor> maps = new ArrayList<>(List.of(x));
        maps.addAll(encoder.levels(x));
        return maps;
    }

    @Override
    public Tensor features(List<Tensor> maps) {
        Tensor y = maps.get(ups.size() + 1); // [B, c_L, …]
        for (int i = 0; i < ups.size(); i++) {
            int level = ups.size() - 1 - i;
            y = ups.get(i).forward(maps.get(level + 1), y, maps.get(level)); // twice as fine
        }
        return y; // [B, K, X, …]
    }

    /** None: the last unit looks at the voxels around. */
    @Override
    public @Nullable Conv classifier() {
        return null;
    }

    @Override
    public MonaiUNetEncoder encoder() {
        return encoder;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public boolean isOfClasses(String weight) {
        return weight.startsWith(MonaiUNetEncoder.place(0) + ".2.");
    }

    private static final class Up extends Module {
        private final PReluUnit finer;
        private final Layer unit;

        Up(int dims, int in, int out, boolean top) {
            finer = part("0", new PReluUnit(new ConvTranspose(dims, in, out, 3, 2, true), out));
            Conv conv = new Conv(dims, out, out, 3, 1, true);
            unit = top ? part("1.conv.unit0.conv", conv) : part("1.conv.unit0", new PReluUnit(conv, out));
        }

        /** [B, c_l, …] and [B, D, …] of one size → [B, out, …] of the size of {@code finer}. */
        Tensor forward(Tensor skip, Tensor below, Tensor like) {
            try (Scope scope = Scope.nested()) {
                Tensor u = PadOrCrop.to(like, finer.forward(Tensor.concatenate(List.of(skip, below), 1)));
                return scope.keep(unit.forward(u).plus(u));
            }
        }
    }
}
