package org.voco4j.network.transformer;

import java.util.List;

/**
 * The sizes of a {@link Unetr}.
 *
 * @param features f, channels of its finest map
 * @param hidden h, numbers of a token
 * @param perceptron hidden numbers of the perceptron in a transformer block
 * @param heads of the attention, which share out the h numbers
 * @param patch p, voxels of a patch along x, y, z: powers of two up to 16; for images of 2 axes the first two count
 * @param blocks N of the transformer
 */
public record UnetrForm(int features, int hidden, int perceptron, int heads, List<Integer> patch, int blocks) {
    /** Levels of the pyramid above the tokens. */
    static final int LEVELS = 4;

    /** Blocks whose tokens are read for the pyramid, beside the last. */
    static final int TAPS = 3;

    private static final int LONGEST = 1 << LEVELS;

    /** The patch as published. */
    public static final List<Integer> PATCH = List.of(LONGEST, LONGEST, LONGEST);

    /** The blocks as published. */
    public static final int BLOCKS = 12;

    /** As published: ViT-B/16 and f = 16. */
    public static final UnetrForm BASE = new UnetrForm(16, 768, 3072, 12);

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is below 1, if the heads cannot share the numbers of a token out evenly, or if a
     *     patch does not have three powers of two up to 16
     */
    public UnetrForm {
        if (features < 1 || hidden < 1 || perceptron < 1 || heads < 1 || blocks < 1) {
            throw new IllegalArgumentException("the sizes of a UNETR are 1 or more, not features " + features
                    + ", hidden " + hidden + ", perceptron " + perceptron + ", heads " + heads + ", blocks " + blocks);
        }
        if (hidden % heads != 0) {
            throw new IllegalArgumentException(
                    "the hidden size of a UNETR must be a multiple of its " + heads + " heads, not " + hidden);
        }
        if (patch.size() != 3
                || patch.stream().anyMatch(edge -> edge < 1 || edge > LONGEST || Integer.bitCount(edge) != 1)) {
            throw new IllegalArgumentException(
                    "a patch of a UNETR has 1, 2, 4, 8 or 16 voxels along each of x, y, z, so that its maps fit a"
                            + " pyramid, not " + patch);
        }
        patch = List.copyOf(patch);
    }

    /** With patches and blocks as published. */
    public UnetrForm(int features, int hidden, int perceptron, int heads) {
        this(features, hidden, perceptron, heads, PATCH, BLOCKS);
    }

    /** Voxels of a patch along each of so many axes. */
    List<Integer> patch(int dims) {
        return patch.subList(0, dims);
    }

    /**
     * The number of the block, from 1, whose tokens level 1, 2 or 3 is made of: 1 + ⌊level·N/4⌋, of 12 blocks 4, 7 and 10 (the
     * paper says 3, 6, 9; MONAI counts from 0).
     */
    int tap(int level) {
        return 1 + level * blocks / (TAPS + 1);
    }

    /**
     * How many times as fine a level is as the next coarser one, along x, y, z.
     *
     * <p>A voxel of level l stands for min(2ˡ, p) of the image along an axis, so that level 0 is the image, and level 4 the tokens: an
     * axis whose patch is shorter than 16 is no longer halved where its patch is reached.
     */
    List<Integer> step(int level) {
        return patch.stream()
                .map(edge -> Math.min(2 << level, edge) / Math.min(1 << level, edge))
                .toList();
    }
}
