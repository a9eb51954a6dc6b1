package org.voco4j.pretext.part;

/** How unlike two images of one size are. */
public final class Distance {
    private Distance() {}

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
