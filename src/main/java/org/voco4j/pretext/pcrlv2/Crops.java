package org.voco4j.pretext.pcrlv2;

import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.pair.PairedViews;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** Small crops in or near two large ones, and parts of a crop that change places. */
final class Crops {
    private static final int BESIDE = 3; // voxels
    private static final int SHORTEST = 4; // voxels: less says nothing
    private static final List<List<Double>> SIZES = List.of(
            List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.5), List.of(0.5, 0.5, 1.0), List.of(0.125, 0.125, 0.25));
    private static final int[] PARTS = {8, 16, 8}; // of an edge: 8, 4, 4 of 64, 64, 32 voxels

    private Crops() {}

    /**
     * A crop that begins in the hull of a pair or up to 3 voxels beside it, of one of the source's sizes over its input of 64×64×32 voxels: of a base here
     * 0.5×0.5×0.5, 0.25×0.25×0.5, 0.5×0.5×1 or 0.125×0.125×0.25, 4 voxels along an axis at least.
     */
    static Box local(Shape3 scan, PairedViews pair, SplittableRandom random) {
        Shape3 base = RandomCrop.size(scan, PretextMethod.GRID);
        List<Double> size = SIZES.get(random.nextInt(SIZES.size()));
        int[] at = new int[3];
        int[] edge = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int all = scan.along(axis);
            edge[axis] = (int) Math.min(all, Math.max(SHORTEST, Math.round(size.get(axis) * base.along(axis))));
            int low = Math.max(0, Math.min(pair.first().low(axis), pair.second().low(axis)) - BESIDE);
            int high = Math.min(
                    all, Math.max(pair.first().high(axis), pair.second().high(axis)) + BESIDE);
            at[axis] = Math.min(all - edge[axis], low + random.nextInt(high - low));
        }
        return Box.at(at[0], at[1], at[2], new Shape3(edge[0], edge[1], edge[2]));
    }

    /** A crop of which so many pairs of parts, ⅛×1/16×⅛ of it each, changed places one after another. */
    static float[] swapped(float[] crop, Shape3 shape, int swaps, SplittableRandom random) {
        float[] out = crop.clone();
        int[] size = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            size[axis] = Math.max(1, shape.along(axis) / PARTS[axis]);
        }
        for (int i = 0; i < swaps; i++) {
            int[] one = place(shape, size, random);
            int[] other = place(shape, size, random);
            float[] first = taken(out, shape, size, one);
            float[] second = taken(out, shape, size, other);
            put(second, out, shape, size, one);
            put(first, out, shape, size, other);
        }
        return out;
    }

    private static int[] place(Shape3 shape, int[] size, SplittableRandom random) {
        return new int[] {
            random.nextInt(shape.x() - size[0] + 1),
            random.nextInt(shape.y() - size[1] + 1),
            random.nextInt(shape.z() - size[2] + 1)
        };
    }

    private static float[] taken(float[] crop, Shape3 shape, int[] size, int[] at) {
        float[] part = new float[size[0] * size[1] * size[2]];
        for (int x = 0; x < size[0]; x++) {
            for (int y = 0; y < size[1]; y++) {
                int row = (x * size[1] + y) * size[2];
                System.arraycopy(crop, shape.index(at[0] + x, at[1] + y, at[2]), part, row, size[2]);
            }
        }
        return part;
    }

    private static void put(float[] part, float[] crop, Shape3 shape, int[] size, int[] at) {
        for (int x = 0; x < size[0]; x++) {
            for (int y = 0; y < size[1]; y++) {
                int row = (x * size[1] + y) * size[2];
                System.arraycopy(part, row, crop, shape.index(at[0] + x, at[1] + y, at[2]), size[2]);
            }
        }
    }

    /** A view of mean 0 and deviation 1, where it lies; of one value all become 0. */
    static float[] normalised(float[] view) {
        double sum = 0;
        double squares = 0;
        for (float value : view) {
            sum += value;
        }
        double mean = sum / view.length;
        for (float value : view) {
            squares += (value - mean) * (value - mean);
        }
        double deviation = Math.sqrt(squares / view.length);
        for (int i = 0; i < view.length; i++) {
            view[i] = deviation > 0 ? (float) ((view[i] - mean) / deviation) : 0;
        }
        return view;
    }
}
