package org.voco4j.measure.feature;

import java.util.Arrays;

/** Spearman's ρ: the Pearson correlation of the ranks, where tied values share the mean of their ranks. */
public final class RankCorrelation {
    private RankCorrelation() {}

    /**
     * ρ of two lists of the same length; 0 where one of them is constant and ρ undefined.
     *
     * @throws IllegalArgumentException if the lengths differ
     */
    public static double spearman(double[] u, double[] v) {
        if (u.length != v.length) {
            throw new IllegalArgumentException("two lists of the same length, not " + u.length + " and " + v.length);
        }
        double[] ranksU = ranks(u);
        double[] ranksV = ranks(v);
        double middle = (u.length + 1) / 2.0;
        double uv = 0;
        double uu = 0;
        double vv = 0;
        for (int i = 0; i < u.length; i++) {
            double du = ranksU[i] - middle;
            double dv = ranksV[i] - middle;
            uv += du * dv;
            uu += du * du;
            vv += dv * dv;
        }
        return uu == 0 || vv == 0 ? 0 : uv / Math.sqrt(uu * vv);
    }

    /** Ranks from 1, the mean rank for ties. */
    static double[] ranks(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int below = 0;
            int equal = 0;
            for (double other : sorted) {
                if (other < values[i]) {
                    below++;
                } else if (other == values[i]) {
                    equal++;
                } else {
                    break;
                }
            }
            ranks[i] = below + (equal + 1) / 2.0;
        }
        return ranks;
    }
}
