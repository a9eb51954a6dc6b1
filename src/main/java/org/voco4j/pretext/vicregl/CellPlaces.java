package org.voco4j.pretext.vicregl;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * Where the cells of a view's map lie in the scan.
 *
 * <pre>  cell i of N along an axis of a crop from o, of s voxels: o + (i + ½)·s/N </pre>
 *
 * @param coordinates of each axis, cell after cell, in voxels of the scan
 */
record CellPlaces(double[][] coordinates) {

    /** Cells of a view that are matched: number a of this view with number b of the other. */
    record Matches(int[] own, int[] other) {}

    /**
     * The cells of a crop.
     *
     * @param cells of the map along each axis, as many along x as along y
     * @param moved how the view was flipped and turned, with its cells
     */
    static CellPlaces of(Box box, Shape3 cells, CropAugmentation.View moved) {
        double[][] coordinates = new double[3][Math.toIntExact(cells.voxels())];
        for (int axis = 0; axis < 3; axis++) {
            float[] along = new float[coordinates[axis].length];
            double step = box.shape().along(axis) / (double) cells.along(axis);
            for (int i = 0; i < along.length; i++) {
                int[] cell = {i / (cells.y() * cells.z()), i / cells.z() % cells.y(), i % cells.z()};
                along[i] = (float) (box.low(axis) + (cell[axis] + 0.5) * step);
            }
            float[] shown = moved.apply(along, cells.x());
            for (int i = 0; i < shown.length; i++) {
                coordinates[axis][i] = shown[i];
            }
        }
        return new CellPlaces(coordinates);
    }

    private double distance(int cell, CellPlaces other, int to) {
        double sum = 0;
        for (int axis = 0; axis < coordinates.length; axis++) {
            double apart = coordinates[axis][cell] - other.coordinates[axis][to];
            sum += apart * apart;
        }
        return Math.sqrt(sum);
    }

    /** The nearest cell of another view, for each cell; of several the first. */
    int[] nearest(CellPlaces other) {
        int[] nearest = new int[coordinates[0].length];
        for (int cell = 0; cell < nearest.length; cell++) {
            for (int to = 1; to < other.coordinates[0].length; to++) {
                if (distance(cell, other, to) < distance(cell, other, nearest[cell])) {
                    nearest[cell] = to;
                }
            }
        }
        return nearest;
    }

    /** How far the nearest cells of another view are. */
    double[] distances(CellPlaces other) {
        int[] nearest = nearest(other);
        return IntStream.range(0, nearest.length)
                .mapToDouble(cell -> distance(cell, other, nearest[cell]))
                .toArray();
    }

    /** The {@code count} cells whose nearest of another view is nearest, in the order of the map; of equal ones the first. */
    Matches matches(CellPlaces other, int count) {
        int[] nearest = nearest(other);
        double[] distances = distances(other);
        int[] own = IntStream.range(0, nearest.length)
                .boxed()
                .sorted(Comparator.comparingDouble(cell -> distances[cell]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        return new Matches(own, Arrays.stream(own).map(cell -> nearest[cell]).toArray());
    }
}
