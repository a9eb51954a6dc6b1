package org.voco4j.corpus;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
        return heldOut(data.cases(), data.declaredHeldOut(), fraction, seed);
    }

    /** The same for some of a data set's cases: those that turned out to be usable. */
    public static <C extends Sample> Split<C> heldOut(List<C> cases, Set<String> declared, double fraction, long seed) {
        Set<String> patients = cases.stream()
                .filter(scan -> declared.contains(scan.id()))
                .map(Sample::patient)
                .collect(Collectors.toSet());
        if (patients.isEmpty()) {
            return heldOut(cases, fraction, seed);
        }
        Split<C> split = by(cases, patients);
        if (split.training.isEmpty()) {
            throw new IllegalArgumentException("the lists hold out every patient: nothing is left to train on");
        }
        return split;
    }

    /**
     * Holds out round(fraction · patients) patients, at least one and never all, taken in the order of a hash of seed
     * and patient name; further ones until two scans are held out where there are four or more. Adding a scan does not
     * move the others' hashes. With a single patient nothing can be held out.
     *
     * @throws IllegalArgumentException unless 0 &lt; fraction &lt; 1
     */
    public static <C extends Sample> Split<C> heldOut(List<C> cases, double fraction, long seed) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException("the held-out share lies between 0 and 1, not " + fraction);
        }
        Map<String, Integer> scans = new TreeMap<>();
        cases.forEach(scan -> scans.merge(scan.patient(), 1, Integer::sum));
        List<String> order = new ArrayList<>(scans.keySet());
        order.sort(Comparator.comparingLong((String patient) -> hash(patient, seed)));
        long wanted = Math.max(1, Math.round(fraction * order.size()));
        int least = cases.size() >= 4 ? 2 : 1;
        Set<String> held = new HashSet<>();
        int heldScans = 0;
        for (int i = 0; i < order.size() - 1 && (held.size() < wanted || heldScans < least); i++) {
            held.add(order.get(i));
            heldScans += scans.getOrDefault(order.get(i), 0);
        }
        return by(cases, held);
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
