package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * Boxes of a crop that are filled with noise or with another crop (Tang et al., Swin UNETR's pre-training, CVPR 2022, §3.2: cut-out).
 *
 * <p>Boxes are drawn until their volumes add up to a share of the crop's; where they overlap, voxels count twice.
 */
public final class Blots {
    private static final int SHORTEST = 2; // voxels: of one, noise could not be brought to [0, 1]

    private Blots() {}

    /**
     * Draws boxes of 5 to 25 % of an edge (2 voxels at least), cut at the crop's border.
     *
     * @param share of the crop's volume that they add up to at least
     */
    public static List<Box> draw(Shape3 shape, double share, SplittableRandom random) {
        List<Box> boxes = new ArrayList<>();
        double left = share * shape.voxels();
        while (left > 0) {
            int[] low = new int[3];
            int[] high = new int[3];
            for (int axis = 0; axis < 3; axis++) {
                int n = shape.along(axis);
                int least = Math.min(n, Math.max(SHORTEST, n / 20));
                low[axis] = random.nextInt(Math.max(1, n - least));
                high[axis] = Math.min(n, low[axis] + random.nextInt(least, Math.max(least + 1, n / 4)));
            }
            Box box = new Box(low[0], low[1], low[2], high[0], high[1], high[2]);
            boxes.add(box);
            left -= box.voxels();
        }
        return boxes;
    }

    /**
     * A crop with boxes of noise, one after another; each box is brought to [0, 1] by its own smallest and largest number.
     *
     * @param normals numbers of the boxes, row by row
     */
    public static float[] noise(float[] crop, Shape3 shape, List<Box> boxes, double[] normals) {
        float[] blotted = crop.clone();
        int from = 0;
        for (Box box : boxes) {
            int to = from + Math.toIntExact(box.voxels());
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = from; i < to; i++) {
                least = Math.min(least, normals[i]);
                most = Math.max(most, normals[i]);
            }
            for (int x = box.x0(); x < box.x1(); x++) {
                for (int y = box.y0(); y < box.y1(); y++) {
                    for (int z = box.z0(); z < box.z1(); z++) {
                        blotted[shape.index(x, y, z)] = (float) ((normals[from++] - least) / (most - least));
                    }
                }
            }
        }
        return blotted;
    }

    /** A crop with boxes of standard normal noise. */
    public static float[] noise(float[] crop, Shape3 shape, List<Box> boxes, SplittableRandom random) {
        double[] normals =
                new double[Math.toIntExact(boxes.stream().mapToLong(Box::voxels).sum())];
        for (int i = 0; i < normals.length; i++) {
            normals[i] = random.nextGaussian();
        }
        return noise(crop, shape, boxes, normals);
    }
}
