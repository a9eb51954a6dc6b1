package org.voco4j.corpus;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which scans are trained on and which are held out; a patient is wholly on one side.
 *
 * @param training the scans to train on
 * @param heldOut the scans that only measure
 * @param <C> labelled cases or plain ones
 */
public record Split<C extends Sample>(List<C> training, List<C> heldOut) {

    /** Copies the lists. */
    public Split {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }

    /**
     * The split of a data set: what its lists declare as held out, or else a share of the patients.
     *
     * <p>A declared split is widened to whole patients: a training scan of a held-out patient is held out too.
     *
     * @throws IllegalArgumentException if a declared split leaves nothing to train on, or unless 0 &lt; fraction &lt; 1
     */
    public static Split<Case> heldOut(DataSet data, double fraction, long seed) {
        return heldOut(data.cases(), data.declaredHeldOut(), fraction, seed, data.strata());
    }

    /** The same for some of a data set's cases: those that turned out to be usable. */
    public static <C extends Sample> Split<C> heldOut(
            List<C> cases, Set<String> declared, double fraction, long seed, Map<String, String> strata) {
        Set<String> patients = cases.stream()
                .filter(scan -> declared.contains(scan.id()))
                .map(Sample::patient)
                .collect(Collectors.toSet());
        if (patients.isEmpty()) {
            return heldOut(cases, fraction, seed, strata);
        }
        Split<C> split = by(cases, patients);
        if (split.training.isEmpty()) {
            throw new IllegalArgumentException("the lists hold out every patient: nothing is left to train on");
        }
        return split;
    }

    /**
     * Holds out round(fraction · patients) patients, at least one and never all; two where there are four patients or
     * more. Adding a scan does not move the others' hashes. With a single patient nothing can be
     * held out.
     *
     * <p>Of every stratum the same share is held out, to within a patient: patients are taken in the order of (j + ½)/m, j
     * their place among the m of their stratum in the order of a hash of seed and name.
     *
     * @param strata case id → stratum; those without one are of one stratum
     * @throws IllegalArgumentException unless 0 &lt; fraction &lt; 1
     */
    public static <C extends Sample> Split<C> heldOut(
            List<C> cases, double fraction, long seed, Map<String, String> strata) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException("the held-out share lies between 0 and 1, not " + fraction);
        }
        Map<String, Double> places = new HashMap<>();
        for (List<String> stratum : strata(cases, seed, strata)) {
            for (int j = 0; j < stratum.size(); j++) {
                places.put(stratum.get(j), (j + 0.5) / stratum.size());
            }
        }
        List<String> order = new ArrayList<>(
                new TreeSet<>(cases.stream().map(Sample::patient).toList()));
        order.sort(Comparator.comparingDouble((String patient) -> places.getOrDefault(patient, 0.0))
                .thenComparingLong(patient -> hash(patient, seed)));
        int least = order.size() >= 4 ? 2 : 1;
        long wanted = Math.min(Math.max(least, Math.round(fraction * order.size())), Math.max(0, order.size() - 1));
        return by(cases, new HashSet<>(order.subList(0, (int) wanted)));
    }

    /**
     * k folds: every patient is held out in exactly one. Numbers of patients differ by one at most between folds, and so
     * they do of each stratum; which patients go together depends on the seed and the names alone.
     *
     * @param strata case id → stratum; those without one are of one stratum
     * @throws IllegalArgumentException unless 2 ≤ k ≤ number of patients
     */
    public static <C extends Sample> List<Split<C>> folds(List<C> cases, int k, long seed, Map<String, String> strata) {
        List<String> dealt =
                strata(cases, seed, strata).stream().flatMap(List::stream).toList();
        if (k < 2 || k > dealt.size()) {
            throw new IllegalArgumentException(
                    "expected 2 to " + dealt.size() + " folds of " + dealt.size() + " patients, not " + k);
        }
        List<Split<C>> folds = new ArrayList<>();
        for (int fold = 0; fold < k; fold++) {
            Set<String> held = new HashSet<>();
            for (int i = fold; i < dealt.size(); i += k) {
                held.add(dealt.get(i));
            }
            folds.add(by(cases, held));
        }
        return folds;
    }

    /**
     * The patients of each stratum in the order of their hashes. Strata are in the order of their least hashes and not of their names,
     * which may be paths and differ between machines; a patient of several is of the first.
     */
    private static <C extends Sample> List<List<String>> strata(List<C> cases, long seed, Map<String, String> strata) {
        Map<String, Long> least = new TreeMap<>();
        for (C scan : cases) {
            least.merge(strata.getOrDefault(scan.id(), ""), hash(scan.patient(), seed), Math::min);
        }
        Comparator<String> order = Comparator.comparingLong((String stratum) -> least.getOrDefault(stratum, 0L))
                .thenComparing(Comparator.naturalOrder());
        Map<String, String> byPatient = new TreeMap<>();
        for (C scan : cases) {
            String stratum = strata.getOrDefault(scan.id(), "");
            byPatient.merge(scan.patient(), stratum, (a, b) -> order.compare(a, b) <= 0 ? a : b);
        }
        Map<String, List<String>> patients = new TreeMap<>(order);
        byPatient.forEach((patient, stratum) ->
                patients.computeIfAbsent(stratum, s -> new ArrayList<>()).add(patient));
        for (List<String> stratum : patients.values()) {
            stratum.sort(Comparator.comparingLong(patient -> hash(patient, seed)));
        }
        return List.copyOf(patients.values());
    }

    private static <C extends Sample> Split<C> by(List<C> cases, Set<String> heldPatients) {
        Map<Boolean, List<C>> sides =
                cases.stream().collect(Collectors.partitioningBy(scan -> heldPatients.contains(scan.patient())));
        return new Split<>(sides.getOrDefault(false, List.of()), sides.getOrDefault(true, List.of()));
    }

    /** FNV-1a of the name, stirred together with the seed (the finaliser of SplitMix64). */
    private static long hash(String patient, long seed) {
        long h = 0xCBF29CE484222325L;
        for (byte b : patient.getBytes(StandardCharsets.UTF_8)) {
            h = (h ^ (b & 0xff)) * 0x100000001B3L;
        }
        h += seed * 0x9E3779B97F4A7C15L;
        h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
        h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
        return h ^ (h >>> 31);
    }
}
