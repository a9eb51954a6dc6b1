package org.voco4j.measure.feature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scans by patient: what is known of a body from one scan is known of it in another, so patients are what is independent. */
final class Patients {
    private Patients() {}

    /** The places of every patient's scans, patients in the order of their first scan. */
    static List<List<Integer>> of(List<ScanFeatures> scans) {
        Map<String, List<Integer>> patients = new LinkedHashMap<>();
        for (int s = 0; s < scans.size(); s++) {
            patients.computeIfAbsent(scans.get(s).patient(), name -> new ArrayList<>())
                    .add(s);
        }
        return List.copyOf(patients.values());
    }

    /** [S][S] of pairs of scans → [P][P], for two patients the mean over their pairs, for one the mean over a = b. */
    static double[][] means(double[][] scans, List<List<Integer>> patients) {
        double[][] means = new double[patients.size()][patients.size()];
        for (int p = 0; p < means.length; p++) {
            for (int q = 0; q < means.length; q++) {
                double sum = 0;
                int pairs = 0;
                for (int a : patients.get(p)) {
                    for (int b : patients.get(q)) {
                        if (p != q || a == b) {
                            sum += scans[a][b];
                            pairs++;
                        }
                    }
                }
                means[p][q] = sum / pairs;
            }
        }
        return means;
    }
}
