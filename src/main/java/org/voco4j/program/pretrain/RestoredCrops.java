package org.voco4j.program.pretrain;

import java.io.IOException;
import java.util.List;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.PretextTask;
import org.voco4j.report.Drawing;
import org.voco4j.report.RestorationPicture;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;

/** The picture of held-out crops that a method restores, in its run folder. */
public final class RestoredCrops {
    /** The name of the file. */
    public static final String FILE = "restored.png";

    private RestoredCrops() {}

    /** Draws it, where the method restores crops and there are held-out scans. */
    static void draw(PretextTask task, List<HeldOutScan> scans, RunFolder folder, RunLog log) throws IOException {
        if (scans.isEmpty()) {
            return;
        }
        List<RestorationPicture.Row> rows = task.restored(scans).stream()
                .map(crop -> new RestorationPicture.Row(crop.given(), crop.found(), crop.truth()))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        String why = Drawing.attempt(() -> RestorationPicture.draw(rows).write(folder.file(FILE)));
        if (why != null) {
            log.warn(FILE + " could not be drawn: " + why);
        }
    }
}
