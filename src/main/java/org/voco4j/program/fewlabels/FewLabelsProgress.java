package org.voco4j.program.fewlabels;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.voco4j.run.RunLog;
import org.voco4j.run.TimeSpan;

/** How many runs are done, and how long the others will take; used by several threads. */
public final class FewLabelsProgress {
    private final String what;
    private final int all;
    private final int abreast;
    private final List<Double> seconds = new ArrayList<>();
    private int done;

    /**
     * None of them is done.
     *
     * @param what they are
     * @param all how many
     * @param abreast how many at a time
     */
    public FewLabelsProgress(String what, int all, int abreast) {
        this.what = what;
        this.all = all;
        this.abreast = abreast;
    }

    /** One more need not be done. */
    synchronized void skip() {
        done++;
    }

    /** One more is done. */
    public synchronized void tell(RunLog log, String which, double took) {
        done++;
        seconds.add(took);
        double each =
                seconds.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        log.say(String.format(
                Locale.ROOT,
                "%s %d of %d: %s; %s left",
                what,
                done,
                all,
                which,
                TimeSpan.words(each * (all - done) / abreast)));
    }
}
