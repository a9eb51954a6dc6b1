package org.voco4j.program.benchmark;

import java.io.IOException;
import java.util.Map;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.StepTimes;

/**
 * How many steps are timed.
 *
 * @param steps that count
 * @param warmup steps before them
 * @param profiled whether the time of each kind of layer is taken too
 */
public record TimedSteps(int steps, int warmup, boolean profiled) {

    /** Checks the numbers. */
    public TimedSteps {
        if (steps < 1 || warmup < 0) {
            throw new UsageException(
                    "--steps must be at least 1 and --warmup 0 or more, not " + steps + " and " + warmup);
        }
    }

    StepTimes take(StepTimes.Step step) throws IOException, InterruptedException {
        return StepTimes.of(warmup, steps, profiled, step);
    }

    Map<String, Integer> document() {
        return Map.of("warmup", warmup, "steps", steps);
    }

    @Override
    public String toString() {
        return warmup + " + " + steps;
    }
}
