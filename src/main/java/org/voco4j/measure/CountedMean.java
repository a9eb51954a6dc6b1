package org.voco4j.measure;

/**
 * A mean together with the number of values it was taken over: those that are not NaN.
 *
 * @param mean NaN if there was no value
 * @param count how many values there were
 */
public record CountedMean(double mean, int count) {

    /** The mean of the values that are not NaN. */
    public static CountedMean of(double... values) {
        double sum = 0;
        int count = 0;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                sum += value;
                count++;
            }
        }
        return new CountedMean(sum / count, count);
    }
}
