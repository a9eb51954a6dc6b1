package org.voco4j.program.study;

import static org.voco4j.program.study.StudyText.say;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.AtomicFile;
import org.voco4j.measure.statistics.Interval;
import org.voco4j.measure.statistics.PairedGain;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.fewlabels.FewLabelsResult;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.study.StudyFindings.Comparison;
import org.voco4j.program.study.StudyFindings.Entry;
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
                "%d arms, %s, %s; %s, %d unseen ones measured.",
                findings.arms().size(),
                recipe.labels().size() == 1
                        ? PaperOrder.labelled(recipe.labels().get(0))
                        : String.join(
                                        ", ",
                                        recipe.labels().stream()
                                                .map(String::valueOf)
                                                .toList())
                                + " labels",
                StudyText.seeds(recipe.seeds()),
                torsos ? recipe.torsos().training() + " synthetic torsos" : "scans of " + recipe.data(),
                recipe.tested());
    }

    void write(RunFolder folder, StudyScans scans, OtherStudies others, Device device)
            throws IOException, InterruptedException {
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
        others.show(this, findings);
        classes();
        new StudyPictures(findings, folder.path(), scans).show(html);
        new StudyGate(findings).show(this);
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
                    pretraining == null ? "–" : entry.steps() + after(entry),
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

    private static String after(Entry entry) {
        StudyArm first = entry.arm().after();
        return first == null ? "" : ", after those of " + first.name();
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
                say(
                        "Mean Dice over classes, unseen scans and seeds%s, with the 95 %% interval for %s.",
                        recipe.scoring().onOwnGrids() ? ", on the scans' own grids" : "", text.intervalsAreFor()));
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
                "Paired by seed and case (a scan, or the scans of a patient). p: paired t test over both; corrected by Holm over the rows with that number of labels."
                        + " d: gain over the standard deviation of the seeds' means. Last: paired seeds that would show a"
                        + " difference of 0.02 on these scans with a chance of 8 in 10, before correction, if they scatter as these;"
                        + " more scans: no number of seeds would.");
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
                row.add(say("%.3f", FewLabelsResult.swept(entry.sweep(), entry.name(), rates)));
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

    void section(String heading) {
        html.section(heading);
        markdown.append("\n## ").append(heading).append('\n');
    }

    void paragraph(String words) {
        html.paragraph(words);
        markdown.append('\n').append(words).append('\n');
    }

    void table(TextTable table, String caption) {
        html.table(table, caption);
        markdown.append('\n').append(table.toMarkdown());
        if (!caption.isEmpty()) {
            markdown.append('\n').append(caption).append('\n');
        }
    }

    void figure(Svg drawing, String alternative, String caption) {
        html.figure(drawing, alternative, caption);
    }

    static String interval(String format, Interval interval) {
        return Double.isFinite(interval.low()) && Double.isFinite(interval.high())
                ? say(format, interval.low(), interval.high())
                : "–";
    }
}
