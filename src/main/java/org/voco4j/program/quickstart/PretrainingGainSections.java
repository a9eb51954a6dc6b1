package org.voco4j.program.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.voco4j.measure.statistics.PairedGain;
import org.voco4j.pretext.gate.ProbeScores;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.fewlabels.FewLabelTrials;
import org.voco4j.program.fewlabels.FewLabelsResult;
import org.voco4j.report.Curves;
import org.voco4j.report.ForestPlot;
import org.voco4j.report.HtmlReport;
import org.voco4j.report.Panel;
import org.voco4j.report.SegmentationPicture;
import org.voco4j.report.Series;
import org.voco4j.report.TextTable;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;

/**
 * The part of a report that is about fine-tuning with few labels.
 *
 * @param benefit what came of it
 * @param organs how well the share of each organ in a crop is read from frozen features
 * @param folder with the scan and its segmentations
 */
record PretrainingGainSections(PretrainingGain benefit, ProbeScores organs, Path folder) {
    private static final int FEW = PretrainingGain.FEW;

    /** Adds its sections; {@code gate} holds the numbers of the pre-training. */
    void add(HtmlReport report, Map<String, Double> gate) throws IOException {
        withFewLabels(report);
        onATorso(report);
        byOrgan(report);
        threeViews(report, gate);
        if (!benefit.sweep().isEmpty()) {
            sweep(report);
        }
        losses(report);
    }

    private void withFewLabels(HtmlReport report) {
        TextTable table =
                new TextTable("labelled torsos", "from scratch", "from " + benefit.title(), "gain", "95 % interval");
        for (int labels : benefit.labels()) {
            PairedGain gain = benefit.gain(labels);
            table.row(
                    Integer.toString(labels),
                    meanAndSpread(Arm.SCRATCH, labels),
                    meanAndSpread(benefit.method(), labels),
                    say("%+.3f", gain.mean()),
                    interval(gain));
        }
        PairedGain some = benefit.gain(FEW);
        report.section("With few labels")
                .paragraph(say(
                        "The same network is trained to find %d organs, once from random weights and once with the"
                                + " pre-trained encoder: same labelled torsos, same patches, same beginning of the"
                                + " decoder, same number of steps. Each pair is repeated with %d seeds, every seed"
                                + " with other labelled torsos, and measured on the same %d unseen torsos.",
                        benefit.classes().size(), some.seeds(), some.cases()))
                .table(
                        table,
                        "Mean Dice over organs, torsos and seeds; in brackets the lowest and highest seed. The interval"
                                + " of the gain covers " + some.covers()
                                + ", with this one pre-training: another may be worth more or"
                                + " less.");
        if (benefit.labels().size() > 1) {
            report.figure(
                    Curves.draw(List.of(diceChart(), gainChart())),
                    "Dice and gain against the number of labels",
                    "Left: mean Dice of both ways of training. Right: the gain with its 95 % interval; a gain that"
                            + " is there lies above 0 as a whole.");
        } else {
            report.figure(
                    ForestPlot.draw("Gain in mean Dice", "of every seed, and of all, with 95 % intervals", everySeed()),
                    "the gain of every seed and of all",
                    "Intervals of single seeds cover other unseen torsos, that of all other seeds too.");
        }
    }

    private List<ForestPlot.Row> everySeed() {
        List<FewLabelsResult> scratch = benefit.of(Arm.SCRATCH, FEW);
        List<FewLabelsResult> pretrained = benefit.of(benefit.method(), FEW);
        List<ForestPlot.Row> rows = new ArrayList<>();
        for (int i = 0; i < scratch.size(); i++) {
            PairedGain own =
                    PairedGain.of(FewLabelsResult.differences(scratch.subList(i, i + 1), pretrained.subList(i, i + 1)));
            rows.add(row("seed " + scratch.get(i).seed(), "one seed", own));
        }
        rows.add(row("all seeds", "all", benefit.gain(FEW)));
        return rows;
    }

    private static ForestPlot.Row row(String name, String group, PairedGain gain) {
        return new ForestPlot.Row(
                name, group, gain.mean(), gain.interval().low(), gain.interval().high());
    }

    private String meanAndSpread(String arm, int labels) {
        List<FewLabelsResult> results = benefit.of(arm, labels);
        return say(
                "%.3f [%.3f, %.3f]",
                benefit.dice(arm, labels),
                results.stream().mapToDouble(FewLabelsResult::mean).min().orElse(Double.NaN),
                results.stream().mapToDouble(FewLabelsResult::mean).max().orElse(Double.NaN));
    }

    private Panel diceChart() {
        return new Panel(
                "Mean Dice on unseen torsos",
                "labelled torsos",
                List.of(
                        Series.solid(
                                benefit.title(),
                                counts(),
                                overCounts(labels -> benefit.dice(benefit.method(), labels))),
                        Series.solid("scratch", counts(), overCounts(labels -> benefit.dice(Arm.SCRATCH, labels)))));
    }

    private Panel gainChart() {
        return new Panel(
                "Gain in mean Dice",
                "labelled torsos",
                List.of(
                        Series.solid(
                                "mean",
                                counts(),
                                overCounts(labels -> benefit.gain(labels).mean())),
                        Series.dashed(
                                "upper",
                                counts(),
                                overCounts(labels ->
                                        benefit.gain(labels).interval().high())),
                        Series.dashed(
                                "lower",
                                counts(),
                                overCounts(labels ->
                                        benefit.gain(labels).interval().low())),
                        Series.level("no gain", 0)));
    }

    private double[] counts() {
        return overCounts(labels -> labels);
    }

    private double[] overCounts(ToDoubleFunction<Integer> of) {
        return benefit.labels().stream().mapToDouble(of).toArray();
    }

    private void onATorso(HtmlReport report) throws IOException {
        Volume scan = new Nifti().read(folder.resolve("scan.nii.gz"));
        LabelMap truth = labels(folder.resolve("truth.nii.gz"));
        List<SegmentationPicture.Column> columns = List.of(
                new SegmentationPicture.Column("Scan", "", null),
                new SegmentationPicture.Column("Truth", "", truth),
                predicted("From scratch", Arm.SCRATCH),
                predicted("From " + benefit.title(), benefit.method()));
        report.section("On a torso it never saw")
                .figure(
                        SegmentationPicture.draw(scan, truth, organNames(), columns),
                        "a scan, its organs, and both segmentations",
                        say(
                                "The first unseen torso, segmented after %d labelled torsos, first seed. The same four"
                                        + " volumes are in finetune/ as NIfTI files.",
                                FEW));
    }

    private SegmentationPicture.Column predicted(String title, String arm) throws IOException {
        FewLabelsResult first = benefit.of(arm, FEW).get(0);
        return new SegmentationPicture.Column(
                title, say("mean Dice %.2f", first.perScan()[0]), labels(FewLabelTrials.picture(folder, first)));
    }

    private List<String> organNames() {
        return benefit.classes().stream().map(name -> name.replace('_', ' ')).toList();
    }

    private static LabelMap labels(Path file) throws IOException {
        return LabelMap.of(new Nifti().read(file));
    }

    private void byOrgan(HtmlReport report) {
        TextTable table = new TextTable("organ", "from scratch", "from " + benefit.title(), "difference");
        for (int label = 1; label <= benefit.classes().size(); label++) {
            double scratch = benefit.dice(Arm.SCRATCH, FEW, label);
            double pretrained = benefit.dice(benefit.method(), FEW, label);
            table.row(
                    organNames().get(label - 1),
                    say("%.3f", scratch),
                    say("%.3f", pretrained),
                    say("%+.3f", pretrained - scratch));
        }
        report.section("Organ by organ")
                .table(table, say("Mean Dice with %d labelled torsos, over seeds and unseen torsos.", FEW));
    }

    private void threeViews(HtmlReport report, Map<String, Double> gate) {
        PairedGain frozen = benefit.gain(Arm.FROZEN_UNTRAINED, Arm.frozen(benefit.method()), FEW);
        PairedGain full = benefit.gain(FEW);
        double before = gate.getOrDefault("positionR2.untrained", Double.NaN);
        double after = gate.getOrDefault("positionR2", Double.NaN);
        TextTable table = new TextTable(
                        "what is looked at", "untrained", benefit.title(), "difference", "95 % interval")
                .row("frozen features, linear map: position, R²", two(before), two(after), by(after - before), "")
                .row(
                        "frozen features, linear map: shares of organs, R²",
                        two(organs.untrained()),
                        two(organs.trained()),
                        by(organs.trained() - organs.untrained()),
                        "")
                .row(
                        "frozen encoder, trained decoder: Dice",
                        two(benefit.dice(Arm.FROZEN_UNTRAINED, FEW)),
                        two(benefit.dice(Arm.frozen(benefit.method()), FEW)),
                        by(frozen.mean()),
                        interval(frozen))
                .row(
                        "everything trained: Dice",
                        two(benefit.dice(Arm.SCRATCH, FEW)),
                        two(benefit.dice(benefit.method(), FEW)),
                        by(full.mean()),
                        interval(full));
        report.section("Three looks at the same encoder")
                .paragraph("From what the features hold to what fine-tuning makes of it: a linear map on frozen"
                        + " features, a decoder on a frozen encoder, and the whole network trained.")
                .table(
                        table,
                        say(
                                "Linear maps are fitted on the crops of a few unseen torsos and tested on the others;"
                                        + " Dice is with %d labelled torsos.",
                                FEW));
    }

    private void sweep(HtmlReport report) {
        TextTable table = new TextTable("learning rates", "from scratch", "from " + benefit.title());
        for (Arm.Rates rates : PretrainingGain.RATES) {
            table.row(
                    rates.toString(),
                    say("%.3f", FewLabelsResult.swept(benefit.sweep(), Arm.SCRATCH, rates)),
                    say("%.3f", FewLabelsResult.swept(benefit.sweep(), benefit.method(), rates)));
        }
        report.section("How the learning rates were chosen")
                .table(
                        table,
                        say(
                                "Mean Dice with %d labelled torsos, on %d torsos and %d seeds that no other figure here"
                                        + " uses. Each way of training took its best; with a frozen encoder the"
                                        + " recipe's was kept.",
                                FEW, PretrainingGain.VALIDATION, PretrainingGain.SWEEP_SEEDS));
    }

    private void losses(HtmlReport report) {
        List<Panel> panels = new ArrayList<>();
        for (int labels : benefit.labels()) {
            panels.add(new Panel(
                    "Loss, " + labels + (labels == 1 ? " labelled torso" : " labelled torsos"),
                    "step",
                    List.of(loss(benefit.title(), benefit.method(), labels), loss("scratch", Arm.SCRATCH, labels))));
        }
        panels.add(new Panel(
                "Loss, frozen encoder",
                "step",
                List.of(
                        loss(benefit.title(), Arm.frozen(benefit.method()), FEW),
                        loss("untrained", Arm.FROZEN_UNTRAINED, FEW))));
        report.section("Fine-tuning")
                .figure(
                        Curves.draw(panels),
                        "losses of the fine-tuning",
                        "Dice loss and cross entropy on the labelled torsos, mean over seeds. How low it gets there"
                                + " says little about unseen torsos.");
    }

    private Series loss(String name, String arm, int labels) {
        List<FewLabelsResult> results = benefit.of(arm, labels);
        double[] steps =
                results.get(0).steps().stream().mapToDouble(Double::doubleValue).toArray();
        return Series.solid(name, steps, FewLabelsResult.meanLoss(results));
    }

    private static String interval(PairedGain gain) {
        return say("%+.3f to %+.3f", gain.interval().low(), gain.interval().high());
    }

    private static String two(double value) {
        return say("%.2f", value);
    }

    private static String by(double value) {
        return say("%+.3f", value);
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
