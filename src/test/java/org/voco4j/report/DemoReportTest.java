package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** Everything on one page, in target/report, for people to look at. */
final class DemoReportTest {
    private static final Path OUT = Path.of("target", "report");

    @Test
    void everyPictureGoesIntoOneReport() throws IOException {
        Files.createDirectories(OUT);
        Box crop = Box.at(41, 30, 0, new Shape3(32, 24, 64));
        double[] truth = Demo.shares(crop);
        Picture curves = Curves.draw(Demo.panels());
        Picture scan = ScanPicture.draw(Demo.torso(), Demo.bases(), crop, truth, Demo.guess(truth, 1));
        Picture across = ScanPicture.drawAcross(
                Demo.torso(), crop, Demo.torso(), Demo.bases(), crop, truth, Demo.guess(truth, 2));
        Picture overlaps = OverlapChart.draw(Demo.crops());
        Picture bars = Bars.draw("Position retrieval on held-out scans", "share of crops found", Demo.bars());
        curves.write(OUT.resolve("curves.png"));
        scan.write(OUT.resolve("scan.png"));
        across.write(OUT.resolve("across.png"));
        overlaps.write(OUT.resolve("overlaps.png"));
        bars.write(OUT.resolve("bars.png"));

        HtmlReport report = new HtmlReport(
                        "Pre-training: tiny", "20,000 steps on 24 scans, 6 held out; made-up numbers")
                .verdict(
                        HtmlReport.Verdict.GOOD,
                        "The network learned where things are in the body.",
                        "It finds the right base for 65 % of the crops of scans it has not seen; the best control, "
                                + "raw pixels, finds 34 %.")
                .keyNumbers(
                        new HtmlReport.KeyNumber("0.65", "Position retrieval", "95 % interval 0.58 to 0.71"),
                        new HtmlReport.KeyNumber("+0.31", "Margin over best control", "raw pixels, 0.34"),
                        new HtmlReport.KeyNumber("0.211", "Final loss", "mean of the last 400 steps"),
                        new HtmlReport.KeyNumber("41 min", "Training time", "0.12 s per step"))
                .section("Did it learn?")
                .paragraph(
                        "A crop of one held-out scan is compared with the base crops of another one. The controls say "
                                + "how far one gets without learning anything.")
                .figure(
                        bars,
                        "Bars of position retrieval for four controls and the trained network",
                        "Share of crops whose nearest base is the right one. The whisker is the 95 % interval over scans.")
                .section("Training")
                .figure(
                        curves,
                        "Curves of loss, retrieval, learning rate and gradient norm",
                        "Pale: each step. Strong: running mean. Dashed: the controls.")
                .section("One crop, looked at")
                .figure(scan, "A scan with the grid of bases, the true and the predicted overlap of one crop", "")
                .figure(
                        overlaps,
                        "Predicted and true overlap of six crops with 16 bases",
                        "Six crops of held-out scans.")
                .section("Numbers")
                .table(
                        new TextTable("measure", "trained", "untrained", "difference")
                                .row("retrieval, across scans", "0.65", "0.19", "+0.46")
                                .row("retrieval, same scan", "0.91", "0.42", "+0.49")
                                .row("frozen probe R²", "0.71 ± 0.03", "0.35 ± 0.05", "+0.36")
                                .row("dead positives", "2 %", "–", "–"),
                        "Held-out scans, 16 crops each")
                .footnote("voco4j 0.1.0, libtorch 2.10.0, Java 17.0.15; seed 42")
                .footnote("2 cores, 8 GiB; 22 November 2026");
        report.write(OUT.resolve("report.html"));
        assertThat(OUT.resolve("report.html")).isNotEmptyFile();
    }
}
