package org.voco4j.report;

import java.util.List;

/**
 * One chart of a sheet of training curves.
 *
 * @param title what is measured
 * @param xLabel what the horizontal axis counts, {@code step} for most
 * @param series the curves, in the order of their colours
 */
public record Panel(String title, String xLabel, List<Series> series) {

    /** Copies the list. */
    public Panel {
        series = List.copyOf(series);
    }
}
