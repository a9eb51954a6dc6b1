package org.voco4j.engine.nn;

import java.util.List;
import org.voco4j.engine.tensor.Tensor;

/**
 * The backbone that pre-training teaches: a crop in, feature maps of several levels out; its weights are under the keys of
 * published checkpoints.
 */
public abstract class Encoder extends Module {
    /**
     * The feature maps of a batch of crops, finest level first.
     *
     * @param x [B, C, X, Y, Z]
     * @return one [B, C_l, X_l, Y_l, Z_l] per level
     */
    public abstract List<Tensor> levels(Tensor x);

    /** The number of channels of each level. */
    public abstract List<Integer> channels();

    /**
     * Whether what comes of a sample depends on the others of its batch, as with batch norm.
     *
     * <p>Only where it does not, a batch can go through in chunks and give the same features and gradients.
     */
    public abstract boolean mixesSamples();

    /**
     * Whether it can take maps of this size: its norms need more than one voxel at the coarsest level.
     *
     * @param size voxels along each axis
     */
    public abstract boolean takes(long... size);

    /** The places along each axis that a table of positions has, the last axis varying fastest; empty if there is no table. */
    public List<Integer> positionGrid() {
        return List.of();
    }

    /**
     * The smallest edge of a cubic crop that it can take.
     *
     * @throws IllegalStateException if it takes none, being built for another shape
     */
    public final int smallestCrop() {
        for (int edge = 1; edge <= 1024; edge++) {
            if (takesEdge(edge)) {
                return edge;
            }
        }
        throw new IllegalStateException("it takes no cubic crop");
    }

    /** Whether it can take a crop of that edge: a cube, unless it says otherwise. */
    protected boolean takesEdge(int edge) {
        return takes(edge, edge, edge);
    }

    /** Multiply–adds of one forward pass of one cubic crop, for predicting time. */
    public abstract long multiplyAdds(int crop);
}
