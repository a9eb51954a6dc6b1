package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * Boxes of a crop that are painted over with noise, or all around boxes that are kept (Zhou et al., Models Genesis, MedIA 2021,
 * §3.3 and 3.4: in-painting and out-painting).
 *
 * <p>Boxes keep 3 voxels from the border; along an axis too short for that they span the crop.
 */
public final class Painting {
    private static final int BORDER = 3;
    private static final int MOST = 5; // boxes
    private static final double ANOTHER = 0.95; // probability of each box after the one before

    private Painting() {}

    /** The boxes of in-painting: none to 5, of ⌊N/6⌋ to ⌊N/3⌋ voxels along an axis of N. */
    public static List<Box> inner(Shape3 shape, SplittableRandom random) {
        List<Box> boxes = new ArrayList<>();
        while (boxes.size() < MOST && random.nextDouble() < ANOTHER) {
            boxes.add(innerBox(shape, random));
        }
        return boxes;
    }

    /** One box of in-painting. */
    public static Box innerBox(Shape3 shape, SplittableRandom random) {
        return box(shape, random, n -> Math.max(1, n / 6), n -> Math.max(1, n / 3));
    }

    /** The boxes that out-painting keeps: one to 5, of N − ⌊4N/7⌋ to N − ⌊3N/7⌋ voxels along an axis of N. */
    public static List<Box> outer(Shape3 shape, SplittableRandom random) {
        List<Box> boxes = new ArrayList<>();
        do {
            boxes.add(outerBox(shape, random));
        } while (boxes.size() < MOST && random.nextDouble() < ANOTHER);
        return boxes;
    }

    /** One box that out-painting keeps. */
    public static Box outerBox(Shape3 shape, SplittableRandom random) {
        return box(shape, random, n -> n - 4 * n / 7, n -> n - 3 * n / 7);
    }

    private interface Edge {
        int of(int voxels);
    }

    private static Box box(Shape3 shape, SplittableRandom random, Edge least, Edge most) {
        int[] low = new int[3];
        int[] size = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int n = shape.along(axis);
            boolean fits = n - most.of(n) >= 2 * BORDER;
            size[axis] = fits ? random.nextInt(least.of(n), most.of(n) + 1) : n;
            low[axis] = fits ? random.nextInt(BORDER, n - size[axis] - BORDER + 1) : 0;
        }
        return Box.at(low[0], low[1], low[2], new Shape3(size[0], size[1], size[2]));
    }

    /** As many numbers in [0, 1) as a crop has voxels. */
    public static float[] noise(Shape3 shape, SplittableRandom random) {
        float[] noise = new float[Math.toIntExact(shape.voxels())];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextDouble();
        }
        return noise;
    }

    /** A crop that is another one in boxes: of {@code under}, with the boxes of {@code over}. */
    public static float[] of(float[] under, float[] over, Shape3 shape, List<Box> boxes) {
        float[] painted = under.clone();
        for (Box box : boxes) {
            int length = box.z1() - box.z0();
            for (int x = box.x0(); x < box.x1(); x++) {
                for (int y = box.y0(); y < box.y1(); y++) {
                    int row = (x * shape.y() + y) * shape.z() + box.z0();
                    System.arraycopy(over, row, painted, row, length);
                }
            }
        }
        return painted;
    }
}
