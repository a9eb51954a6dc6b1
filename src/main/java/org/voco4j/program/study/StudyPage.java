package org.voco4j.program.study;

import static org.voco4j.program.study.StudyText.say;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.AtomicFile;
import org.voco4j.measure.statistics.Interval;
import org.voco4j.measure.statistics.PairedGain;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.fewlabels.FewLabelsResult;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.study.StudyFindings.Comparison;
import org.voco4j.program.study.StudyFindings.Entry;
import org.voco4j.program.study.StudyFindings.Point;
import org.voco4j.report.ForestPlot;
import org.voco4j.report.HtmlReport;
import org.voco4j.report.ScatterPlot;
import org.voco4j.report.Svg;
import org.voco4j.report.TextTable;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.RunFolder;

/**
 * {@code report.html} and {@code report.md} of a study. The second has the tables and the words of the first and nothing that depends on
 * the day or the machine's clock, so the same results always give the same file.
 */
final class StudyPage {
    /** The page with pictures. */
    static final String HTML = "report.html";

    /** The page without. */
    static final String MARKDOWN = "report.md";

    private static final List<Map.Entry<String, String>> GATE = List.of(
            Map.entry("crossScan", "a place found in another scan"),
            Map.entry("positionR2", "R² of position, frozen features"));

    private final StudyFindings findings;
    private final StudyRecipe recipe;
    private final StudyText text;
    private final HtmlReport html;
    private final StringBuilder markdown = new StringBuilder();

    StudyPage(StudyFindings findings) {
        this.findings = findings;
        this.recipe = findings.recipe();
        this.text = new StudyText(findings);
        String question = recipe.question();
        String title = question == null ? "Ways of training beside each other" : question;
        html = new HtmlReport(title, subject());
        markdown.append("# ").append(title).append("\n\n").append(subject()).append('\n');
    }

    private String subject() {
        boolean torsos = recipe.data().equals(StudyRecipe.TORSOS);
        return say(
                "%d arms, %s, %d seeds; %s, %d unseen ones measured.",
                findings.arms().size(),
                recipe.labels().size() == 1
                        ? PaperOrder.labelled(recipe.labels().get(0))
                        : String.join(
                                        ", ",
                                        recipe.labels().stream()
                                                .map(String::valueOf)
                                                .toList())
                                + " labels",
                recipe.seeds(),
                torsos ? recipe.torsos().training() + " synthetic torsos" : "scans of " + recipe.data(),
                recipe.tested());
    }

    void write(RunFolder folder, Device device) throws IOException {
        html.verdict(
                text.showsAny() ? HtmlReport.Verdict.GOOD : HtmlReport.Verdict.WARN, text.headline(), text.basis());
        markdown.append("\n**")
                .append(text.headline())
                .append("** ")
                .append(text.basis())
                .append('\n');
        arms();
        results(findings.isTimed() ? "Equal steps" : "Results", false);
        if (findings.isTimed()) {
            results("Equal seconds", true);
        }
        classes();
        strata();
        gate();
        paper();
        list("What follows", text.follows());
        list("What does not follow", text.doesNotFollow());
        sweeps();
        footnotes(device);
        AtomicFile.write(folder.file(MARKDOWN), markdown.toString());
        html.write(folder.file(HTML));
    }

    private void arms() {
        section("What was compared");
        TextTable table = new TextTable(
                "arm", "pre-training", "encoder", "steps", "scans a step", "learning rates", "compared with");
        for (Entry entry : findings.arms()) {
            PretrainRecipe pretraining = entry.arm().pretrainRecipe();
            table.row(
                    entry.name(),
                    pretraining == null
                            ? "none"
                            : pretraining.pretext().chosen().label(),
                    entry.arm().recipe().model().encoder().toString(),
                    pretraining == null ? "–" : Integer.toString(entry.steps()),
                    pretraining == null
                            ? "–"
                            : Integer.toString(pretraining.batch().volumes()),
                    entry.rates().toString(),
                    String.join("; ", entry.arm().against()));
        }
        Double seconds = recipe.pretrain().cpuSeconds();
        table(
                table,
                seconds == null
                        ? ""
                        : say(
                                "Arms with CPU seconds in their names are pre-trained for as many steps as %s CPU seconds hold, by"
                                        + " what the steps of the others with the same settings took (plan.json).",
                                seconds));
        findings.leftOut().forEach((arm, why) -> paragraph("Left out: " + arm + ", " + why + "."));
    }

    private void results(String heading, boolean timed) {
        section(heading);
        List<String> head = new ArrayList<>(List.of("arm"));
        recipe.labels().forEach(labels -> head.add("Dice, " + PaperOrder.labelled(labels)));
        TextTable dice = new TextTable(head.toArray(String[]::new));
        for (Entry entry : findings.budget(timed)) {
            List<String> row = new ArrayList<>(List.of(entry.name()));
            for (int labels : recipe.labels()) {
                PairedGain mean = entry.dice(labels);
                row.add(say("%.3f", mean.mean()) + " " + interval("[%.3f, %.3f]", mean.interval()));
            }
            dice.row(row.toArray(String[]::new));
        }
        table(
                dice,
                "Mean Dice over classes, unseen scans and seeds, with the 95 % interval for other seeds and scans.");
        List<Comparison> comparisons = findings.comparisons(timed);
        if (comparisons.isEmpty()) {
            return;
        }
        TextTable gains = new TextTable(
                "arm", "against", "labels", "gain", "95 % interval", "p", "p, corrected", "d", "seeds for 0.02");
        List<ForestPlot.Row> rows = new ArrayList<>();
        for (Comparison one : comparisons) {
            PairedGain gain = one.test().gain();
            gains.row(
                    one.arm(),
                    one.against(),
                    Integer.toString(one.labels()),
                    say("%+.3f", gain.mean()),
                    interval("%+.3f to %+.3f", gain.interval()),
                    StudyText.p(one.test().p()),
                    StudyText.p(one.p()),
                    Double.isNaN(one.test().effect())
                            ? "–"
                            : say("%.2f", one.test().effect()),
                    StudyText.seeds(one));
            rows.add(new ForestPlot.Row(
                    say("%s − %s, %s", one.arm(), one.against(), PaperOrder.labelled(one.labels())),
                    Integer.toString(one.labels()),
                    gain.mean(),
                    gain.interval().low(),
                    gain.interval().high()));
        }
        table(
                gains,
                "Paired by seed and scan. p: paired t test over both; corrected by Holm over the rows with that number of labels."
                        + " d: gain over the standard deviation of the seeds' means. Last: paired seeds that would show a"
                        + " difference of 0.02 with a chance of 8 in 10, if they scatter as these.");
        figure(
                ForestPlot.draw(
                        "Gain in mean Dice", "with 95 % intervals; a difference that is there is clear of 0", rows),
                "gains of all arms with their intervals",
                "One colour for each number of labels.");
        if (recipe.labels().size() > 1) {
            figure(
                    ScatterPlot.draw(
                            "Mean Dice on unseen scans",
                            "labelled scans",
                            "Dice",
                            findings.budget(timed).stream().map(this::curve).toList()),
                    "Dice against the number of labels",
                    "Intervals are those of the table.");
        }
    }

    private ScatterPlot.Group curve(Entry entry) {
        return new ScatterPlot.Group(
                entry.name(),
                recipe.labels().stream()
                        .sorted()
                        .map(labels -> {
                            PairedGain dice = entry.dice(labels);
                            return new ScatterPlot.Dot(
                                    labels,
                                    dice.mean(),
                                    dice.interval().low(),
                                    dice.interval().high());
                        })
                        .toList(),
                true);
    }

    private void classes() {
        section("Class by class");
        List<String> head = new ArrayList<>(List.of("arm", "labels"));
        head.addAll(findings.classes());
        TextTable table = new TextTable(head.toArray(String[]::new));
        for (Entry entry : findings.arms()) {
            for (int labels : recipe.labels()) {
                List<String> row = new ArrayList<>(List.of(entry.name(), Integer.toString(labels)));
                for (int k = 0; k < findings.classes().size(); k++) {
                    double dice = entry.ofClass(k, labels);
                    row.add(Double.isNaN(dice) ? "–" : say("%.3f", dice));
                }
                table.row(row.toArray(String[]::new));
            }
        }
        table(
                table,
                recipe.partlyLabelled()
                        ? "Mean Dice over seeds and the scans whose label maps have the class."
                        : "Mean Dice over seeds and the scans in which the class is, or was found.");
    }

    private void strata() {
        List<StudyFindings.InStratum> rows = findings.strata();
        if (rows.isEmpty()) {
            return;
        }
        section("The gate, stratum by stratum");
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
                    overSeeds("%.2f", row.seeds(), row.untrained()),
                    overSeeds("%.2f", row.seeds(), row.pixels()),
                    overSeeds("%+.2f", row.seeds(), row.margin()));
        }
        table(
                table,
                "Places found in another patient's scan of the same stratum, before (untrained) and after pre-training, in patients"
                        + " that were held out: the mean over seeds, each with a training and held-out patients of its own, with the 95 %"
                        + " interval for other seeds and patients.");
    }

    private static String overSeeds(String format, int seeds, PairedGain mean) {
        return say(format, mean.mean())
                + (seeds < 2 ? "" : " " + interval("[" + format + ", " + format + "]", mean.interval()));
    }

    private void gate() {
        TextTable table =
                new TextTable("number of the gate", "labels", "pre-trainings", "Spearman's ρ", "95 % interval");
        for (Map.Entry<String, String> number : GATE) {
            for (int labels : recipe.labels()) {
                List<Point> points = findings.points(number.getKey(), labels);
                if (points.size() >= 2) {
                    StudyFindings.Agreement agreement = StudyFindings.agreement(points);
                    table.row(
                            number.getValue(),
                            Integer.toString(labels),
                            Integer.toString(agreement.cells()),
                            say("%+.2f", agreement.rho()),
                            agreement.interval() == null ? "–" : interval("%+.2f to %+.2f", agreement.interval()));
                }
            }
        }
        if (table.rows().isEmpty()) {
            return;
        }
        section("Does the gate predict the gain?");
        if (!findings.gatesAreAlike()) {
            paragraph(
                    "Nothing can be said here: the arms have different numbers of bases, and a place among few is found more"
                            + " easily than one among many.");
            return;
        }
        paragraph(
                "Every pre-training's number on held-out scans beside what its fine-tunes gained, same seed, over the arm"
                        + " that it is first compared with. ρ is 1 where the order is the same and 0 where the one says nothing about"
                        + " the other; its interval resamples arms, or pre-trainings where there are fewer than three arms.");
        table(table, "");
        int few = recipe.labels().get(0);
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
            figure(
                    ScatterPlot.draw(
                            "Retrieval and gain, " + PaperOrder.labelled(few),
                            "a place found in another scan, share of crops",
                            "gain in mean Dice",
                            groups),
                    "the gate's retrieval against the gain of every pre-training",
                    "One dot for each pre-training.");
        }
    }

    private void paper() {
        PaperOrder paper = PaperOrder.of(findings);
        if (paper.isEmpty()) {
            return;
        }
        section("Beside the paper");
        String table = recipe.paper().table();
        table(
                paper.table(recipe.labels()),
                (table == null ? "The paper's numbers" : table)
                        + ". The scans, sizes and lengths of training are others, so only the order can be compared.");
        paper.sentences(recipe.labels()).forEach(this::paragraph);
    }

    private void sweeps() {
        List<Entry> swept = findings.arms().stream()
                .filter(entry -> !entry.sweep().isEmpty())
                .toList();
        if (swept.isEmpty()) {
            return;
        }
        section("How the learning rates were chosen");
        List<Arm.Rates> pairs = recipe.sweep().pairs();
        List<String> head = new ArrayList<>(List.of("arm"));
        pairs.forEach(rates -> head.add(rates.toString()));
        TextTable table = new TextTable(head.toArray(String[]::new));
        for (Entry entry : swept) {
            List<String> row = new ArrayList<>(List.of(entry.name()));
            for (Arm.Rates rates : pairs) {
                row.add(say("%.3f", PretrainingGain.swept(entry.sweep(), entry.name(), rates)));
            }
            table.row(row.toArray(String[]::new));
        }
        table(
                table,
                say(
                        "Mean Dice with %s on %d unseen scans; seeds: %d. Nothing else here is from these scans, seeds and"
                                + " pre-trainings. Each arm took its best.",
                        PaperOrder.labelled(recipe.sweep().labels()),
                        recipe.sweep().scans(),
                        recipe.sweep().seeds()));
    }

    private void footnotes(Device device) {
        double seconds = findings.arms().stream()
                .flatMap(entry -> entry.results().stream())
                .mapToDouble(FewLabelsResult::seconds)
                .sum();
        html.footnote(
                say("The fine-tunes that are reported took %.0f minutes in all, each on one thread.", seconds / 60));
        html.footnote("voco4j, "
                + String.join(
                        ", ",
                        RunEnvironment.facts(device).entrySet().stream()
                                .map(entry -> entry.getKey() + " " + entry.getValue())
                                .toList())
                + "; " + LocalDate.now(ZoneId.systemDefault()) + ".");
        html.footnote("The whole configuration is in config.yaml beside this file, every fine-tune in results.jsonl.");
    }

    private void list(String heading, List<String> sentences) {
        section(heading);
        sentences.forEach(this::paragraph);
    }

    private void section(String heading) {
        html.section(heading);
        markdown.append("\n## ").append(heading).append('\n');
    }

    private void paragraph(String words) {
        html.paragraph(words);
        markdown.append('\n').append(words).append('\n');
    }

    private void table(TextTable table, String caption) {
        html.table(table, caption);
        markdown.append('\n').append(table.toMarkdown());
        if (!caption.isEmpty()) {
            markdown.append('\n').append(caption).append('\n');
        }
    }

    private void figure(Svg drawing, String alternative, String caption) {
        html.figure(drawing, alternative, caption);
    }

    private static String interval(String format, Interval interval) {
        return Double.isFinite(interval.low()) && Double.isFinite(interval.high())
                ? say(format, interval.low(), interval.high())
                : "–";
    }
}
