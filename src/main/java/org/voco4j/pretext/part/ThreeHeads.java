package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Interpolation;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Shape3;

/**
 * An encoder's deepest map h, two linear heads on it, and a path without skip connections back up to the voxels (Tang et al., CVPR 2022; Wang
 * et al., MICCAI 2023).
 *
 * <pre>
 *   h, each voxel normalised over its channels, without scale and shift
 *   turn = W_r·h[r] + b_r      contrast = W_c·h[c] + b_c      h[·]: a voxel of h, or the mean of all
 *   r_0 = h      r_i = up(leakyRelu(N(conv(r_{i−1}))))      voxels = 1×1×1 convolution of r_n
 * </pre>
 *
 * <p>conv halves the channels (the last one keeps them), N is instance norm without weights, up makes two voxels of one along each axis
 * that is not at full size yet. Weights have the names of the released code: {@code rotation_head}, {@code contrastive_head}, {@code conv.0},
 * {@code conv.4}, …
 */
public final class ThreeHeads extends EncoderWithHead {
    /** Quarter turns that are told apart. */
    public static final int TURNS = 4;

    private static final double EPSILON = 1e-5;
    private static final double SLOPE = 0.01;
    private static final int OF_STEP = 4; // places of a step in the released sequence

    /** What the heads look at. */
    public enum Head {
        /** The mean of the deepest map. */
        MEAN,
        /** Its first voxel for the turn, its second for the contrast, as the released codes do. */
        TOKENS
    }

    private final Shape3 view;
    private final Head head;
    private final Linear turn;
    private final Linear contrast;
    private final List<Conv> steps = new ArrayList<>();
    private final Conv voxels;

    /**
     * Around an encoder.
     *
     * @param view what goes through it
     * @param vector numbers of the contrast
     */
    public ThreeHeads(Encoder encoder, Shape3 view, Head head, int vector) {
        super(encoder);
        this.view = view;
        this.head = head;
        Shape3 map = deepestShape(view);
        if (head == Head.TOKENS && map.voxels() < 2) {
            throw new IllegalArgumentException(
                    "pretext.head: tokens needs two voxels at the encoder's deepest map; crops of " + view
                            + " leave one");
        }
        int channels = deepestChannels();
        turn = part("rotation_head", new Linear(channels, TURNS));
        contrast = part("contrastive_head", new Linear(channels, vector));
        int n = 0;
        while (map.x() << n < view.x()) {
            n++;
        }
        int dims = 3;
        for (int i = 0; i < n; i++) {
            int out = i < n - 1 ? Math.max(1, channels / 2) : channels;
            steps.add(part("conv." + OF_STEP * i, new Conv(dims, channels, out, 3, 1, true)));
            channels = out;
        }
        voxels = part("conv." + OF_STEP * n, new Conv(dims, channels, 1, 1, 1, true));
    }

    /**
     * The deepest map h of crops, [B, 1, X, Y, Z] → [B, C, X', Y', Z'], in 32 bits. A transformer's is normalised already; vectors of a
     * convolutional encoder's, all of whose numbers are hardly below 0, would begin almost parallel.
     */
    public Tensor normalised(Tensor crops) {
        Tensor map = deepest(crops).to(DType.F32);
        if (encoder() instanceof TokenEncoder) {
            return map;
        }
        Tensor voxels = Ops.layerNorm(Rearrange.permute(map, 0, 2, 3, 4, 1), null, null, EPSILON);
        return Rearrange.permute(voxels, 0, 4, 1, 2, 3);
    }

    /** The logits of the turns, [B, 4], of a deepest map. */
    public Tensor turn(Tensor map) {
        return turn.forward(head == Head.MEAN ? map.mean(2, 3, 4) : voxel(map, 0));
    }

    /** What copies are recognised by, [B, D], of a deepest map. */
    public Tensor contrast(Tensor map) {
        return contrast.forward(head == Head.MEAN ? map.mean(2, 3, 4) : voxel(map, 1));
    }

    private static Tensor voxel(Tensor map, int i) {
        return map.reshape(map.size(0), map.size(1), -1).narrow(2, i, 1).reshape(map.size(0), map.size(1));
    }

    /** The voxels, [B, 1, X, Y, Z], of a deepest map. */
    public Tensor restored(Tensor map) {
        Tensor x = map;
        for (Conv step : steps) {
            Tensor y = step.forward(x);
            y = Ops.leakyRelu(Ops.groupNorm(y, (int) y.size(1), null, null, EPSILON), SLOPE);
            x = Interpolation.ofCells(
                    y,
                    Math.min(view.x(), 2 * y.size(2)),
                    Math.min(view.y(), 2 * y.size(3)),
                    Math.min(view.z(), 2 * y.size(4)));
        }
        return voxels.forward(x);
    }

    @Override
    protected boolean isTaught(String weight) {
        return !encoder().stateDict().containsKey(weight) || isInDeepest(weight);
    }
}
