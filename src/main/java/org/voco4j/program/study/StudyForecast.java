package org.voco4j.program.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.report.TextTable;
import org.voco4j.run.MemoryPlan;
import org.voco4j.run.TimeSpan;

/**
 * What a study, or a part of it, will take from here on.
 *
 * @param rows what is to be done for each arm
 * @param abreast how many runs at a time
 * @param bytes of memory that the process will hold
 */
public record StudyForecast(List<Row> rows, int abreast, long bytes) {

    /**
     * What is to be done for an arm.
     *
     * @param arm its name
     * @param pretrainings that are not there and that no arm above needs too
     * @param steps of each; 0 from scratch
     * @param pretrainingSeconds of CPU time each
     * @param finetunes that are not there, or may not be: before its pre-trainings are, nobody can tell
     * @param finetuneSeconds of CPU time each
     */
    public record Row(
            String arm, int pretrainings, int steps, double pretrainingSeconds, int finetunes, double finetuneSeconds) {
        double seconds() {
            return pretrainings * pretrainingSeconds + finetunes * finetuneSeconds;
        }
    }

    /** Copies the list. */
    public StudyForecast {
        rows = List.copyOf(rows);
    }

    static StudyForecast of(StudyCells cells, List<StudyArm> arms, List<StudyArm> missing, int abreast)
            throws IOException {
        List<Row> rows = new ArrayList<>();
        Set<Path> counted = new HashSet<>();
        for (StudyArm arm : arms) {
            int pretrainings = 0;
            int steps = cells.plan().predictedSteps(arm);
            if (arm.isPretrained() && cells.plan().steps(arm) == 0) {
                pretrainings = cells.seeds().size(); // how long they are is not settled, so none is there
            } else {
                for (Pretrainings.Job job : cells.pretrainings(arm)) {
                    Path place = cells.pretrainings().place(job);
                    if (!Pretrainings.hasEnded(place) && counted.add(place)) {
                        pretrainings++;
                    }
                }
            }
            rows.add(new Row(
                    arm.name(),
                    pretrainings,
                    steps,
                    seconds(cells.plan().pretraining(arm), steps, 1),
                    missing.contains(arm) ? cells.finetunes() : 0,
                    seconds(
                            cells.plan().finetuning(arm),
                            arm.recipe().steps(),
                            cells.scans().tested().size())));
        }
        return new StudyForecast(
                rows,
                abreast,
                Engine.residentBytes() + (abreast - 1) * cells.plan().bytes(missing));
    }

    private static double seconds(StudyPlan.@Nullable Cost cost, int steps, int around) {
        return cost == null ? 0 : around * cost.around() + steps * cost.step();
    }

    /** All of it, with so many runs at a time. */
    public double seconds() {
        return rows.stream().mapToDouble(Row::seconds).sum() / abreast;
    }

    /** The rows for people. */
    public TextTable table() {
        TextTable table = new TextTable(
                "arm",
                "pre-trainings",
                "steps",
                "each, CPU s",
                "fine-tunes at most",
                "each, CPU s",
                "together, CPU min");
        for (Row row : rows) {
            table.row(
                    row.arm,
                    Integer.toString(row.pretrainings),
                    Integer.toString(row.steps),
                    say("%.0f", row.pretrainingSeconds),
                    Integer.toString(row.finetunes),
                    say("%.0f", row.finetuneSeconds),
                    say("%.1f", row.seconds() / 60));
        }
        return table;
    }

    /** Time and memory for people. */
    public List<String> sentences() {
        int pretrainings = rows.stream().mapToInt(Row::pretrainings).sum();
        int finetunes = rows.stream().mapToInt(Row::finetunes).sum();
        return pretrainings + finetunes == 0
                ? List.of("Everything is done already.")
                : List.of(say(
                        "Predicted: at most %s for %d pre-trainings and %d fine-tunes, %d at a time on one thread each; %s of"
                                + " memory.",
                        TimeSpan.words(seconds()), pretrainings, finetunes, abreast, MemoryPlan.words(bytes)));
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
