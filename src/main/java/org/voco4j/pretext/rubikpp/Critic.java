package org.voco4j.pretext.rubikpp;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.GroupNorm;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.Norm;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.BinaryCrossEntropy;
import org.voco4j.volume.Shape3;

/**
 * Tells, patch by patch, whether a crop beside a twisted one was restored from it or is the one that was twisted.
 *
 * <p>Four convolutions 3³ with stride 2 to 32, 64, 128, 256 channels, instance norm from the second on, leaky ReLU 0.2; then one 1³ to a
 * logit per patch.
 */
final class Critic extends Module {
    /** The smallest edge of a crop whose last map has more than the one voxel that an instance norm makes 0 of. */
    static final int SMALLEST = 17;

    private static final int[] WIDTHS = {32, 64, 128, 256};
    private static final int DIMS = 3;
    private static final double SLOPE = 0.2;

    private final List<Conv> convolutions = new ArrayList<>();
    private final List<Norm> norms = new ArrayList<>();
    private final Conv last;

    /** A critic with untrained (zero) weights. */
    Critic() {
        int in = 2; // a candidate and the twisted crop
        for (int level = 0; level < WIDTHS.length; level++) {
            int out = WIDTHS[level];
            convolutions.add(part("convolutions." + level, new Conv(DIMS, in, out, 3, 2, level == 0)));
            if (level > 0) {
                norms.add(part("norms." + level, new GroupNorm(out, out)));
            }
            in = out;
        }
        last = part("last", new Conv(DIMS, in, 1, 1, 1, true));
    }

    /**
     * What it says of crops side by side with the twisted ones.
     *
     * @param pairs of {@link #pairs}
     * @param view the shape of a crop
     * @return a logit for each patch, above 0 where the candidate looks like an original, [B, P]
     */
    Tensor verdicts(Tensor pairs, Shape3 view) {
        Tensor map = pairs.reshape(-1, 2, view.x(), view.y(), view.z());
        map = Ops.leakyRelu(convolutions.get(0).forward(map), SLOPE);
        for (int level = 1; level < WIDTHS.length; level++) {
            map = norms.get(level - 1).activated(convolutions.get(level).forward(map), SLOPE);
        }
        return last.forward(map).reshape(pairs.size(0), -1); // [B, ⌈X/16⌉·⌈Y/16⌉·⌈Z/16⌉]
    }

    /** A candidate and the twisted crop it was or was not restored from, both [B, 1, X, Y, Z] → [B, 2, X, Y, Z]. */
    static Tensor pairs(Tensor candidates, Tensor twisted) {
        return Tensor.concatenate(List.of(candidates, twisted), 1);
    }

    /**
     * What it is taught: to tell originals from restored crops.
     *
     * <pre>  L_D = ½·[BCE(D(original ‖ twisted), 1) + BCE(D(restored ‖ twisted), 0)] </pre>
     */
    static Tensor loss(Tensor originals, Tensor restored) {
        return BinaryCrossEntropy.of(originals, ones(originals))
                .plus(BinaryCrossEntropy.of(restored, ones(restored).times(0)))
                .times(0.5);
    }

    /** What restoring is taught beside its error: that restored crops are taken for originals, BCE(D(restored ‖ twisted), 1). */
    static Tensor fooled(Tensor restored) {
        return BinaryCrossEntropy.of(restored, ones(restored));
    }

    private static Tensor ones(Tensor like) {
        return like.detach().times(0).plus(1);
    }
}
