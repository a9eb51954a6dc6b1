package org.voco4j.program.pretrain;

import static org.voco4j.run.CurvePlan.chart;
import static org.voco4j.run.CurvePlan.curve;
import static org.voco4j.run.CurvePlan.level;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.voco4j.pretext.GateReport;
import org.voco4j.pretext.Verdict;
import org.voco4j.report.Bars;
import org.voco4j.report.Curves;
import org.voco4j.report.HtmlReport;
import org.voco4j.report.Picture;
import org.voco4j.report.TextTable;
import org.voco4j.run.CurvePlan;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunMetrics;

/** The part of a report that is about a pre-training run: did it learn, by how much, and what that looks like on a scan. */
public final class PretrainSections {
    private static final String LOSS = "Loss"; // the chart that comes first

    /** What is drawn of a run, while it goes on and at its end. */
    static CurvePlan curves(PretrainRecipe recipe) {
        List<CurvePlan.Chart> charts = new ArrayList<>();
        Map<String, Map<String, String>> own =
                recipe.pretext().chosen().method().charts();
        own.forEach((title, curves) -> {
            if (title.equals(LOSS)) {
                charts.add(own(title, curves));
            }
        });
        charts.add(chart(
                "A crop finds its place in another scan",
                curve("trained", "gate/crossScan"),
                level("raw pixels", "gate/pixels"),
                level("untrained", "gate/untrained"),
                level("histogram", "gate/histogram"),
                level("chance", "gate/chance")));
        charts.add(chart(
                "Frozen probe: position R²",
                curve("trained", "gate/positionR2"),
                level("untrained", "gate/positionR2.untrained")));
        charts.add(chart(
                "Collapse: bases alike", curve("mean |cos|", "gate/baseCosine"), curve("deviation", "gate/deviation")));
        own.forEach((title, curves) -> {
            if (!title.equals(LOSS)) {
                charts.add(own(title, curves));
            }
        });
        charts.add(chart("Learning rate", curve("rate", "lr")));
        charts.add(chart("Gradient norm", curve("norm", "gradientNorm")));
        return CurvePlan.of(charts.toArray(CurvePlan.Chart[]::new));
    }

    private static CurvePlan.Chart own(String title, Map<String, String> curves) {
        return new CurvePlan.Chart(
                title,
                curves.entrySet().stream()
                        .map(one -> curve(one.getKey(), one.getValue()))
                        .toList());
    }

    private PretrainSections() {}

    /** What the report is about, in a line below its title. */
    public static String subject(PretrainRecipe recipe, UnlabelledScans scans, Pretrain.Outcome outcome) {
        return say(
                "Pre-training by %s, %d steps on %d scans, measured on %d scans it never saw",
                recipe.pretext().chosen().label(),
                outcome.steps(),
                scans.training().size(),
                scans.heldOut().size());
    }

    /** Adds whether it learned, with the likely causes where it did not. */
    public static void verdict(HtmlReport report, GateReport gate) {
        report.verdict(grade(gate.verdict()), headline(gate.verdict()), gate.finding());
        gate.causes().forEach(report::paragraph);
    }

    /** How many crops found their place. */
    public static HtmlReport.KeyNumber crossScan(Map<String, Double> n) {
        return new HtmlReport.KeyNumber(
                share(n, "crossScan"),
                "crops that find their place in another scan",
                say("%s; best control %.2f", interval(n), at(n, "crossScan") - at(n, "margin")));
    }

    private static String interval(Map<String, Double> n) {
        return Double.isNaN(at(n, "crossScan.low"))
                ? say("its interval is not measurable with %.0f held-out patients", at(n, "patients"))
                : say(
                        "95 %% interval %s to %s over %.0f patients",
                        share(n, "crossScan.low"), share(n, "crossScan.high"), at(n, "patients"));
    }

    /** Adds how the pre-training went, and all that was measured of it. */
    public static void course(HtmlReport report, RunFolder folder, PretrainRecipe recipe, Map<String, Double> numbers)
            throws IOException {
        report.section("Pre-training")
                .figure(
                        Curves.draw(RunMetrics.panels(folder, curves(recipe))),
                        "training curves",
                        "The loss alone does not show learning: answering 0 everywhere already makes it small. The"
                                + " retrieval and the frozen probe do.");
        report.section("All numbers of the pre-training").table(numbers(numbers), "As in run.json, on held-out scans.");
    }

    /** Adds the picture of restored crops, where the run has left one. */
    public static void restored(HtmlReport report, RunFolder folder) throws IOException {
        Path picture = folder.file(RestoredCrops.FILE);
        if (Files.exists(picture)) {
            report.section("Restored crops")
                    .figure(
                            Picture.read(picture),
                            "restored crops",
                            "Crops of held-out scans: what the network saw, what it made of it, and what was there.");
        }
    }

    /** Adds whether crops find their place in other scans. */
    public static void retrieval(HtmlReport report, Map<String, Double> n) {
        report.section("A crop finds its place in another scan")
                .paragraph("Random crops of one unseen scan are compared with the base crops of another one. Right is"
                        + " the base that the crop overlaps most in its own scan: organs keep their places. Controls"
                        + " need no training: guessing, an intensity histogram, the raw pixels, and the same network"
                        + " before training.")
                .figure(
                        Bars.draw(
                                "Cross-scan retrieval, top-1",
                                "share of crops",
                                List.of(
                                        Bars.Bar.control("chance", at(n, "chance")),
                                        Bars.Bar.control("histogram", at(n, "histogram")),
                                        Bars.Bar.control("untrained", at(n, "untrained")),
                                        Bars.Bar.control("pixels", at(n, "pixels")),
                                        Bars.Bar.result(
                                                "trained",
                                                at(n, "crossScan"),
                                                at(n, "crossScan.low"),
                                                at(n, "crossScan.high")))),
                        "bars of retrieval",
                        say(
                                "%.0f crop–scan pairs of %.0f patients. Within one scan, where a crop shares voxels with its base, the"
                                        + " trained network finds %s and raw pixels %s.",
                                at(n, "pairs"),
                                at(n, "patients"),
                                share(n, "withinScan"),
                                share(n, "pixels.withinScan")));
    }

    private static TextTable numbers(Map<String, Double> n) {
        TextTable table = new TextTable("measure", "value");
        n.forEach((name, value) -> table.row(name, Double.isFinite(value) ? say("%.3f", value) : "–"));
        return table;
    }

    private static HtmlReport.Verdict grade(Verdict verdict) {
        return switch (verdict) {
            case LEARNED -> HtmlReport.Verdict.GOOD;
            case NOT_YET, UNDECIDED -> HtmlReport.Verdict.WARN;
            default -> HtmlReport.Verdict.BAD;
        };
    }

    private static String headline(Verdict verdict) {
        return switch (verdict) {
            case LEARNED -> "It learned";
            case NOT_YET -> "Too early to say";
            case UNDECIDED -> "Not yet certain";
            case NOT_ABOVE_CONTROLS -> "Not better than a control";
            case COLLAPSED -> "Collapsed";
            case FLAT_LOSS -> "The loss did not fall";
            case DIVERGED -> "Diverged";
        };
    }

    private static double at(Map<String, Double> numbers, String name) {
        return numbers.getOrDefault(name, Double.NaN);
    }

    private static String share(Map<String, Double> numbers, String name) {
        return say("%.2f", at(numbers, name));
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
