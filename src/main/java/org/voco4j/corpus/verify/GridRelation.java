package org.voco4j.corpus.verify;

import java.util.List;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;

/**
 * How another grid lies to a grid: with M = B⁻¹·A the map from a's voxel indices to b's, they share a lattice if M
 * turns axes and shifts by whole voxels, to a thousandth of a voxel at every corner of a.
 *
 * @param kind how they lie
 * @param shift where a's voxel (0, 0, 0) is in b, in voxels of b; empty unless they share a lattice
 * @param low the lowest index in b that a voxel of a has, per axis of b; empty unless they share a lattice
 * @param high the highest index; empty unless they share a lattice
 */
record GridRelation(Kind kind, List<Integer> shift, List<Integer> low, List<Integer> high) {
    private static final double TOLERANCE = 1e-3; // voxels, as SameGrid

    enum Kind {
        /** The same voxels at the same indices. */
        SAME,
        /** The same voxels with axes in another order or direction. */
        TURNED,
        /** On one lattice, other voxels of it; axes alike. */
        SHIFTED,
        /** On one lattice, other voxels of it; axes in another order or direction. */
        SHIFTED_AND_TURNED,
        /** Voxels at other places. */
        OTHER
    }

    static GridRelation of(Shape3 a, Affine ofA, Shape3 b, Affine ofB) {
        Affine map = ofB.inverse().times(ofA);
        double[] rows = new double[12];
        boolean straight = true;
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 4; c++) {
                rows[r * 4 + c] = Math.rint(map.at(r, c));
            }
            straight &= rows[r * 4 + r] == 1;
        }
        Affine whole = Affine.ofRows(rows);
        if (!turnsAxes(whole) || !meet(a, map, whole)) {
            return new GridRelation(Kind.OTHER, List.of(), List.of(), List.of());
        }
        double[] from = whole.apply(0, 0, 0);
        double[] to = whole.apply(a.x() - 1, a.y() - 1, a.z() - 1);
        Integer[] low = new Integer[3];
        Integer[] high = new Integer[3];
        boolean fits = true;
        for (int d = 0; d < 3; d++) {
            low[d] = (int) Math.min(from[d], to[d]);
            high[d] = (int) Math.max(from[d], to[d]);
            fits &= low[d] == 0 && high[d] == b.along(d) - 1;
        }
        Kind kind = fits ? straight ? Kind.SAME : Kind.TURNED : straight ? Kind.SHIFTED : Kind.SHIFTED_AND_TURNED;
        return new GridRelation(
                kind, List.of((int) from[0], (int) from[1], (int) from[2]), List.of(low), List.of(high));
    }

    /** Whether every voxel of a is a voxel of b. */
    boolean covers(Shape3 b) {
        for (int d = 0; d < low.size(); d++) {
            if (low.get(d) < 0 || high.get(d) >= b.along(d)) {
                return false;
            }
        }
        return !low.isEmpty();
    }

    /** Whether each axis runs along one other, one way or the other. */
    private static boolean turnsAxes(Affine map) {
        for (int d = 0; d < 3; d++) {
            double row = 0;
            double column = 0;
            for (int e = 0; e < 3; e++) {
                row += Math.abs(map.at(d, e));
                column += Math.abs(map.at(e, d));
            }
            if (row != 1 || column != 1) {
                return false;
            }
        }
        return true;
    }

    private static boolean meet(Shape3 shape, Affine map, Affine whole) {
        for (int corner = 0; corner < 8; corner++) {
            double[] at = new double[3];
            for (int d = 0; d < 3; d++) {
                at[d] = (corner >> d & 1) * (shape.along(d) - 1);
            }
            double[] exact = map.apply(at[0], at[1], at[2]);
            double[] rounded = whole.apply(at[0], at[1], at[2]);
            for (int d = 0; d < 3; d++) {
                if (!(Math.abs(exact[d] - rounded[d]) <= TOLERANCE) || Math.abs(rounded[d]) > 1e9) {
                    return false;
                }
            }
        }
        return true;
    }
}
