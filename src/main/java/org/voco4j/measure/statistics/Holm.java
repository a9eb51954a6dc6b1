package org.voco4j.measure.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's correction (1979) of m tests that are read together: with p₍₁₎ ≤ … ≤ p₍ₘ₎,
 *
 * <pre>  p'₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1) · p₍ⱼ₎) </pre>
 *
 * <p>Calling those with p' below 0.05 different calls any that is not so different with a chance of at most 0.05.
 */
public final class Holm {
    private Holm() {}

    /** The corrected values, in the order of the given ones. */
    public static double[] corrected(double... p) {
        List<Integer> order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .toList();
        double[] corrected = new double[p.length];
        double least = 0;
        for (int i = 0; i < p.length; i++) {
            least = Math.max(least, Math.min(1, (p.length - i) * p[order.get(i)]));
            corrected[order.get(i)] = least;
        }
        return corrected;
    }
}
