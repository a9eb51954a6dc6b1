package org.voco4j.pretext.part;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.voco4j.augment.Draws;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Samples;
import org.voco4j.volume.Volume;

/**
 * Batches of held-out scans, the same whenever they are asked for.
 *
 * <p>They have a step's size, or as many samples as there are scans; the last one may take scans again.
 *
 * @param task draws the samples
 * @param scans at least one
 * @param most samples of a batch
 */
record HeldOutBatches(PretextTask task, List<HeldOutScan> scans, int most, Device device) {
    private static final long SEED = 20240617;

    /**
     * The mean of numbers over all batches, by name.
     *
     * @param numbers of a batch, and of the one that the same draws make of the mean of other patients' scans
     */
    Map<String, Double> mean(BiFunction<PretextTask.Batch, Supplier<PretextTask.Batch>, Map<String, Double>> numbers) {
        int size = Math.min(most, scans.size());
        int batches = (scans.size() + size - 1) / size;
        MeanScan others = new MeanScan(scans);
        Map<String, Double> means = new LinkedHashMap<>();
        for (int b = 0; b < batches; b++) {
            int first = Math.min(b * size, scans.size() - size);
            Draws draws = Draws.of(SEED).at(-1 - b);
            List<PretextTask.Batch> made = new ArrayList<>(); // whose memory views of them do not keep
            try (Scope scope = Scope.open()) {
                made.add(batch(
                        first, size, draws, scan -> scans.get(scan).volume().get()));
                numbers.apply(made.get(0), () -> {
                            made.add(batch(first, size, draws, others::without));
                            return made.get(made.size() - 1);
                        })
                        .forEach((name, value) -> means.merge(name, value / batches, Double::sum));
            } finally {
                Reference.reachabilityFence(made);
            }
        }
        return means;
    }

    private PretextTask.Batch batch(int first, int size, Draws draws, IntFunction<Volume> volume) {
        Samples samples = new Samples(task, size);
        for (int s = 0; s < size; s++) {
            List<Volume> some = new ArrayList<>();
            for (int k = 0; k < task.scans(); k++) {
                some.add(volume.apply((first + s + k) % scans.size()));
            }
            samples.fill(s, some, Draws.of(SEED).at(first + s));
        }
        return new PretextTask.Batch(samples.tensors(device), 0, 1, draws);
    }
}
