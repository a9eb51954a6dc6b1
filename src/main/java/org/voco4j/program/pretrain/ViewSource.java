package org.voco4j.program.pretrain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.voco4j.augment.Draws;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Samples;
import org.voco4j.run.Prefetcher;
import org.voco4j.run.ScanOrder;
import org.voco4j.volume.Volume;

/**
 * Makes the batch of any step, on loader threads and without libtorch, into direct buffers that are used again.
 *
 * <p>Which scans a step sees and what is cut from them depends on the seed and the step alone: every epoch is a
 * permutation of the scans drawn from its number.
 */
public final class ViewSource implements Prefetcher.Source<Samples> {
    private static final int ORDER = 0; // branches of the run's draws
    private static final int VIEWS = 1;
    private static final int DEVICE = 2;

    private final PretextTask task;
    private final UnlabelledScans scans;
    private final int volumes;
    private final Draws draws;
    private final ScanOrder order;
    private final BlockingQueue<Samples> free;

    /** A source whose batches may be in use or ahead {@code buffers} at a time. */
    public ViewSource(PretextTask task, UnlabelledScans scans, int volumes, long seed, int buffers) {
        this.task = task;
        this.scans = scans;
        this.volumes = volumes;
        this.draws = Draws.of(seed);
        this.order = new ScanOrder(draws.at(ORDER), scans.training().size());
        this.free = new ArrayBlockingQueue<>(buffers);
        for (int i = 0; i < buffers; i++) {
            free.add(new Samples(task, volumes));
        }
    }

    @Override
    public Samples make(long step) throws IOException, InterruptedException {
        Samples batch = free.take();
        for (int v = 0; v < volumes; v++) {
            long draw = step * volumes + v;
            List<Volume> some = new ArrayList<>();
            for (int s = 0; s < task.scans(); s++) {
                int scan = order.at(draw * task.scans() + s);
                some.add(scans.source().volume(scans.training().get(scan)));
            }
            batch.fill(v, some, draws.at(VIEWS).at(draw));
        }
        return batch;
    }

    /** The draws of a step, for what is drawn on the device. */
    public Draws drawsOf(long step) {
        return draws.at(DEVICE).at(step);
    }

    /** Gives a batch's buffers back, after its step. */
    public void release(Samples batch) {
        free.add(batch);
    }
}
