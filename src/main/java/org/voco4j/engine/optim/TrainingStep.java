package org.voco4j.engine.optim;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * A step down a loss, as every recipe takes it: forward, backward, clip, move, all of it measured.
 *
 * @param weights whose gradients count for the norm
 * @param schedule the learning rate of a step, counted from 0
 * @param clip the largest norm of all gradients together; 0 never clips
 * @param decay the factor on weight decay of a step, counted from 0
 */
public record TrainingStep(
        Optimizer optimizer,
        Collection<Tensor> weights,
        IntToDoubleFunction schedule,
        double clip,
        IntToDoubleFunction decay) {

    /** Steps with a decay that does not change. */
    public TrainingStep(Optimizer optimizer, Collection<Tensor> weights, IntToDoubleFunction schedule, double clip) {
        this(optimizer, weights, schedule, clip, step -> 1);
    }

    /**
     * Takes the step; everything it made is freed at its end.
     *
     * @param step counted from 0
     * @param crops that pass through the network
     * @param forward makes the loss
     * @param after what follows on the move of the weights
     * @return what was measured: step, loss and its parts, lr, gradientNorm, seconds, cropsPerSecond, rss, time
     * @throws ArithmeticException if the loss or the gradient is not finite; the weights are those before
     */
    public Map<String, Double> step(int step, int crops, Supplier<Loss> forward, Runnable after) {
        return step(step, crops, 1, forward, after);
    }

    /**
     * The same down the mean of several losses, made one after another: equal to one loss of all their samples where that is
     * a mean over samples, with the memory of one of them.
     *
     * @param times how many losses
     */
    public Map<String, Double> step(int step, int crops, int times, Supplier<Loss> forward) {
        return step(step, crops, times, forward, () -> {});
    }

    private Map<String, Double> step(int step, int crops, int times, Supplier<Loss> forward, Runnable after) {
        long began = System.nanoTime();
        double rate = schedule.applyAsDouble(step);
        Map<String, Double> line = new LinkedHashMap<>();
        line.put("step", step + 1.0);
        try (Scope scope = Scope.open()) {
            for (int i = 0; i < times; i++) {
                try (Scope one = Scope.open()) {
                    Loss loss = forward.get();
                    line.merge("loss", loss.total().item() / times, Double::sum);
                    loss.parts().forEach((name, part) -> line.merge(name, part.item() / times, Double::sum));
                    requireFinite(line, step);
                    loss.backward();
                }
            }
            if (times > 1) {
                GradientNorm.scale(weights, 1.0 / times);
            }
            double norm = GradientNorm.of(weights);
            line.put("lr", rate);
            line.put("gradientNorm", norm);
            requireFinite(line, step);
            if (clip > 0) {
                GradientNorm.clip(weights, norm, clip);
            }
            optimizer.step(rate, decay.applyAsDouble(step));
            optimizer.clearGradients();
            after.run();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        line.put("seconds", seconds);
        line.put("cropsPerSecond", crops / seconds);
        line.put("rss", (double) Engine.residentBytes());
        line.put("time", System.currentTimeMillis() / 1e3);
        return line;
    }

    /** A step that moves nothing: what it costs. */
    public void trial(Supplier<Loss> forward) {
        try (Scope scope = Scope.open()) {
            forward.get().total().backward();
            optimizer.clearGradients();
        }
    }

    private static void requireFinite(Map<String, Double> line, int step) {
        line.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw new ArithmeticException(String.format(
                        Locale.ROOT,
                        "%s became %s at step %d. Try a lower optim.lr, a longer optim.warmup or optim.clip=1",
                        name,
                        value,
                        step + 1));
            }
        });
    }
}
