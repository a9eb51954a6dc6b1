package org.voco4j.pretext.gate;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.voco4j.measure.feature.PositionRetrieval;
import org.voco4j.measure.feature.ScanFeatures;
import org.voco4j.pretext.HeldOutScan;

/** What is found without any training, on all held-out scans or on those of one stratum. */
record Untaught(
        PositionRetrieval histogram, PositionRetrieval pixels, PositionRetrieval projected, PositionRetrieval pooled) {

    /**
     * The features it is measured on, scan by scan.
     *
     * @param projected of the untrained network's projector
     * @param pooled of the untrained network's encoder
     */
    record Features(
            List<ScanFeatures> histogram,
            List<ScanFeatures> pixels,
            List<ScanFeatures> projected,
            List<ScanFeatures> pooled) {}

    /** Measures the scans of a stratum; all with null. */
    static Untaught of(Features features, List<HeldOutScan> scans, @Nullable String stratum, long seed) {
        return new Untaught(
                PositionRetrieval.of(among(features.histogram, scans, stratum), seed),
                PositionRetrieval.of(among(features.pixels, scans, stratum), seed),
                PositionRetrieval.of(among(features.projected, scans, stratum), seed),
                PositionRetrieval.of(among(features.pooled, scans, stratum), seed));
    }

    /** Measures every stratum that has scans of two patients or more, where there are several strata. */
    static Map<String, Untaught> byStratum(Features features, List<HeldOutScan> scans, long seed) {
        Map<String, Untaught> measured = new TreeMap<>();
        List<String> strata = scans.stream()
                .map(HeldOutScan::stratum)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        for (String stratum : strata.size() < 2 ? List.<String>of() : strata) {
            if (HeldOutScan.patients(among(scans, scans, stratum)) >= 2) {
                measured.put(stratum, of(features, scans, stratum, seed));
            }
        }
        return measured;
    }

    /** Those of some things, one for each scan, that are of a stratum; all with null. */
    static <T> List<T> among(List<T> all, List<HeldOutScan> scans, @Nullable String stratum) {
        return IntStream.range(0, all.size())
                .filter(s -> stratum == null || stratum.equals(scans.get(s).stratum()))
                .mapToObj(all::get)
                .toList();
    }

    /** The share of places that the untrained network finds in other scans, by whichever of its features finds more. */
    double untrained() {
        return Math.max(projected.crossScan().top1(), pooled.crossScan().top1());
    }

    /** The one that finds most places in other scans. */
    PositionRetrieval best() {
        return Stream.of(histogram, pixels, projected, pooled)
                .max(Comparator.comparingDouble(one -> one.crossScan().top1()))
                .orElseThrow();
    }
}
