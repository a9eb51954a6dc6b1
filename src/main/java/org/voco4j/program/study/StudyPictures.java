package org.voco4j.program.study;

import static org.voco4j.program.study.StudyText.say;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.program.fewlabels.FewLabelTrials;
import org.voco4j.program.fewlabels.FewLabelsResult;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.study.StudyFindings.Entry;
import org.voco4j.report.HtmlReport;
import org.voco4j.report.SegmentationPicture;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.format.Nifti;

/**
 * What the arms make of the first unseen scan, side by side: with the largest number of labels, first seed.
 *
 * @param folder where the segmentations lie
 */
record StudyPictures(StudyFindings findings, Path folder, StudyScans scans) {
    private static final int ARMS = 3; // beside scan and truth, so that a row fits a page

    /** Adds them to a page, where there are any: a part that was merged may have left none. */
    void show(HtmlReport page) throws IOException, InterruptedException {
        Map<LabelledScans, List<SegmentationPicture.Column>> byGrid = new LinkedHashMap<>();
        for (Entry entry : findings.arms()) {
            FewLabelsResult result = first(entry);
            Path file = FewLabelTrials.picture(folder, result);
            if (Files.exists(file)) {
                byGrid.computeIfAbsent(scans.labelled(entry.arm()), own -> new ArrayList<>())
                        .add(new SegmentationPicture.Column(
                                entry.name(),
                                say("mean Dice %.2f", result.perScan()[0]),
                                LabelMap.of(new Nifti().read(file))));
            }
        }
        if (byGrid.isEmpty()) {
            return;
        }
        page.section("On a scan that no arm saw");
        String caption = say(
                "%s, the first of those that are measured, after %s, first seed%s. The volumes lie in the study's folder, with the arms'"
                        + " names.",
                scans.tested().get(0),
                PaperOrder.labelled(findings.recipe().mostLabels()),
                byGrid.size() == 1 ? "" : "; arms whose scans are prepared alike stand together");
        for (Map.Entry<LabelledScans, List<SegmentationPicture.Column>> grid : byGrid.entrySet()) {
            rows(page, grid.getKey().source().scan(scans.tested().get(0)), grid.getValue(), caption);
            caption = "";
        }
    }

    private void rows(HtmlReport page, LabelledVolume scan, List<SegmentationPicture.Column> arms, String caption) {
        List<String> classes =
                findings.classes().stream().map(name -> name.replace('_', ' ')).toList();
        for (int begin = 0; begin < arms.size(); begin += ARMS) {
            List<SegmentationPicture.Column> columns = new ArrayList<>(List.of(
                    new SegmentationPicture.Column("Scan", "", null),
                    new SegmentationPicture.Column("Truth", "", scan.labels())));
            columns.addAll(arms.subList(begin, Math.min(arms.size(), begin + ARMS)));
            page.figure(
                    SegmentationPicture.draw(scan.image().volumes().get(0), scan.labels(), classes, columns),
                    "a scan, its classes, and what the arms made of it",
                    begin > 0 ? "" : caption);
        }
    }

    /** The fine-tune that is shown. */
    private FewLabelsResult first(Entry entry) {
        return entry.with(findings.recipe().mostLabels()).stream()
                .filter(result -> result.seed() == findings.recipe().seed())
                .findFirst()
                .orElseThrow();
    }
}
