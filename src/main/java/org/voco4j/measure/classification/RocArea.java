package org.voco4j.measure.classification;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.voco4j.measure.statistics.Bootstrap;

/**
 * The area under the receiver operating characteristic (AUC) by counting pairs: the chance that a case of the class has a
 * higher score than one without it, ties being worth half,
 *
 * <pre>  AUC = (|{(p, n) : s_p > s_n}| + ½ |{(p, n) : s_p = s_n}|) / (|P| |N|) </pre>
 *
 * <p>The scores are sorted once; each value after that takes one pass.
 */
final class RocArea {
    private final double[] scores; // ascending
    private final boolean[] positive;
    private final int[] order; // which case has which place

    /** Scores and whether each case is of the class. */
    RocArea(double[] scores, boolean[] positive) {
        this.order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        this.scores = new double[scores.length];
        this.positive = new boolean[scores.length];
        for (int place = 0; place < order.length; place++) {
            this.scores[place] = scores[order[place]];
            this.positive[place] = positive[order[place]];
        }
    }

    /** The area with every case once; NaN unless there are both cases of the class and others. */
    double value() {
        return value(Bootstrap.once(order.length));
    }

    /** The area where case i is there {@code counts[i]} times. */
    double value(int[] counts) {
        double pairs = 0;
        long positives = 0;
        long negatives = 0;
        for (int first = 0; first < order.length; ) {
            long ofClass = 0;
            long others = 0;
            int next = first;
            while (next < order.length && scores[next] == scores[first]) {
                if (positive[next]) {
                    ofClass += counts[order[next]];
                } else {
                    others += counts[order[next]];
                }
                next++;
            }
            pairs += ofClass * (negatives + 0.5 * others);
            positives += ofClass;
            negatives += others;
            first = next;
        }
        return positives == 0 || negatives == 0 ? Double.NaN : pairs / ((double) positives * negatives);
    }
}
