package org.voco4j.program.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.voco4j.run.RunLog;
import org.voco4j.run.TimeSpan;

/** How many fine-tunes are done, and how long the others will take; used by several threads. */
final class FewLabelsProgress {
    private final String what;
    private final int all;
    private final int abreast;
    private final List<Double> seconds = new ArrayList<>();
    private int done;

    FewLabelsProgress(String what, int all, int abreast) {
        this.what = what;
        this.all = all;
        this.abreast = abreast;
    }

    synchronized void skip() {
        done++;
    }

    synchronized void tell(RunLog log, FewLabelTrials.Task task, FewLabelsResult result) {
        done++;
        seconds.add(result.seconds());
        double each =
                seconds.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        log.say(String.format(
                Locale.ROOT,
                "%s %d of %d: %s, %d %s, seed %d: Dice %.2f; %s left",
                what,
                done,
                all,
                task.arm().name(),
                task.labels(),
                task.labels() == 1 ? "label" : "labels",
                task.seed(),
                result.mean(),
                TimeSpan.words(each * (all - done) / abreast)));
    }
}
