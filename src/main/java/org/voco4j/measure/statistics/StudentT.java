package org.voco4j.measure.statistics;

/**
 * Student's t distribution with ν degrees of freedom, ν = 1, 2, …
 *
 * <p>With θ = arctan(t/√ν) its probabilities are finite sums (Abramowitz and Stegun, 26.7.3 and 26.7.4):
 *
 * <pre>  ν odd:  P(|T| ≤ t) = 2/π (θ + sin θ (cos θ + 2/3 cos³ θ + (2·4)/(3·5) cos⁵ θ + … to cosᵛ⁻² θ))
 *  ν even: P(|T| ≤ t) = sin θ (1 + 1/2 cos² θ + (1·3)/(2·4) cos⁴ θ + … to cosᵛ⁻² θ) </pre>
 */
final class StudentT {
    private StudentT() {}

    /**
     * The t with P(|T| ≤ t) = p; for p = 0.95 it is 12.7 for ν = 1, 4.3 for 2, 1.96 for many.
     *
     * @param level p, above 0 and below 1
     * @param freedom ν, at least 1
     */
    static double twoSided(double level, int freedom) {
        double low = 0;
        double high = Math.PI / 2;
        for (int i = 0; i < 60; i++) {
            double middle = 0.5 * (low + high);
            if (probability(middle, freedom) < level) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.sqrt(freedom) * Math.tan(low);
    }

    private static double probability(double angle, int freedom) {
        boolean isOdd = freedom % 2 == 1;
        double square = Math.cos(angle) * Math.cos(angle);
        double term = isOdd ? Math.cos(angle) : 1;
        double sum = 0;
        for (int power = isOdd ? 1 : 0; power <= freedom - 2; power += 2) {
            sum += term;
            term *= square * (power + 1) / (power + 2);
        }
        return isOdd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
    }
}
