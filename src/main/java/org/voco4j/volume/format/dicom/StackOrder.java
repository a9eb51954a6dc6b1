package org.voco4j.volume.format.dicom;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Slices of one direction in the order of their positions along their normal, the cross product of the directions of a row and
 * a column.
 *
 * @param slices in order
 * @param row the direction of a row
 * @param column the direction of a column
 * @param normal the direction across them
 * @param at the position of each slice along the normal, mm
 */
record StackOrder(List<Slice> slices, double[] row, double[] column, double[] normal, double[] at) {
    private static final double SAME_PLACE = 1e-3; // mm

    /** Sorts slices that all have a position. */
    static StackOrder of(List<Slice> slices) {
        double[] o = known(slices.get(0).orientation());
        double[] row = {o[0], o[1], o[2]};
        double[] column = {o[3], o[4], o[5]};
        double[] normal = {
            row[1] * column[2] - row[2] * column[1],
            row[2] * column[0] - row[0] * column[2],
            row[0] * column[1] - row[1] * column[0]
        };
        List<Slice> sorted = new ArrayList<>(slices);
        sorted.sort(Comparator.comparingDouble(slice -> dot(normal, known(slice.position()))));
        double[] at = sorted.stream()
                .mapToDouble(slice -> dot(normal, known(slice.position())))
                .toArray();
        return new StackOrder(List.copyOf(sorted), row, column, normal, at);
    }

    static double[] known(double @Nullable [] geometry) {
        if (geometry == null) {
            throw new IllegalArgumentException("expected slices that say where they lie");
        }
        return geometry;
    }

    static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    /** Whether two slices lie at one place. */
    boolean hasRepeats() {
        return firstRepeat() >= 0;
    }

    /** The first slice that has others at its place; −1 if there is none. */
    int firstRepeat() {
        for (int i = 1; i < at.length; i++) {
            if (isRepeat(i)) {
                return i - 1;
            }
        }
        return -1;
    }

    /** Whether a slice lies at the place of the one before. */
    boolean isRepeat(int i) {
        return at[i] - at[i - 1] < SAME_PLACE;
    }

    /** How far a slice's first pixel lies from that of the first slice along a direction in the slices, mm. */
    double shift(int i, double[] direction) {
        double[] from = known(slices.get(0).position());
        double[] to = known(slices.get(i).position());
        return dot(direction, to) - dot(direction, from);
    }
}
