package org.voco4j.pretext.part;

import java.util.SplittableRandom;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * Small blocks of a crop whose voxels lie in another order (Zhou et al., Models Genesis, MedIA 2021, §3.2: local pixel shuffling).
 *
 * <p>Every block is filled from the crop as it was before, so that later blocks write over earlier ones and nothing is shuffled twice.
 */
public final class LocalShuffle {
    private static final int PART = 10; // of an edge, at most, along a block
    private static final int LEAST =
            2; // voxels along the largest block where a tenth is fewer, or nothing would be shuffled
    private static final int VOXELS_OF_BLOCK = 13; // 10,000 blocks in 64×64×32 voxels, as the source has them

    private LocalShuffle() {}

    /**
     * Shuffles a block.
     *
     * @param from the crop as it was, z fastest
     * @param into the crop that is written to, as large
     * @param order voxel i of the block, row by row, becomes its voxel order[i] of before
     */
    public static void block(float[] from, float[] into, Shape3 shape, Box block, int[] order) {
        Shape3 size = block.shape();
        int i = 0;
        for (int x = block.x0(); x < block.x1(); x++) {
            for (int y = block.y0(); y < block.y1(); y++) {
                for (int z = block.z0(); z < block.z1(); z++) {
                    int source = order[i++];
                    int fromX = block.x0() + source / (size.y() * size.z());
                    int fromY = block.y0() + source / size.z() % size.y();
                    int fromZ = block.z0() + source % size.z();
                    into[(x * shape.y() + y) * shape.z() + z] = from[(fromX * shape.y() + fromY) * shape.z() + fromZ];
                }
            }
        }
    }

    /** As Models Genesis does: a block for every 13 voxels. */
    public static float[] of(float[] crop, Shape3 shape, SplittableRandom random) {
        return of(crop, shape, crop.length / VOXELS_OF_BLOCK, random);
    }

    /** Shuffles so many blocks, each 1 to ⌊N/10⌋ voxels along an axis of N, or to 2 where that is 1, anywhere in the crop. */
    public static float[] of(float[] crop, Shape3 shape, int blocks, SplittableRandom random) {
        float[] shuffled = crop.clone();
        for (int b = 0; b < blocks; b++) {
            Shape3 size = new Shape3(edge(shape.x(), random), edge(shape.y(), random), edge(shape.z(), random));
            Box block = Box.at(
                    random.nextInt(shape.x() - size.x() + 1),
                    random.nextInt(shape.y() - size.y() + 1),
                    random.nextInt(shape.z() - size.z() + 1),
                    size);
            block(crop, shuffled, shape, block, order((int) size.voxels(), random));
        }
        return shuffled;
    }

    private static int edge(int voxels, SplittableRandom random) {
        return 1 + random.nextInt(Math.min(voxels, Math.max(LEAST, voxels / PART)));
    }

    private static int[] order(int count, SplittableRandom random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) { // Fisher and Yates, from within
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
