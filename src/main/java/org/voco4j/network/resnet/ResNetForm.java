package org.voco4j.network.resnet;

import java.util.Collections;
import java.util.List;

/**
 * What distinguishes one {@link ResNet} from another.
 *
 * @param block what it is made of
 * @param blocks how many of them each level has
 * @param planes how many channels the 3x3x3 convolutions of each level have
 * @param stride of the first convolution
 * @param shortcut what goes past a block that changes the shape
 */
public record ResNetForm(Block block, List<Integer> blocks, List<Integer> planes, int stride, Shortcut shortcut) {

    /** The kinds of block (He et al. 2016, Fig. 5). */
    public enum Block {
        /** Convolutions of 3, 3 voxels. */
        BASIC(1),
        /** Convolutions of 1, 3, 1 voxels, the last to four times the channels. */
        BOTTLENECK(4);

        private final int expansion;

        Block(int expansion) {
            this.expansion = expansion;
        }

        /** Channels that leave the block for each plane. */
        int expansion() {
            return expansion;
        }
    }

    /** What goes past a block that halves the map or changes its channels (He et al. 2016, §3.3). */
    public enum Shortcut {
        /** Type A: every second voxel, new channels zero. As in the original nothing is learned through it: it has no gradient. */
        PADDED,
        /** Type B: a 1x1x1 convolution and a norm. */
        PROJECTED,
        /** Type B whose convolution has a bias, which the norm makes superfluous: MONAI's default. */
        PROJECTED_WITH_BIAS
    }

    private static final List<Integer> PLANES = List.of(64, 128, 256, 512);

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is not one number of planes for each level, a number is below 1, or padding
     *     would have to take channels away
     */
    public ResNetForm {
        blocks = List.copyOf(blocks);
        planes = List.copyOf(planes);
        if (blocks.isEmpty() || blocks.size() != planes.size()) {
            throw new IllegalArgumentException(
                    "a ResNet has planes for each of its levels, not " + planes + " for blocks " + blocks);
        }
        if (stride < 1 || Collections.min(blocks) < 1 || Collections.min(planes) < 1) {
            throw new IllegalArgumentException("the numbers of a ResNet are at least 1, not blocks " + blocks
                    + ", planes " + planes + ", stride " + stride);
        }
        for (int level = 1; shortcut == Shortcut.PADDED && level < planes.size(); level++) {
            if (planes.get(level) < planes.get(level - 1)) {
                throw new IllegalArgumentException(
                        "padded shortcuts can only add channels, not lead through " + planes);
            }
        }
    }

    /**
     * MONAI's {@code resnet10} … {@code resnet200} with their default arguments.
     *
     * @throws IllegalArgumentException for other depths than 10, 18, 34, 50, 101, 152, 200
     */
    public static ResNetForm monai(int depth) {
        return new ResNetForm(block(depth), blocks(depth), PLANES, 1, Shortcut.PROJECTED_WITH_BIAS);
    }

    /**
     * The networks whose weights MedicalNet publishes (Chen et al. 2019), of depth 18 and 34 with padded shortcuts.
     *
     * @throws IllegalArgumentException for other depths than 10, 18, 34, 50, 101, 152, 200
     */
    public static ResNetForm medicalNet(int depth) {
        Shortcut shortcut = depth == 18 || depth == 34 ? Shortcut.PADDED : Shortcut.PROJECTED;
        return new ResNetForm(block(depth), blocks(depth), PLANES, 2, shortcut);
    }

    private static Block block(int depth) {
        return depth < 50 ? Block.BASIC : Block.BOTTLENECK;
    }

    private static List<Integer> blocks(int depth) {
        return switch (depth) {
            case 10 -> List.of(1, 1, 1, 1);
            case 18 -> List.of(2, 2, 2, 2);
            case 34, 50 -> List.of(3, 4, 6, 3);
            case 101 -> List.of(3, 4, 23, 3);
            case 152 -> List.of(3, 8, 36, 3);
            case 200 -> List.of(3, 24, 36, 3);
            default ->
                throw new IllegalArgumentException(
                        "a standard ResNet has 10, 18, 34, 50, 101, 152 or 200 layers, not " + depth);
        };
    }
}
