package org.voco4j.program.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.voco4j.measure.feature.RankCorrelation;
import org.voco4j.measure.statistics.Bootstrap;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.measure.statistics.Holm;
import org.voco4j.measure.statistics.Interval;
import org.voco4j.measure.statistics.PairedComparison;
import org.voco4j.measure.statistics.PairedGain;
import org.voco4j.pretext.gate.EncoderGate;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.fewlabels.ComparedCases;
import org.voco4j.program.fewlabels.FewLabelsResult;

/**
 * What came of a study.
 *
 * @param classes what is segmented, in their order
 * @param arms those that are done
 * @param leftOut those that are not, and why
 */
public record StudyFindings(StudyRecipe recipe, List<String> classes, List<Entry> arms, Map<String, String> leftOut) {
    private static final String PATIENTS = ".patients";
    private static final int LEAST_ARMS = 3; // of which resampling says something

    /**
     * What came of one arm.
     *
     * @param steps of its pre-training; 0 from scratch
     * @param rates its learning rates
     * @param sweep how they were chosen; empty where they are the recipe's
     * @param results of its fine-tunes
     * @param gates numbers of the last look of each pre-training, in the order of the seeds
     * @param cases what the results are compared on
     */
    record Entry(
            StudyArm arm,
            int steps,
            Arm.Rates rates,
            List<FewLabelsResult> sweep,
            List<FewLabelsResult> results,
            List<Map<String, Double>> gates,
            ComparedCases cases) {
        /** The same, compared on others. */
        Entry on(ComparedCases others) {
            return new Entry(arm, steps, rates, sweep, results, gates, others);
        }

        String name() {
            return arm.name();
        }

        List<FewLabelsResult> with(int labels) {
            return results.stream().filter(result -> result.labels() == labels).toList();
        }

        /** The mean Dice of a class over seeds and the scans that have it; NaN where none has. */
        double ofClass(int index, int labels) {
            return CountedMean.of(with(labels).stream()
                            .mapToDouble(result -> result.ofClass(index))
                            .toArray())
                    .mean();
        }

        /** The mean Dice over seeds and cases, with its interval. */
        PairedGain dice(int labels) {
            return PairedGain.of(with(labels).stream()
                    .map(result -> cases.of(result.perScan()))
                    .toArray(double[][]::new));
        }
    }

    /**
     * One arm beside another, with the same cases and seeds.
     *
     * @param arm the one
     * @param against the other
     * @param test by how much the one is above the other
     * @param p corrected by Holm over all comparisons with that number of labels, those of equal steps and of equal seconds apart
     */
    public record Comparison(String arm, String against, int labels, PairedComparison test, double p) {
        /** Whether p, corrected, is below 0.05. */
        public boolean isShown() {
            return p < 0.05;
        }
    }

    /**
     * How far ranks agree.
     *
     * @param cells compared
     * @param rho Spearman's
     * @param interval null where nothing can be resampled
     */
    record Agreement(int cells, double rho, @Nullable Interval interval) {}

    /**
     * One pre-training beside what it was worth.
     *
     * @param number of the gate
     * @param gain in mean Dice over the arm it is first compared with, same seed
     */
    record Point(String arm, double number, double gain) {}

    /** Copies lists and maps. */
    public StudyFindings {
        classes = List.copyOf(classes);
        arms = List.copyOf(arms);
        leftOut = Map.copyOf(leftOut);
    }

    /** What arms are compared on, all on the same; every scan where there is none. */
    ComparedCases cases() {
        return arms.isEmpty()
                ? ComparedCases.each(recipe.tested())
                : arms.get(0).cases();
    }

    /** The arms whose pre-training counts steps, or those whose pre-training counts seconds, and in both those from scratch. */
    List<Entry> budget(boolean timed) {
        return arms.stream()
                .filter(entry -> !entry.arm().isPretrained() || isTimed(entry) == timed)
                .toList();
    }

    /** Whether there are arms whose pre-training counts seconds. */
    boolean isTimed() {
        return arms.stream().anyMatch(StudyFindings::isTimed);
    }

    /** All comparisons, by equal steps and, where there are, by equal seconds. */
    List<Comparison> comparisons() {
        List<Comparison> all = new ArrayList<>(comparisons(false));
        if (isTimed()) {
            all.addAll(comparisons(true));
        }
        return all;
    }

    /**
     * Every arm beside those that it is compared with, of equal steps or of equal seconds; arms from scratch stand beside each other
     * among the former alone. p is corrected over those of a number of labels.
     */
    public List<Comparison> comparisons(boolean timed) {
        List<Comparison> all = new ArrayList<>();
        for (int labels : recipe.labels()) {
            List<Comparison> own = new ArrayList<>();
            for (Entry entry : budget(timed)) {
                for (String other : entry.arm().against()) {
                    Entry reference = reference(other, timed);
                    if (reference != null && (!timed || isTimed(entry) || isTimed(reference))) {
                        own.add(new Comparison(
                                entry.name(), reference.name(), labels, test(reference, entry, labels), Double.NaN));
                    }
                }
            }
            double[] corrected = Holm.corrected(
                    own.stream().mapToDouble(one -> one.test().p()).toArray());
            for (int i = 0; i < corrected.length; i++) {
                Comparison one = own.get(i);
                all.add(new Comparison(one.arm, one.against, labels, one.test, corrected[i]));
            }
        }
        return all;
    }

    /** The arm of a name among those of equal steps, or of equal seconds, whose names say so unless they are from scratch. */
    private @Nullable Entry reference(String name, boolean timed) {
        Double seconds = recipe.pretrain().cpuSeconds();
        String counted = timed && seconds != null ? StudyArm.timed(name, seconds) : name;
        return budget(timed).stream()
                .filter(entry -> entry.name().equals(name) || entry.name().equals(counted))
                .findFirst()
                .orElse(null);
    }

    private static boolean isTimed(Entry entry) {
        return entry.arm().cpuSeconds() != null;
    }

    /** By how much one arm is above another. */
    static PairedComparison test(Entry from, Entry to, int labels) {
        return PairedComparison.of(differences(from, to, labels));
    }

    /** [S][C], by seed and case. */
    private static double[][] differences(Entry from, Entry to, int labels) {
        return Arrays.stream(FewLabelsResult.differences(from.with(labels), to.with(labels)))
                .map(to.cases()::of)
                .toArray(double[][]::new);
    }

    @Nullable
    Entry of(String name) {
        return arms.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /**
     * What the gates of an arm found in the scans of one stratum.
     *
     * @param stratum of held-out scans, such as a part of the body
     * @param seeds in which scans of two patients of it or more are held out
     * @param patients held out, on the mean
     * @param found places found in another scan of it: the mean over seeds, with Student's interval for others
     * @param untrained the mean of untrained networks
     * @param pixels the mean of raw pixels
     * @param margin over the best control of each seed
     */
    record InStratum(
            String arm,
            String stratum,
            int seeds,
            double patients,
            PairedGain found,
            double untrained,
            double pixels,
            PairedGain margin) {}

    /** What all gates found, stratum by stratum; empty where the scans are of one. */
    List<InStratum> strata() {
        List<InStratum> rows = new ArrayList<>();
        for (Entry entry : arms) {
            Set<String> names = new TreeSet<>();
            for (Map<String, Double> gate : entry.gates()) {
                gate.keySet().stream()
                        .filter(key -> key.startsWith(EncoderGate.STRATUM) && key.endsWith(PATIENTS))
                        .forEach(key -> names.add(
                                key.substring(EncoderGate.STRATUM.length(), key.length() - PATIENTS.length())));
            }
            for (String name : names) {
                String prefix = EncoderGate.STRATUM + name;
                List<Map<String, Double>> own = entry.gates().stream()
                        .filter(gate -> gate.containsKey(prefix + PATIENTS))
                        .toList();
                rows.add(new InStratum(
                        entry.name(),
                        name,
                        own.size(),
                        mean(own, prefix + PATIENTS).mean(),
                        mean(own, prefix + ".crossScan"),
                        mean(own, prefix + ".untrained").mean(),
                        mean(own, prefix + ".pixels").mean(),
                        mean(own, prefix + ".margin")));
            }
        }
        return rows;
    }

    private static PairedGain mean(List<Map<String, Double>> gates, String key) {
        return PairedGain.of(gates.stream()
                .map(gate -> new double[] {gate.getOrDefault(key, Double.NaN)})
                .toArray(double[][]::new));
    }

    /** Whether the gates of all pre-trainings asked for places among equally many bases, so that their numbers can be compared. */
    boolean gatesAreAlike() {
        return arms.stream()
                        .flatMap(entry -> entry.gates().stream())
                        .map(gate -> gate.get("chance"))
                        .filter(Objects::nonNull)
                        .distinct()
                        .count()
                < 2;
    }

    /** Every pre-training that has the number, beside its gain. */
    List<Point> points(String number, int labels) {
        List<Point> points = new ArrayList<>();
        for (Entry entry : arms) {
            Entry reference =
                    entry.arm().isPretrained() && !entry.arm().against().isEmpty()
                            ? of(entry.arm().against().get(0))
                            : null;
            if (reference == null) {
                continue;
            }
            double[][] differences = differences(reference, entry, labels);
            for (int s = 0; s < differences.length; s++) {
                double value = entry.gates().get(s).getOrDefault(number, Double.NaN);
                if (Double.isFinite(value)) {
                    points.add(new Point(
                            entry.name(),
                            value,
                            Arrays.stream(differences[s]).average().orElseThrow()));
                }
            }
        }
        return points;
    }

    /**
     * Whether what the gate finds goes with what fine-tuning gains. The interval is the percentile bootstrap over arms, the seeds of
     * which are alike; over pre-trainings where there are fewer than three arms.
     */
    static Agreement agreement(List<Point> points) {
        Set<String> names = new LinkedHashSet<>();
        points.forEach(point -> names.add(point.arm));
        boolean byArm = names.size() >= LEAST_ARMS;
        List<String> units = List.copyOf(names);
        int count = byArm ? units.size() : points.size();
        Interval widest = new Interval(-1, 1);
        Interval interval = count < LEAST_ARMS
                ? null
                : Bootstrap.interval(count, 1, widest, (counts, random) -> {
                    List<Point> drawn = new ArrayList<>();
                    for (int i = 0; i < points.size(); i++) {
                        int times = counts[byArm ? units.indexOf(points.get(i).arm) : i];
                        for (int t = 0; t < times; t++) {
                            drawn.add(points.get(i));
                        }
                    }
                    return isConstant(drawn) ? Double.NaN : rho(drawn);
                });
        return new Agreement(points.size(), rho(points), interval);
    }

    private static boolean isConstant(List<Point> points) {
        return points.stream().map(Point::number).distinct().count() < 2
                || points.stream().map(Point::gain).distinct().count() < 2;
    }

    private static double rho(List<Point> points) {
        return RankCorrelation.spearman(
                points.stream().mapToDouble(Point::number).toArray(),
                points.stream().mapToDouble(Point::gain).toArray());
    }
}
