package org.voco4j.recipe;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.PretextTask;

/**
 * What a run will need, predicted before it starts from two trial steps on empty views.
 *
 * <p>A trial is forward and backward, and leaves no trace: what training changes is copied before and put back after.
 * Memory is what the process holds after the trials (its allocator keeps the peak) and what the cache may still take.
 *
 * @param secondsPerStep of the second trial
 * @param bytes of resident memory at the peak
 */
record RunForecast(double secondsPerStep, long bytes) {

    static RunForecast of(PretextTask task, PretrainRecipe recipe, TrainingScans scans, Device device) {
        double seconds = 0;
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> before = new LinkedHashMap<>();
            task.state().forEach((name, tensor) -> before.put(name, tensor.copy()));
            for (int trial = 0; trial < 2; trial++) {
                seconds = trial(task, recipe.batch().volumes(), device);
            }
            Map<String, Tensor> state = task.state();
            before.forEach(
                    (name, kept) -> Objects.requireNonNull(state.get(name)).copyInPlace(kept));
        }
        long cached = Math.min(
                recipe.data().cache() * (1L << 20),
                2
                        * recipe.data().size().voxels()
                        * (scans.training().size() + scans.heldOut().size()));
        return new RunForecast(seconds, Engine.residentBytes() + cached);
    }

    private static double trial(PretextTask task, int volumes, Device device) {
        PretextTask.Layout layout = task.layout();
        long began = System.nanoTime();
        try (Scope scope = Scope.open()) {
            Tensor views = Tensor.zeros(DType.F32, volumes, layout.views(), layout.edge(), layout.edge(), layout.edge())
                    .to(device);
            Tensor targets = Tensor.zeros(DType.F32, volumes, layout.targets()).to(device);
            task.loss(views, targets).total().backward();
            task.trainable().values().forEach(Tensor::clearGradient);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /** One line for the user. */
    String sentence(int steps) {
        return String.format(
                Locale.ROOT,
                "Predicted: %.2f s per step, about %s for %d steps (looks at held-out scans come on top), %.1f GiB of memory.",
                secondsPerStep,
                TimeSpan.words(secondsPerStep * steps),
                steps,
                bytes / (double) (1L << 30));
    }
}
