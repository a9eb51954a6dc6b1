package org.voco4j.pretext;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How well a task does what it asks, on scans that it never saw, beside what needs no training.
 *
 * @param measure of the task, for instance {@code accuracy}
 * @param trained that of the trained network
 * @param controls the same of what was taught nothing, by name
 */
public record PretextScore(String measure, double trained, Map<String, Double> controls) {

    /** In the words of a log. */
    public String line() {
        return say(measure, trained) + " on held-out scans ("
                + controls.entrySet().stream()
                        .map(control -> say(control.getKey(), control.getValue()))
                        .collect(Collectors.joining(", "))
                + ")";
    }

    private static String say(String name, double value) {
        return String.format(Locale.ROOT, "%s %.3f", name, value);
    }
}
