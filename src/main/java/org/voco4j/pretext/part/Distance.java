package org.voco4j.pretext.part;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How unlike two images of one size are. */
public final class Distance {
    private Distance() {}

    /** Which of the others is nearest, by {@link #squared}; of several the first. */
    public static int nearest(float[] image, List<float[]> others) {
        return IntStream.range(0, others.size())
                .boxed()
                .min(Comparator.comparingDouble(j -> squared(image, others.get(j))))
                .orElseThrow();
    }

    /** Σ (a − b)². */
    public static double squared(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }
}
