package org.voco4j.run;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * What a run will need, predicted before it starts from two trial steps on empty crops; from one where that takes so long that
 * first uses do not show in it.
 *
 * <p>A trial is forward and backward, and leaves no trace: what training changes is copied before and put back after.
 * Memory is what the process holds after the trials: its allocator keeps the peak, and the cache was filled before.
 *
 * @param secondsPerStep of the last trial
 * @param bytes of resident memory at the peak
 */
public record RunForecast(double secondsPerStep, long bytes) {
    /**
     * Tries.
     *
     * @param state what a trial may change
     * @param trial forward, backward, and all gradients forgotten
     */
    public static RunForecast of(Map<String, Tensor> state, Runnable trial) {
        double seconds = 0;
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> before = new LinkedHashMap<>();
            state.forEach((name, tensor) -> before.put(name, tensor.copy()));
            for (int i = 0; i < 2; i++) { // first uses show in the first, what it leaves in memory in the second
                long began = System.nanoTime();
                trial.run();
                seconds = (System.nanoTime() - began) / 1e9;
            }
            before.forEach(
                    (name, kept) -> Objects.requireNonNull(state.get(name)).copyInPlace(kept));
        }
        return new RunForecast(seconds, Engine.residentBytes());
    }

    /** One line for the user. */
    public String sentence(int steps) {
        return sentence(steps, "");
    }

    /** The same with more about the memory. */
    public String sentence(int steps, String more) {
        return String.format(
                Locale.ROOT,
                "Predicted: %.2f s per step, about %s for %d steps (looks at held-out scans come on top), %s of memory%s.",
                secondsPerStep,
                TimeSpan.words(secondsPerStep * steps),
                steps,
                MemoryPlan.words(bytes),
                more);
    }
}
