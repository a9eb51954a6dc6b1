package org.voco4j.program.pretrain;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.LongStream;
import org.voco4j.augment.Draws;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.DirectBuffer;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.PretextTask;
import org.voco4j.run.Prefetcher;
import org.voco4j.run.ScanOrder;
import org.voco4j.volume.Volume;

/**
 * Makes the batch of any step, on loader threads and without libtorch, into direct buffers that are used again.
 *
 * <p>Which scans a step sees and what is cut from them depends on the seed and the step alone: every epoch is a
 * permutation of the scans drawn from its number.
 */
public final class ViewSource implements Prefetcher.Source<ViewSource.Batch> {
    private static final int ORDER = 0; // branches of the run's draws
    private static final int VIEWS = 1;
    private static final int DEVICE = 2;

    private final PretextTask task;
    private final UnlabelledScans scans;
    private final int volumes;
    private final Draws draws;
    private final ScanOrder order;
    private final BlockingQueue<Batch> free;

    /** The blocks of a step's samples, [samples, …] by name. */
    public record Batch(Map<String, FloatBuffer> blocks) {
        /** These numbers as tensors on a device. */
        public Map<String, Tensor> tensors(PretextTask task, int samples, Device device) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (PretextTask.Block block : task.blocks()) {
                long[] shape = LongStream.concat(
                                LongStream.of(samples), block.shape().stream().mapToLong(Long::longValue))
                        .toArray();
                FloatBuffer buffer = Objects.requireNonNull(blocks.get(block.name()), block.name());
                tensors.put(block.name(), Tensor.wrap(buffer, shape).to(device));
            }
            return tensors;
        }
    }

    /** A source whose batches may be in use or ahead {@code buffers} at a time. */
    public ViewSource(PretextTask task, UnlabelledScans scans, int volumes, long seed, int buffers) {
        this.task = task;
        this.scans = scans;
        this.volumes = volumes;
        this.draws = Draws.of(seed);
        this.order = new ScanOrder(draws.at(ORDER), scans.training().size());
        this.free = new ArrayBlockingQueue<>(buffers);
        for (int i = 0; i < buffers; i++) {
            free.add(empty(task, volumes));
        }
    }

    /** Room for the blocks of so many samples. */
    public static Batch empty(PretextTask task, int samples) {
        Map<String, FloatBuffer> blocks = new LinkedHashMap<>();
        task.blocks().forEach(block -> blocks.put(block.name(), DirectBuffer.floats(samples * block.values())));
        return new Batch(blocks);
    }

    /** A sample's part of a batch. */
    private record Part(Batch batch, Draws draws) implements PretextTask.Sample {
        @Override
        public FloatBuffer block(String name) {
            return Objects.requireNonNull(batch.blocks.get(name), name);
        }
    }

    @Override
    public Batch make(long step) throws IOException, InterruptedException {
        Batch batch = free.take();
        for (int v = 0; v < volumes; v++) {
            long draw = step * volumes + v;
            for (PretextTask.Block block : task.blocks()) {
                Objects.requireNonNull(batch.blocks.get(block.name())).position(Math.toIntExact(v * block.values()));
            }
            List<Volume> some = new ArrayList<>();
            for (int s = 0; s < task.scans(); s++) {
                int scan = order.at(draw * task.scans() + s);
                some.add(scans.source().volume(scans.training().get(scan)));
            }
            task.sample(some, new Part(batch, draws.at(VIEWS).at(draw)));
        }
        return batch;
    }

    /** The draws of a step, for what is drawn on the device. */
    Draws drawsOf(long step) {
        return draws.at(DEVICE).at(step);
    }

    /** Gives a batch's buffers back, after its step. */
    public void release(Batch batch) {
        free.add(batch);
    }
}
