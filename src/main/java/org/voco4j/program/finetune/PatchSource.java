package org.voco4j.program.finetune;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.voco4j.augment.Draws;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.downstream.segment.ClassCounts;
import org.voco4j.downstream.segment.PatchSampler;
import org.voco4j.engine.tensor.DirectBuffer;
import org.voco4j.run.Prefetcher;
import org.voco4j.run.ScanOrder;

/**
 * Makes the patches of any step, or of any part of one, with their classes, on loader threads and without libtorch, into direct buffers that are
 * used again.
 *
 * <p>Which scan a step sees, where it is cut and what is done to the patches depends on the seed and the step alone.
 */
public final class PatchSource implements Prefetcher.Source<PatchSource.Batch> {
    private static final int ORDER = 0; // branches of the run's draws
    private static final int CENTRE = 1;
    private static final int VIEW = 2;

    private final LabelledScans scans;
    private final PatchSampler sampler;
    private final PatchAugmentation augmentation;
    private final float air;
    private final int patches;
    private final Draws draws;
    private final ScanOrder order;
    private final BlockingQueue<Batch> free;
    private final Map<String, ClassCounts> counts = new ConcurrentHashMap<>();

    /** Patches of one scan, [patches, C, X, Y, Z], and the classes of their voxels, [patches, 1, X, Y, Z]. */
    public record Batch(FloatBuffer images, FloatBuffer classes) {}

    /** A source whose batches may be in use or ahead {@code buffers} at a time. */
    public PatchSource(FinetuneRecipe recipe, LabelledScans scans, int buffers) {
        this.scans = scans;
        this.sampler = recipe.sampler();
        this.augmentation = recipe.augment();
        this.air = recipe.air();
        this.patches = recipe.batch().patches();
        this.draws = Draws.of(recipe.seed());
        this.order = new ScanOrder(draws.at(ORDER), scans.training().size());
        this.free = new ArrayBlockingQueue<>(buffers);
        long values = patches * recipe.patch().size().voxels();
        for (int i = 0; i < buffers; i++) {
            free.add(new Batch(DirectBuffer.floats(scans.channels() * values), DirectBuffer.floats(values)));
        }
    }

    @Override
    public Batch make(long step) throws IOException, InterruptedException {
        String name = scans.training().get(order.at(step));
        LabelledVolume scan = scans.source().scan(name);
        ClassCounts count = counts.computeIfAbsent(name, n -> ClassCounts.of(scan.image(), scan.labels(), air));
        Batch batch = free.take();
        for (int p = 0; p < patches; p++) {
            long draw = step * patches + p;
            PatchSampler.Centre centre = sampler.draw(
                    count, scan.image(), scan.labels(), draws.at(CENTRE).at(draw));
            PatchAugmentation.View view =
                    augmentation.sample(draws.at(VIEW).at(draw).random());
            sampler.fill(scan.image(), scan.labels(), centre, view, batch.images, batch.classes, p);
        }
        return batch;
    }

    /** Gives a batch's buffers back, after its step. */
    public void release(Batch batch) {
        free.add(batch);
    }
}
