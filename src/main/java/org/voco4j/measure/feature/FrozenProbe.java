package org.voco4j.measure.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.measure.statistics.Bootstrap;
import org.voco4j.measure.statistics.Interval;

/**
 * The frozen probe: what a linear map can read from the features of crops, fitted on a few patients, tested on the others.
 *
 * <pre>  R² = mean over targets t of 1 − Σ (y_t − ŷ_t)² / Σ (y_t − ȳ_t)²,   ȳ the mean of the test crops </pre>
 *
 * <p>Targets are usually the crop's normalised position in the body, or its organ fractions. The map is a {@link Ridge}
 * whose strength is chosen by leaving out one fitting patient at a time, never on those of the test. Everything is
 * repeated over several draws of the fitting patients; the scans of one count as one with all their crops.
 *
 * @param mean the mean R² over the draws: 1 perfect, 0 no better than the mean, below 0 worse than that
 * @param sd the standard deviation between the draws
 * @param interval 95 %, bootstrapped over test patients and draws with the fits held fixed; below 3 patients [-∞, 1]
 * @param draws R² of each draw
 * @param strengths the ridge strength chosen in each draw
 */
public record FrozenProbe(double mean, double sd, Interval interval, List<Double> draws, List<Double> strengths) {
    private static final double[] GRID = {1e-3, 1e-2, 1e-1, 1, 10, 100, 1000};

    /** As many fitting scans and draws as the reports use by default. */
    public static final int FITTING_SCANS = 4;

    /** The default number of draws of the fitting scans. */
    public static final int DRAWS = 5;

    /**
     * Probes the crop features of a set of scans.
     *
     * @param unjoined the frozen features of every scan; bases and labels are not used
     * @param ofScans targets, per scan [K][T], one row per crop
     * @param fittingScans how many patients are fitted in a draw, at least 2; the others are the test
     * @param draws how many draws, at least 1
     * @param seed of the draws and the bootstrap
     * @throws IllegalArgumentException if the sizes do not match or no patient is left for the test
     */
    public static FrozenProbe of(
            List<ScanFeatures> unjoined, List<double[][]> ofScans, int fittingScans, int draws, long seed) {
        List<List<Integer>> patients = Patients.of(unjoined);
        check(unjoined, ofScans, patients.size(), fittingScans, draws);
        List<ScanFeatures> scans = new ArrayList<>();
        List<double[][]> targets = new ArrayList<>();
        for (List<Integer> own : patients) {
            scans.add(joined(own.stream().map(unjoined::get).toList()));
            targets.add(own.stream().map(ofScans::get).flatMap(Arrays::stream).toArray(double[][]::new));
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<Sums[]> tests = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        List<Double> strengths = new ArrayList<>();
        int[] once = Bootstrap.once(scans.size());
        for (int draw = 0; draw < draws; draw++) {
            boolean[] fitting = pick(scans.size(), fittingScans, random);
            double strength = chooseStrength(scans, targets, fitting);
            Ridge.Model model = ridge(scans, targets, fitting, -1).solve(strength);
            Sums[] test = new Sums[scans.size()];
            for (int s = 0; s < test.length; s++) {
                test[s] = fitting[s] ? new Sums(0) : Sums.of(model, scans.get(s), targets.get(s));
            }
            tests.add(test);
            scores.add(Sums.r2(test, once));
            strengths.add(strength);
        }
        double mean = scores.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double variance =
                scores.stream().mapToDouble(r -> (r - mean) * (r - mean)).sum() / Math.max(1, draws - 1);
        Interval interval =
                Bootstrap.interval(scans.size(), seed, new Interval(Double.NEGATIVE_INFINITY, 1), (counts, dice) -> {
                    double sum = 0;
                    for (int d = 0; d < draws; d++) {
                        sum += Sums.r2(tests.get(dice.nextInt(draws)), counts);
                    }
                    return sum / draws;
                });
        return new FrozenProbe(mean, Math.sqrt(variance), interval, List.copyOf(scores), List.copyOf(strengths));
    }

    /** The crops of a patient's scans as those of one. */
    private static ScanFeatures joined(List<ScanFeatures> own) {
        ScanFeatures first = own.get(0);
        return own.size() == 1
                ? first
                : new ScanFeatures(
                        first.patient(),
                        first.patient(),
                        own.stream()
                                .flatMap(scan -> Arrays.stream(scan.crops()))
                                .toArray(float[][]::new),
                        first.bases(),
                        own.stream()
                                .flatMap(scan -> Arrays.stream(scan.labels()))
                                .toArray(float[][]::new));
    }

    /** The strength of the smallest error on left-out fitting scans. */
    private static double chooseStrength(List<ScanFeatures> scans, List<double[][]> targets, boolean[] fitting) {
        Sums[][] leftOut = new Sums[GRID.length][scans.size()];
        for (int s = 0; s < scans.size(); s++) {
            Ridge ridge = fitting[s] ? ridge(scans, targets, fitting, s) : null;
            for (int g = 0; g < GRID.length; g++) {
                leftOut[g][s] =
                        ridge == null ? new Sums(0) : Sums.of(ridge.solve(GRID[g]), scans.get(s), targets.get(s));
            }
        }
        int best = 0;
        int[] once = Bootstrap.once(scans.size());
        for (int g = 1; g < GRID.length; g++) {
            if (Sums.r2(leftOut[g], once) > Sums.r2(leftOut[best], once)) {
                best = g;
            }
        }
        return GRID[best];
    }

    private static Ridge ridge(List<ScanFeatures> scans, List<double[][]> targets, boolean[] fitting, int without) {
        List<double[]> x = new ArrayList<>();
        List<double[]> y = new ArrayList<>();
        for (int s = 0; s < scans.size(); s++) {
            if (fitting[s] && s != without) {
                for (float[] crop : scans.get(s).crops()) {
                    x.add(toDouble(crop));
                }
                y.addAll(List.of(targets.get(s)));
            }
        }
        return new Ridge(x.toArray(new double[0][]), y.toArray(new double[0][]));
    }

    private static boolean[] pick(int scans, int count, SplittableRandom random) {
        boolean[] picked = new boolean[scans];
        for (int left = count; left > 0; ) {
            int s = random.nextInt(scans);
            if (!picked[s]) {
                picked[s] = true;
                left--;
            }
        }
        return picked;
    }

    private static void check(
            List<ScanFeatures> scans, List<double[][]> targets, int patients, int fittingScans, int draws) {
        if (targets.size() != scans.size()) {
            throw new IllegalArgumentException(scans.size() + " scans, but targets of " + targets.size());
        }
        if (fittingScans < 2 || fittingScans >= patients || draws < 1) {
            throw new IllegalArgumentException("a probe of " + patients + " patients fits 2 to " + (patients - 1)
                    + " of them in at least 1 draw, not " + fittingScans + " in " + draws);
        }
        for (int s = 0; s < scans.size(); s++) {
            if (targets.get(s).length != scans.get(s).crops().length) {
                throw new IllegalArgumentException("scan " + scans.get(s).scan() + ": "
                        + scans.get(s).crops().length + " crops, but " + targets.get(s).length + " targets");
            }
        }
    }

    private static double[] toDouble(float[] values) {
        double[] copy = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }

    /** Per target: Σ(y − ŷ)², Σy, Σy² over the crops of one scan, so that R² of any set of scans is a sum away. */
    private static final class Sums {
        final double[] error;
        final double[] sum;
        final double[] squares;
        int crops;

        Sums(int targets) {
            error = new double[targets];
            sum = new double[targets];
            squares = new double[targets];
        }

        static Sums of(Ridge.Model model, ScanFeatures scan, double[][] targets) {
            Sums sums = new Sums(targets[0].length);
            for (int k = 0; k < targets.length; k++) {
                double[] predicted = model.predict(toDouble(scan.crops()[k]));
                for (int t = 0; t < predicted.length; t++) {
                    double y = targets[k][t];
                    sums.error[t] += (y - predicted[t]) * (y - predicted[t]);
                    sums.sum[t] += y;
                    sums.squares[t] += y * y;
                }
            }
            sums.crops = targets.length;
            return sums;
        }

        /** R² over the scans drawn, of the targets that vary there; NaN if none does or no test scan is among them. */
        static double r2(Sums[] scans, int[] counts) {
            double total = 0;
            int varying = 0;
            int targets = 0;
            for (Sums scan : scans) {
                targets = Math.max(targets, scan.error.length);
            }
            for (int t = 0; t < targets; t++) {
                double error = 0;
                double sum = 0;
                double squares = 0;
                double crops = 0;
                for (int s = 0; s < scans.length; s++) {
                    if (scans[s].crops > 0) {
                        error += counts[s] * scans[s].error[t];
                        sum += counts[s] * scans[s].sum[t];
                        squares += counts[s] * scans[s].squares[t];
                        crops += counts[s] * (double) scans[s].crops;
                    }
                }
                double variation = squares - sum * sum / crops;
                if (variation > 1e-12 * squares) {
                    total += 1 - error / variation;
                    varying++;
                }
            }
            return total / varying;
        }
    }
}
