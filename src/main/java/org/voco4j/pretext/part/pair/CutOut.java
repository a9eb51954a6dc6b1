package org.voco4j.pretext.part.pair;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.voco4j.volume.Shape3;

/** Cubes of a view that become its mean value, each a seventh of an edge long, with their centres anywhere (DeVries and Taylor 2017). */
public final class CutOut {
    private static final double EDGE = 1.0 / 7; // 32 of 224 pixels

    private CutOut() {}

    /** A view with so many cubes cut out, where it lies. */
    public static float[] of(float[] view, Shape3 shape, int cubes, SplittableRandom random) {
        double sum = 0;
        for (float value : view) {
            sum += value;
        }
        float mean = (float) (sum / view.length);
        for (int i = 0; i < cubes; i++) {
            int[] low = new int[3];
            int[] high = new int[3];
            for (int axis = 0; axis < 3; axis++) {
                int edge = (int) Math.max(1, Math.round(EDGE * shape.along(axis)));
                low[axis] = random.nextInt(shape.along(axis)) - edge / 2;
                high[axis] = Math.min(shape.along(axis), low[axis] + edge);
                low[axis] = Math.max(0, low[axis]);
            }
            for (int x = low[0]; x < high[0]; x++) {
                for (int y = low[1]; y < high[1]; y++) {
                    Arrays.fill(view, shape.index(x, y, low[2]), shape.index(x, y, high[2] - 1) + 1, mean);
                }
            }
        }
        return view;
    }
}
