package org.voco4j.network.head;

import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/**
 * One linear map from each voxel of a coarse map to the block of voxels that it stands for (SimMIM's head in 3-D).
 *
 * <pre>  out[c, s·x + i, s·y + j, s·z + k] = (W·map + b)[c·s³ + (i·s + j)·s + k, x, y, z] </pre>
 *
 * <p>s may differ between axes. Weights: {@code weight}, {@code bias}, as of a convolution of one voxel.
 */
public final class PixelHead extends Module {
    private final Conv conv;
    private final List<Integer> block;

    /**
     * A head for scans of one channel.
     *
     * @param in channels of the map
     * @param block s along each axis
     */
    public PixelHead(int in, List<Integer> block) {
        this.block = block;
        conv = part("", new Conv(3, in, block.stream().reduce(1, Math::multiplyExact), 1, 1, true));
    }

    /** [B, C, X, Y, Z] → [B, 1, s·X, s·Y, s·Z]. */
    public Tensor forward(Tensor map) {
        return shuffled(conv.forward(map), block);
    }

    /** [B, C·s³, X, Y, Z] → [B, C, s·X, s·Y, s·Z]. */
    public static Tensor shuffled(Tensor map, List<Integer> block) {
        long b = map.size(0);
        long[] s = block.stream().mapToLong(Integer::longValue).toArray();
        long c = map.size(1) / (s[0] * s[1] * s[2]);
        Tensor apart = map.reshape(b, c, s[0], s[1], s[2], map.size(2), map.size(3), map.size(4));
        return Rearrange.permute(apart, 0, 1, 5, 2, 6, 3, 7, 4)
                .reshape(b, c, s[0] * map.size(2), s[1] * map.size(3), s[2] * map.size(4));
    }
}
