package org.voco4j.program.study;

import static org.voco4j.program.study.StudyText.say;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.voco4j.measure.statistics.Interval;
import org.voco4j.program.study.StudyFindings.Comparison;
import org.voco4j.recipe.UsageException;
import org.voco4j.report.ForestPlot;
import org.voco4j.report.TextTable;
import org.voco4j.run.RunJson;
import tools.jackson.databind.JsonNode;

/**
 * What finished studies of other scans found for the same arms: one chart over data sets.
 *
 * @param own what the study beside which they stand is called
 * @param gains in the order in which the studies were named
 */
record OtherStudies(String own, List<Gain> gains) {

    /**
     * One comparison of one study.
     *
     * @param study its folder's name
     * @param interval infinite where it has none
     */
    record Gain(String study, String arm, String against, int labels, double mean, Interval interval) {
        private boolean compares(Gain other) {
            return arm.equals(other.arm) && against.equals(other.against) && labels == other.labels;
        }
    }

    /**
     * Reads what they found.
     *
     * @throws UsageException if one is not finished, is named as another, or compares nothing that these arms do
     */
    static OtherStudies read(List<Path> folders, Path own, List<StudyArm> arms) throws IOException {
        List<String> names = new ArrayList<>(List.of(name(own)));
        List<Gain> gains = new ArrayList<>();
        for (Path folder : folders) {
            String name = name(folder);
            if (names.contains(name)) {
                throw new UsageException("--beside: " + folder + " would be the second study called " + name
                        + "; studies are told apart by the names of their folders");
            }
            names.add(name);
            List<Gain> found = of(folder, name);
            if (found.stream()
                    .noneMatch(gain -> arms.stream()
                            .anyMatch(arm ->
                                    arm.name().equals(gain.arm) && arm.against().contains(gain.against)))) {
                throw new UsageException("--beside: " + folder + " compares none of the arms that this study compares, "
                        + String.join(", ", arms.stream().map(StudyArm::name).toList()));
            }
            gains.addAll(found);
        }
        return new OtherStudies(names.get(0), gains);
    }

    private static String name(Path folder) {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    private static List<Gain> of(Path folder, String name) throws IOException {
        Path file = StudyDocument.file(folder);
        if (!Files.exists(file)) {
            throw new UsageException("--beside: " + folder + " has no " + file.getFileName()
                    + ": it is no study that came to its end; the command that made it ends it");
        }
        return RunJson.read(file)
                .path("comparisons")
                .valueStream()
                .map(one -> new Gain(
                        name,
                        one.path("arm").asString(""),
                        one.path("against").asString(""),
                        one.path("labels").asInt(),
                        number(one.path("gain"), Double.NaN),
                        new Interval(
                                number(one.path("low"), Double.NEGATIVE_INFINITY),
                                number(one.path("high"), Double.POSITIVE_INFINITY))))
                .toList();
    }

    private static double number(JsonNode node, double otherwise) {
        return node.isNumber() ? node.doubleValue() : otherwise;
    }

    /** Adds what several studies compare to a page. */
    void show(StudyPage page, StudyFindings findings) {
        TextTable table = new TextTable("arm", "against", "labels", "study", "gain", "95 % interval");
        List<ForestPlot.Row> rows = new ArrayList<>();
        for (Comparison one : findings.comparisons()) {
            Gain here = new Gain(
                    own,
                    one.arm(),
                    one.against(),
                    one.labels(),
                    one.test().gain().mean(),
                    one.test().gain().interval());
            List<Gain> others = gains.stream().filter(here::compares).toList();
            if (others.isEmpty()) {
                continue;
            }
            add(here, table, rows);
            others.forEach(gain -> add(gain, table, rows));
        }
        if (rows.isEmpty()) {
            return;
        }
        page.section("Over data sets");
        page.figure(
                ForestPlot.draw("Gain in mean Dice, study by study", "with 95 % intervals", rows),
                "gains of the same arms in several studies",
                "One colour for each study.");
        page.table(
                table,
                "What other studies have in common with this one. Each pairs seeds and scans of its own; nothing is corrected or"
                        + " averaged over studies.");
    }

    private static void add(Gain gain, TextTable table, List<ForestPlot.Row> rows) {
        table.row(
                gain.arm,
                gain.against,
                Integer.toString(gain.labels),
                gain.study,
                say("%+.3f", gain.mean),
                StudyPage.interval("%+.3f to %+.3f", gain.interval));
        rows.add(new ForestPlot.Row(
                say("%s − %s, %s: %s", gain.arm, gain.against, PaperOrder.labelled(gain.labels), gain.study),
                gain.study,
                gain.mean,
                gain.interval.low(),
                gain.interval.high()));
    }
}
