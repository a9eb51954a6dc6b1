package org.voco4j.run;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.voco4j.report.Panel;
import org.voco4j.report.Series;

/**
 * What is drawn of a run's metrics: the charts of {@code progress.png} and of the report, in their order.
 *
 * @param charts one per panel
 */
public record CurvePlan(List<Chart> charts) {

    /**
     * One panel; left out until one of its columns has a row.
     *
     * @param title what is measured
     * @param lines in the order of their colours
     */
    public record Chart(String title, List<Line> lines) {}

    /**
     * One line of a panel.
     *
     * @param name what stands beside it
     * @param column as in {@link MetricHistory}
     * @param isLevel whether the last value alone is drawn, as a level across the panel, and not the whole course
     */
    public record Line(String name, String column, boolean isLevel) {}

    public static CurvePlan of(Chart... charts) {
        return new CurvePlan(List.of(charts));
    }

    public static Chart chart(String title, Line... lines) {
        return new Chart(title, List.of(lines));
    }

    public static Line curve(String name, String column) {
        return new Line(name, column, false);
    }

    public static Line level(String name, String column) {
        return new Line(name, column, true);
    }

    /** All columns that are drawn. */
    Set<String> columns() {
        Set<String> columns = new TreeSet<>();
        charts.forEach(chart -> chart.lines().forEach(line -> columns.add(line.column())));
        return columns;
    }

    /** The panels of a history that keeps {@link #columns}. */
    List<Panel> panels(MetricHistory history) {
        return charts.stream()
                .filter(chart -> chart.lines().stream().anyMatch(line -> history.has(line.column())))
                .map(chart -> new Panel(
                        chart.title(),
                        "step",
                        chart.lines().stream()
                                .map(line -> series(history, line))
                                .toList()))
                .toList();
    }

    private static Series series(MetricHistory history, Line line) {
        return line.isLevel()
                ? Series.level(line.name(), history.last(line.column()))
                : Series.solid(line.name(), history.steps(line.column()), history.values(line.column()));
    }
}
