package org.voco4j.volume;

/**
 * Brings a volume's axes to a named orientation by the closest permutation and flips; nothing is interpolated.
 *
 * <p>An orientation is three letters, one per axis, each saying toward which side of the patient the index grows: L or
 * R, P or A, I or S. An oblique axis counts as the patient axis it is closest to (largest |cosine| first). Voxels stay
 * where they were in the patient: only index and affine change. Source: MONAI {@code Orientation}, nibabel
 * {@code io_orientation}.
 */
public final class Orient {
    private static final String POSITIVE = "RAS";
    private static final String NEGATIVE = "LPI";

    private Orient() {}

    /** To RAS+, the orientation of everything inside this program. */
    public static Volume toRas(Volume volume) {
        return to(volume, POSITIVE);
    }

    /**
     * To the given orientation, for example {@code LPS}.
     *
     * @throws IllegalArgumentException if the codes do not name each patient axis once
     */
    public static Volume to(Volume volume, String codes) {
        return map(volume.affine(), codes).apply(volume);
    }

    /** The reordering that brings a grid to RAS+. */
    static AxisMap toRas(Affine affine) {
        return map(affine, POSITIVE);
    }

    private static AxisMap map(Affine affine, String codes) {
        int[] patientAxis = new int[3]; // of each input axis
        boolean[] backwards = new boolean[3];
        closest(affine, patientAxis, backwards);
        int[] source = new int[3];
        boolean[] reversed = new boolean[3];
        boolean[] seen = new boolean[3];
        for (int d = 0; d < 3; d++) {
            int wanted = codes.length() == 3 ? axis(codes.charAt(d)) : -1;
            if (wanted < 0 || seen[wanted]) {
                throw new IllegalArgumentException(
                        "an orientation is one of R/L, one of A/P and one of S/I in any order, not '" + codes + "'");
            }
            seen[wanted] = true;
            for (int in = 0; in < 3; in++) {
                if (patientAxis[in] == wanted) {
                    source[d] = in;
                    reversed[d] = backwards[in] != (NEGATIVE.indexOf(codes.charAt(d)) >= 0);
                }
            }
        }
        return new AxisMap(source, reversed);
    }

    /** The orientation a grid has now, for example {@code LPS}. */
    public static String codes(Affine affine) {
        int[] patientAxis = new int[3];
        boolean[] backwards = new boolean[3];
        closest(affine, patientAxis, backwards);
        StringBuilder codes = new StringBuilder();
        for (int d = 0; d < 3; d++) {
            codes.append((backwards[d] ? NEGATIVE : POSITIVE).charAt(patientAxis[d]));
        }
        return codes.toString();
    }

    private static int axis(char code) {
        return Math.max(POSITIVE.indexOf(code), NEGATIVE.indexOf(code));
    }

    private static void closest(Affine affine, int[] patientAxis, boolean[] backwards) {
        Spacing mm = affine.spacing();
        boolean[] usedIn = new boolean[3];
        boolean[] usedOut = new boolean[3];
        for (int round = 0; round < 3; round++) {
            int bestIn = -1;
            int bestOut = -1;
            double best = -1;
            for (int in = 0; in < 3; in++) {
                for (int out = 0; out < 3; out++) {
                    double cosine = Math.abs(affine.at(out, in)) / mm.along(in);
                    if (!usedIn[in] && !usedOut[out] && cosine > best) {
                        best = cosine;
                        bestIn = in;
                        bestOut = out;
                    }
                }
            }
            usedIn[bestIn] = true;
            usedOut[bestOut] = true;
            patientAxis[bestIn] = bestOut;
            backwards[bestIn] = affine.at(bestOut, bestIn) < 0;
        }
    }
}
