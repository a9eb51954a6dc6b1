package org.voco4j.program.study;

import static org.voco4j.program.study.StudyText.say;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.voco4j.measure.statistics.PairedGain;
import org.voco4j.program.study.StudyFindings.Point;
import org.voco4j.report.ScatterPlot;
import org.voco4j.report.TextTable;

/** What the gates of a study's pre-trainings found: stratum by stratum, and beside what fine-tunes gained. */
record StudyGate(StudyFindings findings) {
    private static final List<Map.Entry<String, String>> GATE = List.of(
            Map.entry("crossScan", "a place found in another scan"),
            Map.entry("positionR2", "R² of position, frozen features"));

    /** Adds both to a page, each where there is something to tell. */
    void show(StudyPage page) {
        strata(page);
        gate(page);
    }

    private void strata(StudyPage page) {
        List<StudyFindings.InStratum> rows = findings.strata();
        if (rows.isEmpty()) {
            return;
        }
        page.section("The gate, stratum by stratum");
        TextTable table = new TextTable(
                "arm",
                "stratum",
                "seeds",
                "patients",
                "places found",
                "untrained",
                "raw pixels",
                "over the best control");
        for (StudyFindings.InStratum row : rows) {
            table.row(
                    row.arm(),
                    row.stratum(),
                    Integer.toString(row.seeds()),
                    say("%.1f", row.patients()),
                    overSeeds("%.2f", row.seeds(), row.found()),
                    say("%.2f", row.untrained()),
                    say("%.2f", row.pixels()),
                    overSeeds("%+.2f", row.seeds(), row.margin()));
        }
        page.table(
                table,
                "Places found in another patient's scan of the same stratum, before (untrained) and after pre-training, in patients"
                        + " that were held out: the mean over seeds, each with a training of its own, with the 95 % interval for other seeds. Who is"
                        + " held out is drawn from the same patients each time, or declared once for all: for other patients the"
                        + " interval would be wider.");
    }

    private static String overSeeds(String format, int seeds, PairedGain mean) {
        return say(format, mean.mean())
                + (seeds < 2 ? "" : " " + StudyPage.interval("[" + format + ", " + format + "]", mean.interval()));
    }

    private void gate(StudyPage page) {
        TextTable table =
                new TextTable("number of the gate", "labels", "pre-trainings", "Spearman's ρ", "95 % interval");
        for (Map.Entry<String, String> number : GATE) {
            for (int labels : findings.recipe().labels()) {
                List<Point> points = findings.points(number.getKey(), labels);
                if (points.size() >= 2) {
                    StudyFindings.Agreement agreement = StudyFindings.agreement(points);
                    table.row(
                            number.getValue(),
                            Integer.toString(labels),
                            Integer.toString(agreement.cells()),
                            say("%+.2f", agreement.rho()),
                            agreement.interval() == null
                                    ? "–"
                                    : StudyPage.interval("%+.2f to %+.2f", agreement.interval()));
                }
            }
        }
        if (table.rows().isEmpty()) {
            return;
        }
        page.section("Does the gate predict the gain?");
        if (!findings.gatesAreAlike()) {
            page.paragraph(
                    "Nothing can be said here: the arms have different numbers of bases, and a place among few is found more"
                            + " easily than one among many.");
            return;
        }
        page.paragraph(
                "Every pre-training's number on held-out scans beside what its fine-tunes gained, same seed, over the arm"
                        + " that it is first compared with. ρ is 1 where the order is the same and 0 where the one says nothing about"
                        + " the other; its interval resamples arms, or pre-trainings where there are fewer than three arms.");
        page.table(table, "");
        int few = findings.recipe().labels().get(0);
        List<Point> points = findings.points("crossScan", few);
        if (!points.isEmpty()) {
            List<ScatterPlot.Group> groups = new ArrayList<>();
            for (String arm : points.stream().map(Point::arm).distinct().toList()) {
                groups.add(new ScatterPlot.Group(
                        arm,
                        points.stream()
                                .filter(point -> point.arm().equals(arm))
                                .map(point -> ScatterPlot.Dot.of(point.number(), point.gain()))
                                .toList(),
                        false));
            }
            page.figure(
                    ScatterPlot.draw(
                            "Retrieval and gain, " + PaperOrder.labelled(few),
                            "a place found in another scan, share of crops",
                            "gain in mean Dice",
                            groups),
                    "the gate's retrieval against the gain of every pre-training",
                    "One dot for each pre-training.");
        }
    }
}
