package org.voco4j.program.classify;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.voco4j.augment.Draws;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.downstream.classify.CentralCrop;
import org.voco4j.engine.tensor.DirectBuffer;
import org.voco4j.run.Prefetcher;
import org.voco4j.run.ScanOrder;
import org.voco4j.volume.Channels;

/**
 * Makes the scans of any step with their classes, on loader threads and without libtorch, into direct buffers that are used
 * again.
 *
 * <p>Which scans a step sees, how they are cut and what is done to them depends on the seed and the step alone: every epoch is
 * a permutation of the scans drawn from its number.
 */
final class ScanSource implements Prefetcher.Source<ScanSource.Batch> {
    private static final int ORDER = 0; // branches of the run's draws
    private static final int PLACE = 1;
    private static final int VIEW = 2;

    private final ClassifiedScans scans;
    private final CentralCrop crop;
    private final PatchAugmentation augmentation;
    private final int count;
    private final Draws draws;
    private final ScanOrder order;
    private final BlockingQueue<Batch> free;

    /** Scans, [scans, C, X, Y, Z], and their classes, [scans, K]. */
    record Batch(FloatBuffer images, FloatBuffer targets) {}

    /** A source whose batches may be in use or ahead {@code buffers} at a time. */
    ScanSource(ClassifyRecipe recipe, ClassifiedScans scans, int buffers) {
        this.scans = scans;
        this.crop = recipe.crop();
        this.augmentation = recipe.augment();
        this.count = recipe.batch().scans();
        this.draws = Draws.of(recipe.seed());
        this.order = new ScanOrder(draws.at(ORDER), scans.training().size());
        this.free = new ArrayBlockingQueue<>(buffers);
        long values = scans.channels() * crop.size().voxels() * count;
        for (int i = 0; i < buffers; i++) {
            free.add(new Batch(
                    DirectBuffer.floats(values),
                    DirectBuffer.floats((long) count * scans.classes().size())));
        }
    }

    @Override
    public Batch make(long step) throws IOException, InterruptedException {
        Batch batch = free.take();
        for (int i = 0; i < count; i++) {
            long draw = step * count + i;
            String name = scans.training().get(order.at(draw));
            Channels scan = scans.source().scan(name);
            PatchAugmentation.View view =
                    augmentation.sample(draws.at(VIEW).at(draw).random());
            crop.fill(scan, crop.draw(scan.shape(), draws.at(PLACE).at(draw).random()), view, batch.images, i);
            batch.targets.put(i * scans.classes().size(), scans.target(name));
        }
        return batch;
    }

    /** Gives a batch's buffers back, after its step. */
    void release(Batch batch) {
        free.add(batch);
    }
}
