package org.voco4j.measure.feature;

import java.util.List;

/**
 * How far features spread over the unit sphere: collapsed features lie in one direction.
 *
 * <pre>  meanAbsCosine = mean over scans and base pairs i &lt; j of |cos(q_i, q_j)|
 *  deviation     = √D · mean over dimensions of sd over samples of f/|f| </pre>
 *
 * <p>The samples of the deviation are the crops and bases of all scans. It detects collapse only: a fresh projector
 * that ends in a batch normalisation spreads its features before it has learned anything.
 *
 * @param meanAbsCosine 1 = all bases of a scan alike
 * @param deviation 0 = all features alike, 1 = the same in every direction
 */
public record FeatureSpread(double meanAbsCosine, double deviation) {

    /**
     * Measures a set of scans.
     *
     * @throws IllegalArgumentException if there is no scan
     */
    public static FeatureSpread of(List<ScanFeatures> scans) {
        if (scans.isEmpty()) {
            throw new IllegalArgumentException("the spread of features needs at least 1 scan");
        }
        int dimensions = scans.get(0).dimensions();
        double cosine = 0;
        double[] sum = new double[dimensions];
        double[] squares = new double[dimensions];
        int samples = 0;
        for (ScanFeatures scan : scans) {
            float[][] bases = Cosines.unit(scan.bases());
            float[][] crops = Cosines.unit(scan.crops());
            cosine += meanAbsCosine(bases) / scans.size();
            for (float[][] rows : List.of(bases, crops)) {
                for (float[] row : rows) {
                    for (int d = 0; d < dimensions; d++) {
                        sum[d] += row[d];
                        squares[d] += (double) row[d] * row[d];
                    }
                    samples++;
                }
            }
        }
        double deviation = 0;
        for (int d = 0; d < dimensions; d++) {
            double mean = sum[d] / samples;
            deviation += Math.sqrt(Math.max(0, squares[d] / samples - mean * mean)) / dimensions;
        }
        return new FeatureSpread(cosine, deviation * Math.sqrt(dimensions));
    }

    private static double meanAbsCosine(float[][] bases) {
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < bases.length; i++) {
            for (int j = i + 1; j < bases.length; j++) {
                sum += Math.abs(Cosines.dot(bases[i], bases[j]));
                pairs++;
            }
        }
        return sum / pairs;
    }
}
