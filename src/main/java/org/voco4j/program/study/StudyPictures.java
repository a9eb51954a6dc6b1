package org.voco4j.program.study;

import static org.voco4j.program.study.StudyText.say;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.program.fewlabels.FewLabelTrials;
import org.voco4j.program.fewlabels.FewLabelsResult;
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
        List<SegmentationPicture.Column> arms = new ArrayList<>();
        for (Entry entry : findings.arms()) {
            Path file = FewLabelTrials.picture(folder, entry.name());
            if (Files.exists(file)) {
                arms.add(new SegmentationPicture.Column(
                        entry.name(), say("mean Dice %.2f", dice(entry)), LabelMap.of(new Nifti().read(file))));
            }
        }
        if (arms.isEmpty()) {
            return;
        }
        String first = scans.tested().get(0);
        LabelledVolume scan = scans.labelled().source().scan(first);
        List<String> classes =
                findings.classes().stream().map(name -> name.replace('_', ' ')).toList();
        page.section("On a scan that no arm saw");
        for (int begin = 0; begin < arms.size(); begin += ARMS) {
            List<SegmentationPicture.Column> columns = new ArrayList<>(List.of(
                    new SegmentationPicture.Column("Scan", "", null),
                    new SegmentationPicture.Column("Truth", "", scan.labels())));
            columns.addAll(arms.subList(begin, Math.min(arms.size(), begin + ARMS)));
            page.figure(
                    SegmentationPicture.draw(scan.image().volumes().get(0), scan.labels(), classes, columns),
                    "a scan, its classes, and what the arms made of it",
                    begin > 0
                            ? ""
                            : say(
                                    "%s, the first of those that are measured, after %s, first seed. The volumes lie in the"
                                            + " study's folder under the arms' names.",
                                    first, PaperOrder.labelled(findings.recipe().mostLabels())));
        }
    }

    private double dice(Entry entry) {
        for (FewLabelsResult result : entry.with(findings.recipe().mostLabels())) {
            if (result.seed() == findings.recipe().seed()) {
                return result.perScan()[0];
            }
        }
        return Double.NaN;
    }
}
