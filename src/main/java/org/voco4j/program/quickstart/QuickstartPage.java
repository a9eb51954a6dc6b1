package org.voco4j.program.quickstart;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.voco4j.engine.tensor.Device;
import org.voco4j.measure.statistics.PairedGain;
import org.voco4j.pretext.GateReport;
import org.voco4j.pretext.gate.ProbeScores;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.locate.PositionSections;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.PretrainSections;
import org.voco4j.program.pretrain.PretrainedModel;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.report.HtmlReport;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.RunFolder;
import org.voco4j.run.TimeSpan;

/** {@code report.html} of a quick start: does pre-training help, by how much, and did it learn at all. */
final class QuickstartPage {
    private final RunFolder folder;
    private final UnlabelledScans scans;
    private final PretrainedModel model;
    private final Quickstart.Story story;

    /** A report on a finished story; where nothing was fine-tuned it says why. */
    QuickstartPage(RunFolder folder, UnlabelledScans scans, PretrainedModel model, Quickstart.Story story) {
        this.folder = folder;
        this.scans = scans;
        this.model = model;
        this.story = story;
    }

    void write(PretrainRecipe recipe, Device device, Pretrain.Outcome outcome, GateReport gate) throws IOException {
        Map<String, Double> n = gate.numbers();
        PretrainingGain benefit = story.benefit();
        ProbeScores organs = story.organs();
        HtmlReport report = new HtmlReport("Does it help?", PretrainSections.subject(recipe, scans, outcome));
        List<HtmlReport.KeyNumber> key = new ArrayList<>();
        if (benefit == null) {
            PretrainSections.verdict(report, gate);
            report.paragraph("Nothing was fine-tuned: " + story.leftOut());
        } else {
            report.verdict(grade(benefit), benefit.headline(), benefit.numbers());
            PretrainSections.verdict(report, gate);
            key.add(gained(benefit));
        }
        key.add(PretrainSections.crossScan(n));
        key.add(new HtmlReport.KeyNumber(
                say("%.2f", at(n, "positionR2")),
                "R² of position from frozen features",
                say("untrained network %.2f", at(n, "positionR2.untrained"))));
        if (benefit == null && organs != null) {
            key.add(new HtmlReport.KeyNumber(
                    say("%.2f", organs.trained()),
                    "R² of shares of organs from frozen features",
                    say("untrained network %.2f", organs.untrained())));
        }
        key.add(new HtmlReport.KeyNumber(
                TimeSpan.words(outcome.seconds()),
                "of pre-training",
                "on " + Runtime.getRuntime().availableProcessors() + " cores"));
        report.keyNumbers(key.toArray(HtmlReport.KeyNumber[]::new));
        if (benefit != null && organs != null) {
            new PretrainingGainSections(benefit, organs, folder.file(Quickstart.FINETUNE)).add(report, n);
        }
        PretrainSections.retrieval(report, n);
        PositionSections.add(report, model, scans.heldOut(), device);
        PretrainSections.course(report, folder, recipe, n);
        PretrainSections.restored(report, folder);
        List<String> facts = RunEnvironment.facts(device).entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
        report.footnote("voco4j, " + String.join(", ", facts) + "; " + LocalDate.now(ZoneId.systemDefault()) + ".");
        report.footnote("The whole configuration is in config.yaml and finetune/config.yaml beside this file; the same"
                + " command on the same machine repeats the same bits.");
        report.write(folder.file("report.html"));
    }

    private static HtmlReport.KeyNumber gained(PretrainingGain benefit) {
        PairedGain gain = benefit.gain(PretrainingGain.FEW);
        return new HtmlReport.KeyNumber(
                say("%+.3f", gain.mean()),
                say("mean Dice gained, %d labelled torsos", PretrainingGain.FEW),
                say(
                        "95 %% interval %+.3f to %+.3f; from scratch %.2f",
                        gain.interval().low(), gain.interval().high(), benefit.dice(Arm.SCRATCH, PretrainingGain.FEW)));
    }

    private static HtmlReport.Verdict grade(PretrainingGain benefit) {
        return switch (benefit.answer()) {
            case HELPS -> HtmlReport.Verdict.GOOD;
            case NO_DIFFERENCE, MIXED -> HtmlReport.Verdict.WARN;
            case HURTS -> HtmlReport.Verdict.BAD;
        };
    }

    private static double at(Map<String, Double> numbers, String name) {
        return numbers.getOrDefault(name, Double.NaN);
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
