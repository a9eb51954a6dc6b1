package org.voco4j.program.finetune;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.engine.tensor.Device;
import org.voco4j.measure.segmentation.ClassScore;
import org.voco4j.measure.statistics.CountedMean;
import org.voco4j.recipe.Groups;
import org.voco4j.recipe.IntensityLaw;
import org.voco4j.report.Curves;
import org.voco4j.report.HtmlReport;
import org.voco4j.report.Picture;
import org.voco4j.report.SegmentationPicture;
import org.voco4j.report.TextTable;
import org.voco4j.run.CurvePlan;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunMetrics;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Percentiles;

/**
 * {@code report.html} of a fine-tuning run: how good it is per class and scan, how it got there, and what the worst, the
 * median and the best scan look like, each a picture of its own in the run folder too.
 *
 * @param validation of the last network, on both grids
 */
record FinetunePage(FinetuneRecipe recipe, LabelledScans scans, SegmentationTraining training, GridScores validation) {
    private static final List<String> RANKS = List.of("worst", "median", "best");

    /** Segments the pictured scans once more, and writes pictures and report. */
    void write(RunFolder folder, CurvePlan curves, Device device) throws IOException, InterruptedException {
        SegmentationScores model = validation.model();
        SegmentationScores own = Objects.requireNonNull(validation.own());
        boolean unseen = recipe.validation().scans() == Groups.Scans.UNSEEN;
        HtmlReport report = new HtmlReport(
                "How well does it segment?",
                say(
                        "%s, %d steps on %d scans, measured on %d scans %s",
                        recipe.model().encoder(),
                        training.steps(),
                        scans.training().size(),
                        model.cases().size(),
                        unseen ? "it never saw" : "that it was trained on"));
        report.keyNumbers(
                number(own, ClassScore::dice, "%.3f", "mean Dice", "on the scans' own grids"),
                number(model, ClassScore::dice, "%.3f", "mean Dice", "on the grid that it works on"),
                number(
                        own,
                        ClassScore::nsd,
                        "%.3f",
                        "mean surface Dice",
                        say("%.1f mm tolerance, own grids", recipe.validation().tolerance())));
        report.section("By class").table(byClass(own), "Means over scans, on the scans' own grids.");
        report.section("By scan").table(byScan(own, model), "Means over classes that truth or prediction has.");
        pictures(report, folder, model);
        report.section("The run")
                .figure(
                        Curves.draw(RunMetrics.panels(folder, curves)),
                        "training curves",
                        "The network reported here is that of the last step; the best of the validations is"
                                + " model_best.safetensors.");
        report.footnote("voco4j, "
                + String.join(
                        ", ",
                        RunEnvironment.facts(device).entrySet().stream()
                                .map(fact -> fact.getKey() + " " + fact.getValue())
                                .toList())
                + "; " + LocalDate.now(ZoneId.systemDefault()) + ". The whole configuration is in config.yaml.");
        report.write(folder.file("report.html"));
    }

    private void pictures(HtmlReport report, RunFolder folder, SegmentationScores model)
            throws IOException, InterruptedException {
        List<SegmentationScores.Case> ranked = model.cases().stream()
                .filter(scan -> !Double.isNaN(scan.dice()))
                .sorted(Comparator.comparingDouble(SegmentationScores.Case::dice))
                .toList();
        if (ranked.isEmpty()) {
            return;
        }
        List<SegmentationScores.Case> pictured =
                List.of(ranked.get(0), ranked.get((ranked.size() - 1) / 2), ranked.get(ranked.size() - 1));
        report.section("The worst, the median and the best scan");
        for (int i = 0; i < RANKS.size(); i++) {
            SegmentationScores.Case one = pictured.get(i);
            if (i == 0 || !one.equals(pictured.get(i - 1))) {
                Picture picture = picture(one);
                picture.write(folder.file(RANKS.get(i) + ".png"));
                report.figure(
                        picture,
                        "a scan, its truth and what the network sees",
                        say("The %s of %d: %s, mean Dice %.3f.", RANKS.get(i), ranked.size(), one.scan(), one.dice()));
            }
        }
    }

    private Picture picture(SegmentationScores.Case one) throws IOException, InterruptedException {
        LabelledVolume scan = scans.source().scan(one.scan());
        SegmentedScan found = training.segmented(scan.image());
        LabelMap truth = found.picture(scan.labels());
        Channels image = scan.image();
        if (recipe.data().intensity() == IntensityLaw.ZSCORE) { // the others are in [0, 1]
            image = new Percentiles(0.5, 99.5, 0, 1, true, true).apply(image);
        }
        return SegmentationPicture.draw(
                image.volumes().get(0),
                truth,
                scans.classes(),
                List.of(
                        new SegmentationPicture.Column("Scan", "", null),
                        new SegmentationPicture.Column("Truth", "", truth),
                        new SegmentationPicture.Column("Network", say("mean Dice %.3f", one.dice()), found.picture())));
    }

    private static TextTable byClass(SegmentationScores own) {
        TextTable table = new TextTable("class", "Dice", "surface Dice", "HD95 mm", "scans");
        for (int label = 1; label <= own.classes().size(); label++) {
            CountedMean dice = own.mean(label, ClassScore::dice);
            table.row(
                    own.classes().get(label - 1),
                    text("%.3f", dice.mean()),
                    text("%.3f", own.mean(label, ClassScore::nsd).mean()),
                    text("%.1f", own.mean(label, ClassScore::hd95).mean()),
                    Integer.toString(dice.count()));
        }
        return table;
    }

    private static TextTable byScan(SegmentationScores own, SegmentationScores model) {
        TextTable table = new TextTable("scan", "Dice, own grid", "Dice, working grid");
        for (int i = 0; i < own.cases().size(); i++) {
            table.row(
                    own.cases().get(i).scan(),
                    text("%.3f", own.cases().get(i).dice()),
                    text("%.3f", model.cases().get(i).dice()));
        }
        return table;
    }

    private static HtmlReport.KeyNumber number(
            SegmentationScores report, ToDoubleFunction<ClassScore> measure, String format, String label, String note) {
        return new HtmlReport.KeyNumber(text(format, report.mean(measure).mean()), label, note);
    }

    private static String text(String format, double value) {
        return Double.isFinite(value) ? say(format, value) : "–";
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
