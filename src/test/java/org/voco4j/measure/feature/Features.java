package org.voco4j.measure.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Hand-made features whose measures are known. */
public final class Features {
    private Features() {}

    /** Base i and crop k of base k mod n share the direction e_i, in every scan: retrieval is perfect. */
    static List<ScanFeatures> perfect(int scans, int crops, int bases) {
        return mixed(scans, crops, bases, 0, 0);
    }

    /** As {@link #perfect}, but a share of the crops points at the next base instead, drawn per scan around that share. */
    public static List<ScanFeatures> mixed(int scans, int crops, int bases, double wrong, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<ScanFeatures> list = new ArrayList<>();
        for (int s = 0; s < scans; s++) {
            float[][] cropFeatures = new float[crops][bases];
            float[][] baseFeatures = new float[bases][bases];
            float[][] labels = new float[crops][bases];
            for (int i = 0; i < bases; i++) {
                baseFeatures[i][i] = 1 + s;
            }
            for (int k = 0; k < crops; k++) {
                int base = k % bases;
                labels[k][base] = 0.7f;
                labels[k][(base + 1) % bases] = 0.3f;
                cropFeatures[k][random.nextDouble() < wrong ? (base + 1) % bases : base] = 2;
            }
            list.add(new ScanFeatures("scan-" + s, "patient-" + s, cropFeatures, baseFeatures, labels));
        }
        return list;
    }

    /** Features that know nothing of the labels. */
    public static List<ScanFeatures> random(int scans, int crops, int bases, int dimensions, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<ScanFeatures> list = new ArrayList<>();
        for (int s = 0; s < scans; s++) {
            float[][] labels = new float[crops][bases];
            for (int k = 0; k < crops; k++) {
                labels[k][random.nextInt(bases)] = 1;
            }
            list.add(new ScanFeatures(
                    "scan-" + s,
                    "patient-" + s,
                    gaussian(crops, dimensions, random),
                    gaussian(bases, dimensions, random),
                    labels));
        }
        return list;
    }

    static float[][] gaussian(int rows, int columns, SplittableRandom random) {
        float[][] values = new float[rows][columns];
        for (float[] row : values) {
            for (int d = 0; d < columns; d++) {
                row[d] = (float) random.nextGaussian();
            }
        }
        return values;
    }
}
