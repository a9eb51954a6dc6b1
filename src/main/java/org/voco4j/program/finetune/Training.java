package org.voco4j.program.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.optim.TrainingStep;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;
import org.voco4j.pretext.PretextTask;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.CurvePlan;
import org.voco4j.run.RunCheckpoint;
import org.voco4j.run.RunFolder;
import tools.jackson.databind.node.ObjectNode;

/**
 * A network that is being fine-tuned, in memory: step by step, and measured on whole scans when asked. {@link Finetune} is
 * the loop around it.
 *
 * <p>After k steps its weights are a function of the recipe, the scans, the weights it began with and k alone. Several
 * may learn at once on threads of their own; one is used by one thread at a time, the one whose number of threads
 * ({@link Engine#threads(int)}) then holds. Closing it frees weights and moments.
 *
 * @param <N> the network
 * @param <S> scores of a validation
 */
public abstract class Training<N extends Module, S extends Scores> implements AutoCloseable {
    /** The group of a validation's numbers among the metrics. */
    protected static final String VALIDATION = "validation";

    /**
     * What tells a better state from a worse one.
     *
     * @param metric its name among the metrics
     * @param words what it is called
     */
    public record Ruler(String metric, String words) {}

    /** Moves the weights. */
    protected final TrainingStep descent;

    private final String kind;
    private final TuningRecipe recipe;
    private final TuningScans scans;
    private final Device device;
    private final N network;
    private final Optimizer optimizer;
    private final @Nullable LoadReport transferred;
    private int step;

    /**
     * A network before its first step.
     *
     * @param kind of checkpoints
     * @param made makes the network, its weights drawn from the recipe's seed
     * @param encoder its part that earlier weights are for
     * @param weights to begin with, or null to begin from scratch
     * @param beside what else is moved, once the network is where it computes
     * @throws UsageException if the weights do not fit the network
     */
    protected Training(
            String kind,
            TuningRecipe recipe,
            TuningScans scans,
            Supplier<N> made,
            Function<N, Encoder> encoder,
            @Nullable PretrainedWeights weights,
            Device device,
            Function<N, List<PretextTask.Group>> beside) {
        this.kind = kind;
        this.recipe = recipe;
        this.scans = scans;
        this.device = device;
        FinetuneRecipe.Optim o = recipe.optim();
        try (Scope scope = Scope.open()) { // weights and moments stay, what was needed to draw them goes
            network = made.get();
            Encoder part = encoder.apply(network);
            transferred = new WeightTransfer(recipe.model(), recipe.transfer(), scans.channels())
                    .into(network, part, weights);
            network.to(device, DType.F32);
            optimizer = o.optimizer(network.weights(), part);
            List<Tensor> moved = new ArrayList<>(network.weights().values());
            for (PretextTask.Group group : beside.apply(network)) {
                optimizer.add(group.weights(), group.rate(), o.weightDecay() * group.decay());
                moved.addAll(group.weights().values());
            }
            descent = new TrainingStep(optimizer, moved, o.rate(recipe.steps()), o.clip());
        }
    }

    /** Where it computes. */
    public final Device device() {
        return device;
    }

    /** What it is trained by. */
    public final TuningRecipe recipe() {
        return recipe;
    }

    /** What it is trained on. */
    public final TuningScans scans() {
        return scans;
    }

    /** What was taken over from the weights; null where there were none. */
    public final @Nullable LoadReport transferred() {
        return transferred;
    }

    /** Steps taken. */
    public final int steps() {
        return step;
    }

    /** The network as it is now. */
    public final N network() {
        return network;
    }

    /**
     * Next batch, forward, backward, step; or several batches whose gradients' mean is the step's.
     *
     * @return what was measured: step, loss and its parts, lr, gradientNorm, seconds, cropsPerSecond, rss, time
     * @throws ArithmeticException if the loss or the gradient is no longer finite; the weights are those before
     */
    public final Map<String, Double> step() throws IOException, InterruptedException {
        Map<String, Double> line = move();
        step++;
        return line;
    }

    /** The step itself; {@link #steps} counts it once it is taken. */
    protected abstract Map<String, Double> move() throws IOException, InterruptedException;

    /** One step on empty scans that changes nothing: what a step costs. */
    public abstract void trial();

    /**
     * Measures scans.
     *
     * @param names of scans
     * @param last whether all is to be measured, whatever it takes
     */
    public abstract S validate(List<String> names, boolean last) throws IOException, InterruptedException;

    /** What tells a better state from a worse one. */
    public abstract Ruler ruler();

    /** What is drawn of the metrics. */
    public abstract CurvePlan curves();

    /** What a file of the network says it is for. */
    public abstract Map<String, String> card();

    /** Says in a summary how was measured. */
    protected void describe(ObjectNode summary) {}

    /** Writes pages of its own about a run that is done; they may fail where nothing can be drawn. */
    protected void report(S scores, RunFolder folder) throws IOException, InterruptedException {}

    /** Everything that a step changes, the optimiser's moments aside. */
    protected Map<String, Tensor> changed() {
        return network.state();
    }

    /** Everything the next step depends on, to be written, with the best score so far. */
    public final AtomicFile.Content state(double best) {
        return RunCheckpoint.of(kind, changed(), optimizer, step, best);
    }

    /**
     * Takes up a state before the first step of this object.
     *
     * @return the best score so far
     * @throws IOException if it is damaged or of another network; nothing is changed then
     */
    public final double load(Path path) throws IOException {
        RunCheckpoint.Place place = RunCheckpoint.load(path, kind, changed(), optimizer);
        step = place.step();
        return place.best();
    }

    @Override
    public void close() {
        network.stateDict().values().forEach(Tensor::close);
        optimizer.close();
    }
}
