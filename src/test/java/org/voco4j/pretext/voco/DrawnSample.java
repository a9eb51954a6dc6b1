package org.voco4j.pretext.voco;

import java.nio.FloatBuffer;
import java.util.List;
import org.voco4j.augment.Draws;
import org.voco4j.pretext.PretextTask;
import org.voco4j.volume.Volume;

/** Room for a sample of VoCo. */
record DrawnSample(FloatBuffer views, FloatBuffer labels, Draws draws) implements PretextTask.Sample {
    @Override
    public FloatBuffer block(String name) {
        return name.equals("views") ? views : labels;
    }

    /** Draws a sample of a scan; the labels begin at an offset. */
    public static void fill(VoCo task, Volume scan, Draws draws, FloatBuffer views, float[] labels, int offset) {
        FloatBuffer room = FloatBuffer.wrap(labels).position(offset);
        task.sample(List.of(scan), new DrawnSample(views, room, draws));
    }

    /** Floats of a sample's views. */
    static int values(VoCo task) {
        return Math.toIntExact(task.blocks().get(0).values());
    }

    /** Floats of a sample's labels. */
    static int labels(VoCo task) {
        return Math.toIntExact(task.blocks().get(1).values());
    }
}
