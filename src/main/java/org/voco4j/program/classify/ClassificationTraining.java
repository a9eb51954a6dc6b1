package org.voco4j.program.classify;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.downstream.classify.CentralCrop;
import org.voco4j.engine.nn.ClassificationNetwork;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.optim.TrainingStep;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.DirectBuffer;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;
import org.voco4j.network.loss.BinaryCrossEntropy;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.WeightTransfer;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Prefetcher;
import org.voco4j.run.RunCheckpoint;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Shape3;

/**
 * A classification network that is being fine-tuned, in memory: step by step, and measured on scans when asked. What is
 * minimised is the cross entropy of classes that exclude each other, the binary cross entropy of labels that do not.
 *
 * <p>After k steps its weights are a function of the recipe, the scans, the weights it began with and k alone. It is used by
 * one thread at a time, the one whose number of threads ({@link Engine#threads(int)}) then holds. Closing it frees weights
 * and moments.
 */
public final class ClassificationTraining implements AutoCloseable {
    private final ClassifyRecipe recipe;
    private final ClassifiedScans scans;
    private final Device device;
    private final ClassificationNetwork network;
    private final AdamW optimizer;
    private final @Nullable LoadReport transferred;
    private final CentralCrop crop;
    private final TrainingStep descent;
    private final ScanSource source;
    private @Nullable Prefetcher<ScanSource.Batch> batches; // opened by the first step, where that one is known
    private int step;

    /**
     * A network before its first step.
     *
     * @param weights to begin with, or null to begin with weights drawn from the recipe's seed
     * @throws UsageException if the scans are too small for the recipe's network, or the weights do not fit it
     */
    public ClassificationTraining(
            ClassifyRecipe recipe, ClassifiedScans scans, @Nullable PretrainedWeights weights, Device device) {
        this.recipe = recipe;
        this.scans = scans;
        this.device = device;
        crop = recipe.crop();
        FinetuneRecipe.Optim o = recipe.optim();
        try (Scope scope = Scope.open()) { // weights and moments stay, what was needed to draw them goes
            network = network(recipe, scans.channels(), scans.classes().size());
            transferred = new WeightTransfer(recipe.model(), recipe.transfer(), scans.channels())
                    .into(network, network.encoder(), weights);
            network.to(device, DType.F32);
            optimizer = o.optimizer(network.weights(), network.encoder());
        }
        descent = new TrainingStep(optimizer, network.weights().values(), o.rate(recipe.steps()), o.clip());
        source = new ScanSource(recipe, scans, recipe.loader().prefetch() + 1);
    }

    /**
     * Refuses a recipe and weights that do not go together; no scan is needed to tell.
     *
     * @throws UsageException as the constructor
     */
    static void requireFit(ClassifyRecipe recipe, int channels, int classes, @Nullable PretrainedWeights weights) {
        try (Scope scope = Scope.open()) {
            ClassificationNetwork trial = network(recipe, channels, classes);
            new WeightTransfer(recipe.model(), recipe.transfer(), channels).into(trial, trial.encoder(), weights);
            trial.stateDict().values().forEach(Tensor::close);
        }
    }

    private static ClassificationNetwork network(ClassifyRecipe recipe, int channels, int classes) {
        ClassificationNetwork network = recipe.network(channels, classes);
        Shape3 size = recipe.crop().size();
        if (!network.takes(size.x(), size.y(), size.z())) {
            throw new UsageException("scans of " + size + " voxels (input.size, or else data.size) are too small for"
                    + " model.encoder " + recipe.model().encoder()
                    + ": one voxel would be left at its coarsest level");
        }
        return network;
    }

    /** What was taken over from the weights; null where there were none. */
    public @Nullable LoadReport transferred() {
        return transferred;
    }

    /** Steps taken. */
    public int steps() {
        return step;
    }

    /** The network as it is now. */
    public ClassificationNetwork network() {
        return network;
    }

    /**
     * Next batch, forward, backward, step.
     *
     * @return what was measured: step, loss, lr, gradientNorm, seconds, cropsPerSecond, rss, time
     * @throws ArithmeticException if the loss or the gradient is no longer finite; the weights are those before
     */
    public Map<String, Double> step() throws IOException, InterruptedException {
        if (batches == null) {
            batches = new Prefetcher<>(
                    source, step, recipe.loader().workers(), recipe.loader().prefetch());
        }
        ScanSource.Batch batch = batches.next();
        try {
            Map<String, Double> line = descent.step(
                    step,
                    recipe.batch().scans(),
                    () -> loss(
                            Tensor.wrap(batch.images(), shape(recipe.batch().scans()))
                                    .to(device),
                            Tensor.wrap(
                                            batch.targets(),
                                            recipe.batch().scans(),
                                            scans.classes().size())
                                    .to(device)),
                    () -> {});
            step++;
            return line;
        } finally {
            source.release(batch);
        }
    }

    private long[] shape(int count) {
        Shape3 size = crop.size();
        return new long[] {count, scans.channels(), size.x(), size.y(), size.z()};
    }

    private Loss loss(Tensor images, Tensor targets) {
        return new Loss(objective(logits(images), targets), Map.of());
    }

    private Tensor objective(Tensor logits, Tensor targets) {
        return scans.exclusive() ? CrossEntropy.of(logits, targets) : BinaryCrossEntropy.of(logits, targets);
    }

    private Tensor logits(Tensor images) {
        if (!recipe.transfer().isFrozen(step)) {
            return network.forward(images);
        }
        List<Tensor> maps;
        try (NoGrad none = NoGrad.open()) { // a frozen encoder needs neither graph nor activations
            maps = network.encode(images);
        }
        return network.decode(maps);
    }

    /** One step on empty scans that changes nothing: what a step costs. */
    void trial() {
        try (Evaluation evaluation = Evaluation.of(network)) { // no running average may see what is no scan
            int count = recipe.batch().scans();
            descent.trial(() -> loss(
                    Tensor.zeros(DType.F32, shape(count)).to(device),
                    Tensor.zeros(DType.F32, count, scans.classes().size()).to(device)));
        }
    }

    /**
     * Classifies scans, each by its middle, and compares with what they are.
     *
     * @param names of scans
     */
    public ClassificationScores measure(List<String> names) throws IOException, InterruptedException {
        List<ClassificationScores.Case> cases = new ArrayList<>();
        FloatBuffer image = DirectBuffer.floats(scans.channels() * crop.size().voxels());
        for (String name : names) {
            Channels scan = scans.source().scan(name);
            crop.fill(scan, crop.box(scan.shape()), PatchAugmentation.View.IDENTITY, image, 0);
            try (Scope scope = Scope.open();
                    NoGrad none = NoGrad.open();
                    Evaluation evaluation = Evaluation.of(network)) {
                Tensor logits = network.forward(Tensor.wrap(image, shape(1)).to(device)); // [1, K]
                Tensor target =
                        Tensor.of(scans.target(name), 1, scans.classes().size()).to(device);
                Tensor probabilities = scans.exclusive() ? Ops.softmax(logits, 1) : Ops.sigmoid(logits);
                cases.add(new ClassificationScores.Case(
                        name,
                        Arrays.stream(probabilities.toDoubles()).boxed().toList(),
                        scans.truth().getOrDefault(name, Set.of()),
                        objective(logits, target).item()));
            }
        }
        return new ClassificationScores(scans.classes(), scans.exclusive(), cases);
    }

    /** Everything the next step depends on, to be written, with the best score so far. */
    AtomicFile.Content state(double best) {
        return RunCheckpoint.of(ClassifyRecipe.KIND, network.state(), optimizer, step, best);
    }

    /**
     * Takes up a state before the first step of this object.
     *
     * @return the best score so far
     * @throws IOException if it is damaged or of another network; nothing is changed then
     */
    double load(Path path) throws IOException {
        RunCheckpoint.Place place = RunCheckpoint.load(path, ClassifyRecipe.KIND, network.state(), optimizer);
        step = place.step();
        return place.best();
    }

    @Override
    public void close() {
        if (batches != null) {
            batches.close();
        }
        network.stateDict().values().forEach(Tensor::close);
        optimizer.close();
    }
}
