package org.voco4j.recipe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.LabelledVolume;
import org.voco4j.corpus.Prefetcher;
import org.voco4j.downstream.DiceCrossEntropy;
import org.voco4j.downstream.SlidingWindow;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;
import org.voco4j.measure.ClassScore;
import org.voco4j.measure.Confusion;
import org.voco4j.measure.SegmentationScore;
import org.voco4j.network.SegmentationNetwork;
import org.voco4j.pretext.Loss;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

/**
 * A segmentation network that is being fine-tuned, in memory: step by step, and measured on whole scans when asked.
 *
 * <p>After k steps its weights are a function of the recipe, the scans, the weights it began with and k alone. Several
 * may learn at once on threads of their own; one is used by one thread at a time, the one whose number of threads
 * ({@link Engine#threads(int)}) then holds. Closing it frees weights and moments.
 */
public final class FinetuneTraining implements AutoCloseable {
    private static final String KIND = "finetune";

    private final FinetuneRecipe recipe;
    private final LabelledScans scans;
    private final Device device;
    private final SegmentationNetwork network;
    private final AdamW optimizer;
    private final @Nullable LoadReport transferred;
    private final DiceCrossEntropy objective;
    private final SlidingWindow window;
    private final Descent descent;
    private final PatchSource source;
    private @Nullable Prefetcher<PatchSource.Batch> batches; // opened by the first step, where that one is known
    private int step;

    /**
     * A network before its first step.
     *
     * @param weights to begin with, or null to begin with weights drawn from the recipe's seed
     * @throws UsageException if the weights do not fit the recipe's network
     */
    public FinetuneTraining(
            FinetuneRecipe recipe, LabelledScans scans, @Nullable PretrainedWeights weights, Device device) {
        this.recipe = recipe;
        this.scans = scans;
        this.device = device;
        FinetuneRecipe.Optim o = recipe.optim();
        try (Scope scope = Scope.open()) { // weights and moments stay, what was needed to draw them goes
            network = recipe.network(scans.channels(), scans.classes().size() + 1);
            Shape3 patch = recipe.patch().size();
            if (!network.encoder().takes(patch.x(), patch.y(), patch.z())) {
                throw new UsageException("patch.size " + patch + " is too small for model.encoder "
                        + recipe.model().encoder() + ": one voxel would be left at its coarsest level");
            }
            transferred = weights == null
                    ? null
                    : new WeightTransfer(recipe.model(), recipe.transfer(), scans.channels())
                            .into(network, network.encoder(), weights);
            network.to(device, DType.F32);
            optimizer =
                    o.optimizer(network.weights(), network.encoder().weights().keySet());
        }
        objective = recipe.objective();
        window = recipe.window();
        descent = new Descent(optimizer, network.weights().values(), o.schedule(recipe.steps()), o.clip());
        source = new PatchSource(recipe, scans, recipe.loader().prefetch() + 1);
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
    public SegmentationNetwork network() {
        return network;
    }

    /**
     * Next batch, forward, backward, step.
     *
     * @return what was measured: step, loss, dice, crossEntropy, lr, gradientNorm, seconds, cropsPerSecond, rss, time
     * @throws ArithmeticException if the loss or the gradient is no longer finite; the weights are those before
     */
    public Map<String, Double> step() throws IOException, InterruptedException {
        if (batches == null) {
            batches = new Prefetcher<>(
                    source, step, recipe.loader().workers(), recipe.loader().prefetch());
        }
        PatchSource.Batch batch = batches.next();
        try {
            Map<String, Double> line = descent.step(
                    step,
                    recipe.batch().patches(),
                    () -> loss(
                            Tensor.wrap(batch.images(), shape(scans.channels())).to(device),
                            Tensor.wrap(batch.classes(), shape(1)).to(device)),
                    () -> {});
            step++;
            return line;
        } finally {
            source.release(batch);
        }
    }

    private long[] shape(int channels) {
        Shape3 size = recipe.patch().size();
        return new long[] {recipe.batch().patches(), channels, size.x(), size.y(), size.z()};
    }

    private Loss loss(Tensor images, Tensor classes) {
        DiceCrossEntropy.Parts parts = objective.parts(logits(images), classes);
        return new Loss(
                parts.total(), new TreeMap<>(Map.of("dice", parts.dice(), "crossEntropy", parts.crossEntropy())));
    }

    private Tensor logits(Tensor images) {
        if (!recipe.transfer().isFrozen(step)) {
            return network.forward(images);
        }
        List<Tensor> levels;
        try (NoGrad none = NoGrad.open()) { // a frozen encoder needs neither graph nor activations
            levels = network.encode(images);
        }
        return network.decode(levels);
    }

    /** One step on empty patches that changes nothing: what a step costs. */
    void trial() {
        try (Evaluation evaluation = Evaluation.of(network)) { // no running average may see what is no scan
            descent.trial(() -> {
                Tensor images = Tensor.zeros(DType.F32, shape(scans.channels())).to(device);
                return loss(images, Tensor.zeros(DType.F32, shape(1)).to(device));
            });
        }
    }

    /** The class of every voxel of a prepared scan, from overlapping windows. */
    public LabelMap segment(Channels image) {
        Shape3 shape = image.shape();
        try (Scope scope = Scope.open();
                Evaluation evaluation = Evaluation.of(network)) {
            Tensor scan = Tensor.concatenate(
                    image.volumes().stream()
                            .map(channel -> Tensor.of(channel.voxels(), 1, 1, shape.x(), shape.y(), shape.z()))
                            .toList(),
                    1); // [1, C, X, Y, Z]
            Tensor logits =
                    window.logits(scan, recipe.batch().patches(), patches -> network.forward(patches.to(device)));
            return SlidingWindow.classes(logits, image.affine());
        }
    }

    /**
     * Segments scans and compares with their labels, on the grid they are trained on.
     *
     * @param names of scans
     * @param surfaces whether distances of surfaces are measured too, which takes longer
     */
    public SegmentationReport measure(List<String> names, boolean surfaces) throws IOException, InterruptedException {
        List<SegmentationReport.Case> cases = new ArrayList<>();
        for (String name : names) {
            LabelledVolume scan = scans.source().scan(name);
            cases.add(new SegmentationReport.Case(name, score(segment(scan.image()), scan.labels(), surfaces)));
        }
        return new SegmentationReport(scans.classes(), cases);
    }

    private SegmentationScore score(LabelMap prediction, LabelMap truth, boolean surfaces) {
        int count = network.classes();
        Spacing spacing = truth.affine().spacing();
        if (surfaces) {
            return SegmentationScore.of(
                    prediction, truth, count, spacing, recipe.validation().tolerance());
        }
        Confusion confusion = Confusion.of(prediction, truth, count);
        double voxelMl = spacing.x() * spacing.y() * spacing.z() / 1000;
        return new SegmentationScore(IntStream.range(1, count)
                .mapToObj(label -> new ClassScore(label, confusion.overlap(label), voxelMl, Double.NaN, Double.NaN))
                .toList());
    }

    /** Everything the next step depends on, to be written, with the best score so far. */
    AtomicFile.Content state(double best) {
        return RunCheckpoint.of(KIND, network.state(), optimizer, step, best);
    }

    /**
     * Takes up a state before the first step of this object.
     *
     * @return the best score so far
     * @throws IOException if it is damaged or of another network; nothing is changed then
     */
    double load(Path path) throws IOException {
        RunCheckpoint.Place place = RunCheckpoint.load(path, KIND, network.state(), optimizer);
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
