package org.voco4j.pretext.part;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/** Masks over cells of crops, which are hidden or seen as a whole. */
public final class TokenMask {
    private TokenMask() {}

    /** 1 for the share of cells whose number is largest, rounded down but at least one, else 0. */
    public static float[] draw(double[] noise, double ratio) {
        float[] mask = new float[noise.length];
        IntStream.range(0, noise.length)
                .boxed()
                .sorted(Comparator.comparingDouble(cell -> -noise[cell]))
                .limit(Math.max(1, (long) (ratio * noise.length)))
                .forEach(cell -> mask[cell] = 1);
        return mask;
    }

    /** Cells [B, x, y, z] as a map of the crops' voxels: [B, 1, X, Y, Z]. */
    public static Tensor spread(Tensor cells, Tensor crops) {
        return spread(cells, crops, Collections.nCopies(3, 1));
    }

    /** Cells [B, x, y, z] as a map of patches of so many voxels along each axis of the crops: [B, 1, X/p, Y/p, Z/p]. */
    public static Tensor spread(Tensor cells, Tensor crops, List<Integer> patch) {
        long[] shape = {cells.size(0), cells.size(1), 1, cells.size(2), 1, cells.size(3), 1};
        long[] more = {1, 1, 1, 1, 1, 1, 1};
        long[] map = {cells.size(0), 1, 0, 0, 0};
        for (int axis = 0; axis < 3; axis++) {
            map[2 + axis] = Math.max(1, crops.size(2 + axis) / patch.get(axis));
            more[2 + 2 * axis] = map[2 + axis] / cells.size(1 + axis);
        }
        Tensor room = Tensor.zeros(cells.type(), more).to(cells.device());
        return cells.reshape(shape).plus(room).reshape(map);
    }

    /** The numbers of cells, those with the smallest noise first. */
    public static int[] order(double[] noise) {
        return IntStream.range(0, noise.length)
                .boxed()
                .sorted(Comparator.comparingDouble(cell -> noise[cell]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Each hidden voxel beside a known one becomes the mean of the known ones around it, until all are known. */
    public static Tensor filled(Tensor crops, Tensor seen) {
        Tensor around = Tensor.zeros(DType.F32, 1, 1, 3, 3, 3).plus(1).to(crops.device());
        Tensor values = crops.times(seen);
        Tensor known = seen;
        while (known.mean().item() < 1) {
            Tensor count = Ops.conv(known, around, null, 1);
            Tensor now = Ops.isAbove(count, 0.5);
            Tensor means = Ops.conv(values, around, null, 1).over(count.atLeast(1));
            values = values.plus(means.times(now.minus(known)));
            known = now;
        }
        return values;
    }
}
