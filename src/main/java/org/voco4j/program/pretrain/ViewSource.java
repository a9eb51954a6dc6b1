package org.voco4j.program.pretrain;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.voco4j.augment.Draws;
import org.voco4j.engine.tensor.DirectBuffer;
import org.voco4j.pretext.PretextTask;
import org.voco4j.run.Prefetcher;
import org.voco4j.run.ScanOrder;

/**
 * Makes the batch of any step, on loader threads and without libtorch, into direct buffers that are used again.
 *
 * <p>Which scans a step sees and what is cut from them depends on the seed and the step alone: every epoch is a
 * permutation of the scans drawn from its number.
 */
public final class ViewSource implements Prefetcher.Source<ViewSource.Batch> {
    private static final int ORDER = 0; // branches of the run's draws
    private static final int VIEWS = 1;

    private final PretextTask task;
    private final UnlabelledScans scans;
    private final int volumes;
    private final Draws draws;
    private final ScanOrder order;
    private final BlockingQueue<FloatBuffer> free;

    /**
     * The views of a step's scans, [volumes, views, edge, edge, edge], and their targets, [volumes, targets].
     */
    public record Batch(FloatBuffer views, float[] targets) {}

    /** A source whose batches may be in use or ahead {@code buffers} at a time. */
    public ViewSource(PretextTask task, UnlabelledScans scans, int volumes, long seed, int buffers) {
        this.task = task;
        this.scans = scans;
        this.volumes = volumes;
        this.draws = Draws.of(seed);
        this.order = new ScanOrder(draws.at(ORDER), scans.training().size());
        this.free = new ArrayBlockingQueue<>(buffers);
        for (int i = 0; i < buffers; i++) {
            free.add(DirectBuffer.floats((long) volumes * task.layout().values()));
        }
    }

    @Override
    public Batch make(long step) throws IOException, InterruptedException {
        PretextTask.Layout layout = task.layout();
        FloatBuffer views = free.take();
        float[] targets = new float[volumes * layout.targets()];
        for (int v = 0; v < volumes; v++) {
            long draw = step * volumes + v;
            int scan = order.at(draw);
            views.position(v * layout.values());
            task.sample(
                    scans.source().volume(scans.training().get(scan)),
                    draws.at(VIEWS).at(draw),
                    views,
                    targets,
                    v * layout.targets());
        }
        return new Batch(views, targets);
    }

    /** Gives a batch's buffer back, after its step. */
    public void release(Batch batch) {
        free.add(batch.views);
    }
}
