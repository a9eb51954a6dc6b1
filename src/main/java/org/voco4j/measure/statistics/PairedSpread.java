package org.voco4j.measure.statistics;

import java.util.Arrays;

/**
 * What {@link PairedGain} and {@link PairedComparison} rest on: the mean of differences d_sc of S seeds on C cases, and how far it
 * scatters.
 *
 * @param mean of all differences
 * @param ofSeeds standard error of the mean by seeds, sd of the seeds' means / √S; 0 with one seed
 * @param ofCases the same by cases
 * @param rest s / √(SC) of what neither explains; 0 with one seed or one case
 * @param seeds S
 * @param cases C
 */
public record PairedSpread(double mean, double ofSeeds, double ofCases, double rest, int seeds, int cases) {

    /**
     * Measures differences.
     *
     * @throws IllegalArgumentException if there is no number, a row is of another length or a number is not finite
     */
    static PairedSpread of(double[][] differences) {
        check(differences);
        int seeds = differences.length;
        int cases = differences[0].length;
        double[] ofSeeds = new double[seeds];
        double[] ofCases = new double[cases];
        double mean = 0;
        for (int s = 0; s < seeds; s++) {
            for (int c = 0; c < cases; c++) {
                ofSeeds[s] += differences[s][c] / cases;
                ofCases[c] += differences[s][c] / seeds;
                mean += differences[s][c] / (seeds * (double) cases);
            }
        }
        double squares = 0;
        for (int s = 0; s < seeds; s++) {
            for (int c = 0; c < cases; c++) {
                double rest = differences[s][c] - ofSeeds[s] - ofCases[c] + mean;
                squares += rest * rest;
            }
        }
        double freedom = (seeds - 1.0) * (cases - 1.0);
        return new PairedSpread(
                mean,
                error(ofSeeds, mean),
                error(ofCases, mean),
                freedom == 0 ? 0 : Math.sqrt(squares / freedom / ((double) seeds * cases)),
                seeds,
                cases);
    }

    /** The standard error of a mean of independent values, sd / √n; 0 of one. */
    private static double error(double[] values, double mean) {
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1) / values.length);
    }

    /** Half of the interval that holds the truth with a probability, as {@link PairedGain} has it. */
    double half(double level) {
        if (seeds == 1 && cases == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double factorSeeds = seeds == 1 ? 0 : StudentT.twoSided(level, seeds - 1);
        double factorCases = cases == 1 ? 0 : StudentT.twoSided(level, cases - 1);
        double halfSeeds = factorSeeds * ofSeeds;
        double halfCases = factorCases * ofCases;
        double halfRest = Math.min(factorSeeds, factorCases) * rest;
        double narrowest = Math.max(halfSeeds, halfCases);
        return Math.sqrt(
                Math.max(narrowest * narrowest, halfSeeds * halfSeeds + halfCases * halfCases - halfRest * halfRest));
    }

    /**
     * What n seeds would leave on these cases, were they to scatter as these: the parts by seeds and of the rest become smaller, that by
     * cases alone, ofCases² − rest², stays.
     */
    PairedSpread withSeeds(int n) {
        double share = (double) seeds / n;
        return new PairedSpread(mean, ofSeeds * Math.sqrt(share), ofCases(share), rest * Math.sqrt(share), n, cases);
    }

    /** What no number of seeds would take away. */
    PairedSpread ofCasesAlone() {
        return new PairedSpread(mean, 0, ofCases(0), 0, seeds, cases);
    }

    private double ofCases(double share) {
        return Math.sqrt(Math.max(0, ofCases * ofCases - rest * rest) + rest * rest * share);
    }

    private static void check(double[][] differences) {
        if (differences.length == 0 || differences[0].length == 0) {
            throw new IllegalArgumentException("a gain needs at least 1 seed and 1 case");
        }
        for (double[] row : differences) {
            if (row.length != differences[0].length) {
                throw new IllegalArgumentException("every seed is tested on the same cases, not on "
                        + differences[0].length + " and on " + row.length);
            }
            for (double value : row) {
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException("a difference must be finite, not " + value);
                }
            }
        }
    }
}
