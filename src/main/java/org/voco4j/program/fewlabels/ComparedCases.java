package org.voco4j.program.fewlabels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.recipe.UsageException;

/**
 * What differences are paired over beside seeds: patients. The scans of one are one case, whose number is the mean over them.
 *
 * <p>A scan that has no Dice in some fine-tune, since neither truth nor prediction has a class, is left out of all: numbers that are
 * compared are of the same scans.
 *
 * @param scans of each patient, by their places among those that are measured
 * @param leftOut names of the scans that are not compared
 */
public record ComparedCases(List<int[]> scans, List<String> leftOut) {

    /** Copies the lists. */
    public ComparedCases {
        scans = List.copyOf(scans);
        leftOut = List.copyOf(leftOut);
    }

    /** Every scan a case, none left out. */
    public static ComparedCases each(int scans) {
        return new ComparedCases(
                IntStream.range(0, scans).mapToObj(i -> new int[] {i}).toList(), List.of());
    }

    /**
     * The cases of fine-tunes that are all measured on the same scans.
     *
     * @param patientOf whose a scan is
     * @throws UsageException if no scan has a Dice in all of them
     */
    public static ComparedCases of(
            List<String> measured, Function<String, String> patientOf, Collection<FewLabelsResult> results) {
        List<String> leftOut = new ArrayList<>();
        Map<String, List<Integer>> byPatient = new LinkedHashMap<>();
        List<double[]> dice = results.stream().map(FewLabelsResult::perScan).toList();
        for (int i = 0; i < measured.size(); i++) {
            int scan = i;
            if (dice.stream().anyMatch(row -> Double.isNaN(row[scan]))) {
                leftOut.add(measured.get(i));
            } else {
                byPatient
                        .computeIfAbsent(patientOf.apply(measured.get(i)), patient -> new ArrayList<>())
                        .add(i);
            }
        }
        if (byPatient.isEmpty()) {
            throw new UsageException(
                    "tested: of every unseen scan some fine-tune has no Dice, since neither truth nor prediction"
                            + " shows a class there, so nothing can be compared; other scans, or more, have to be held out (tested,"
                            + " finetune.set)");
        }
        return new ComparedCases(
                byPatient.values().stream()
                        .map(own -> own.stream().mapToInt(Integer::intValue).toArray())
                        .toList(),
                leftOut);
    }

    /** The number of each case, of numbers of all measured scans. */
    public double[] of(double[] perScan) {
        return scans.stream()
                .mapToDouble(own -> CountedMean.of(Arrays.stream(own)
                                .mapToDouble(scan -> perScan[scan])
                                .toArray())
                        .mean())
                .toArray();
    }

    /** How many scans are compared. */
    public int count() {
        return scans.stream().mapToInt(own -> own.length).sum();
    }
}
