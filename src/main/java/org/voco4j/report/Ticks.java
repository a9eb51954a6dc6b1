package org.voco4j.report;

import java.util.ArrayList;
import java.util.List;

/** The round numbers that are written on an axis: multiples of 1, 2, 2.5 or 5 times a power of ten. */
final class Ticks {
    private Ticks() {}

    /** At most {@code most} round numbers in [low, high], ascending. */
    static List<Double> between(double low, double high, int most) {
        return multiples(low, high, step(low, high, most));
    }

    /** As {@link #between}, whole numbers only. */
    static List<Double> whole(double low, double high, int most) {
        double step = step(low, high, most);
        return multiples(low, high, step == 2.5 ? 5 : Math.max(1, step));
    }

    private static List<Double> multiples(double low, double high, double step) {
        List<Double> ticks = new ArrayList<>();
        long first = (long) Math.ceil(low / step - 1e-9);
        long last = (long) Math.floor(high / step + 1e-9);
        for (long k = first; k <= last; k++) {
            ticks.add(k * step);
        }
        return ticks;
    }

    private static double step(double low, double high, int most) {
        double rough = (high - low) / most;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double factor : new double[] {1, 2, 2.5, 5, 10, 20}) {
            double step = factor * power;
            long count = (long) (Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9)) + 1;
            if (count <= most) {
                return step;
            }
        }
        return 50 * power;
    }

    /** How a value axis writes its numbers, all in one manner. */
    static List<String> labels(List<Double> ticks) {
        double largest = ticks.stream().mapToDouble(Math::abs).max().orElse(0);
        boolean powers = largest >= 1e5 || largest < 0.0095;
        return ticks.stream()
                .map(tick -> powers ? Numbers.scientific(tick, 4) : Numbers.compact(tick, 6))
                .toList();
    }
}
