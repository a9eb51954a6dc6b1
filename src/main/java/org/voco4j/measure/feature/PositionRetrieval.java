package org.voco4j.measure.feature;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.voco4j.measure.statistics.Bootstrap;
import org.voco4j.measure.statistics.Interval;

/**
 * Position retrieval: how often the base nearest to a crop in feature space is the base where the crop lies.
 *
 * <pre>  right(k) = [ argmax_i cos(crop_k of A, base_i of B)  ∈  argmax_i y_ki ] </pre>
 *
 * <p>Across scans this asks for anatomy: organs keep their places, so the label of a crop in its own grid says where its
 * like lies in another scan. A and B are of different patients, since two scans of one body are nearly one scan; each
 * ordered pair of patients counts the same, as the mean over its pairs of scans. Within one scan (A = B) a crop contains the very
 * voxels of its base, and plain image matching scores high; that figure is the second one. Any base with the largest
 * label counts as right; where several bases share the largest cosine, each gets an equal part of the vote, so that
 * features that are all alike score exactly chance.
 *
 * @param crossScan crops of one scan against the bases of every scan of other patients
 * @param withinScan crops against the bases of their own scan
 * @param chance what guessing scores: the mean over patients, their scans and crops of (bases with the largest label) / n
 * @param top1 [P][P], the accuracy of the crops of patient A (row) with the bases of patient B (column), on the diagonal
 *     within each scan; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // tables of numbers; never compared as values
public record PositionRetrieval(Score crossScan, Score withinScan, double chance, double[][] top1) {
    /** Labels nearer than this are ties; shares of real crops differ by one voxel's share at least. */
    private static final float TIE = 1e-6f;

    private static final double SHARP = 0.5;

    /**
     * One reading of the retrieval.
     *
     * @param top1 the share of right crops, the mean over (pairs of) patients
     * @param interval its 95 % interval, bootstrapped over patients; [0, 1] where it {@link #isMeasurable cannot be}
     * @param sharp the same for crops with a largest label of at least 0.5; NaN without such crops
     * @param rankCorrelation the mean over crops of Spearman's ρ(cosines, labels)
     * @param pairs how many (pairs of) scans were compared
     */
    public record Score(double top1, Interval interval, double sharp, double rankCorrelation, int pairs) {}

    /**
     * How much more one retrieval finds than another on the same scans.
     *
     * @param mean the difference of the cross-scan top-1
     * @param interval its paired 95 % interval: the same resampled patients for both; [-1, 1] where it {@link
     *     #isMeasurable cannot be}
     */
    public record Margin(double mean, Interval interval) {}

    /**
     * Measures a set of scans.
     *
     * @param scans of at least two patients, with one feature length and one number of bases
     * @param seed of the bootstrap
     * @throws IllegalArgumentException if there are fewer than two patients or sizes differ
     */
    public static PositionRetrieval of(List<ScanFeatures> scans, long seed) {
        check(scans);
        List<List<Integer>> patients = Patients.of(scans);
        int count = scans.size();
        double[][] top1 = new double[count][count];
        double[][] rho = new double[count][count];
        double[][] sharp = new double[count][count]; // the sum over sharp crops
        int[] sharpCrops = new int[count];
        double[] chance = new double[count];
        float[][][] bases = new float[count][][];
        for (int b = 0; b < count; b++) {
            bases[b] = Cosines.unit(scans.get(b).bases());
        }
        IntStream.range(0, count)
                .parallel()
                .forEach(
                        a -> { // each scan writes its own row
                            ScanFeatures scan = scans.get(a);
                            float[][] crops = Cosines.unit(scan.crops());
                            double weight = 1.0 / crops.length;
                            for (int k = 0; k < crops.length; k++) {
                                boolean[] right = largest(scan.labels()[k]);
                                boolean isSharp = max(scan.labels()[k]) >= SHARP;
                                double[] labels = toDouble(scan.labels()[k]);
                                chance[a] += weight * count(right) / right.length;
                                sharpCrops[a] += isSharp ? 1 : 0;
                                for (int b = 0; b < count; b++) {
                                    double[] cosines = Cosines.dots(crops[k], bases[b]); // [n]
                                    double vote = vote(cosines, right);
                                    top1[a][b] += weight * vote;
                                    sharp[a][b] += isSharp ? vote : 0;
                                    rho[a][b] += weight * RankCorrelation.spearman(cosines, labels);
                                }
                            }
                        });
        int[] owner = new int[count];
        double[] chances = new double[patients.size()];
        for (int p = 0; p < patients.size(); p++) {
            for (int s : patients.get(p)) {
                owner[s] = p;
                chances[p] += chance[s];
            }
            chances[p] /= patients.get(p).size();
        }
        int sameBody =
                patients.stream().mapToInt(own -> own.size() * own.size()).sum();
        double[][] byPatient = Patients.means(top1, patients);
        double[][] rhoByPatient = Patients.means(rho, patients);
        int bodies = patients.size();
        int[] once = Bootstrap.once(bodies);
        Interval widest = new Interval(0, 1);
        Score cross = new Score(
                Bootstrap.pairMean(byPatient, once),
                Bootstrap.interval(bodies, seed, widest, (counts, random) -> Bootstrap.pairMean(byPatient, counts)),
                sharp(sharp, sharpCrops, (a, b) -> owner[a] != owner[b]),
                Bootstrap.pairMean(rhoByPatient, once),
                count * count - sameBody);
        Score within = new Score(
                Bootstrap.diagonalMean(byPatient, once),
                Bootstrap.interval(bodies, seed, widest, (counts, random) -> Bootstrap.diagonalMean(byPatient, counts)),
                sharp(sharp, sharpCrops, (a, b) -> a == b),
                Bootstrap.diagonalMean(rhoByPatient, once),
                count);
        return new PositionRetrieval(cross, within, Arrays.stream(chances).sum() / bodies, byPatient);
    }

    /** How many patients the scans are of. */
    public int patients() {
        return top1.length;
    }

    /** Whether there are enough patients for intervals. */
    public boolean isMeasurable() {
        return patients() >= Bootstrap.LEAST;
    }

    /**
     * This cross-scan retrieval minus that of a control on the same scans in the same order.
     *
     * @throws IllegalArgumentException if the numbers of patients differ
     */
    public Margin over(PositionRetrieval control, long seed) {
        int count = top1.length;
        if (control.top1.length != count) {
            throw new IllegalArgumentException(
                    "a margin compares the same patients, not " + count + " with " + control.top1.length);
        }
        double[][] difference = new double[count][count];
        for (int a = 0; a < count; a++) {
            for (int b = 0; b < count; b++) {
                difference[a][b] = top1[a][b] - control.top1[a][b];
            }
        }
        return new Margin(
                Bootstrap.pairMean(difference, Bootstrap.once(count)),
                Bootstrap.interval(
                        count, seed, new Interval(-1, 1), (counts, random) -> Bootstrap.pairMean(difference, counts)));
    }

    /**
     * The part of one crop's vote that is right: of the bases with the largest score, the share whose label is largest.
     *
     * @param scores [n], cosines or logits
     * @param labels [n], the share of the crop in each base
     */
    public static double vote(double[] scores, double[] labels) {
        float[] rounded = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            rounded[i] = (float) labels[i];
        }
        return vote(scores, largest(rounded));
    }

    private static void check(List<ScanFeatures> scans) {
        int patients = Patients.of(scans).size();
        if (patients < 2) {
            throw new IllegalArgumentException(
                    "cross-scan retrieval needs scans of at least 2 patients, not of " + patients);
        }
        ScanFeatures first = scans.get(0);
        for (ScanFeatures scan : scans) {
            if (scan.dimensions() != first.dimensions() || scan.bases().length != first.bases().length) {
                throw new IllegalArgumentException("scan " + scan.scan() + " has " + scan.bases().length
                        + " bases of " + scan.dimensions() + " numbers, scan " + first.scan() + " has "
                        + first.bases().length + " of " + first.dimensions());
            }
        }
    }

    /** The share of the bases with the largest cosine that are right. */
    private static double vote(double[] cosines, boolean[] right) {
        double largest = Double.NEGATIVE_INFINITY;
        int tied = 0;
        int hits = 0;
        for (int i = 0; i < cosines.length; i++) {
            if (cosines[i] > largest) {
                largest = cosines[i];
                tied = 0;
                hits = 0;
            }
            if (cosines[i] == largest) {
                tied++;
                hits += right[i] ? 1 : 0;
            }
        }
        return (double) hits / tied;
    }

    private static boolean[] largest(float[] labels) {
        float largest = max(labels);
        boolean[] right = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            right[i] = labels[i] >= largest - TIE;
        }
        return right;
    }

    private static float max(float[] labels) {
        float max = labels[0];
        for (float label : labels) {
            max = Math.max(max, label);
        }
        return max;
    }

    private static int count(boolean[] right) {
        int count = 0;
        for (boolean value : right) {
            count += value ? 1 : 0;
        }
        return count;
    }

    private interface Pairs {
        boolean take(int a, int b);
    }

    private static double sharp(double[][] sums, int[] crops, Pairs pairs) {
        double sum = 0;
        double weight = 0;
        for (int a = 0; a < sums.length; a++) {
            for (int b = 0; b < sums.length; b++) {
                if (pairs.take(a, b)) {
                    sum += sums[a][b];
                    weight += crops[a];
                }
            }
        }
        return sum / weight;
    }

    private static double[] toDouble(float[] values) {
        double[] copy = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }
}
