package org.voco4j.program.finetune;

import static org.voco4j.run.CurvePlan.chart;
import static org.voco4j.run.CurvePlan.curve;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.downstream.loss.SegmentationLoss;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.downstream.segment.SlidingWindow;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.CurvePlan;
import org.voco4j.run.Prefetcher;
import org.voco4j.run.RunFolder;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fine-tuning of a segmentation network on patches of labelled scans; it is measured by segmenting whole ones.
 */
public final class SegmentationTraining extends Training<SegmentationNetwork, GridScores> {
    private static final String KIND = "finetune";
    private static final String DICE = VALIDATION + "/dice";
    private static final long FEW_VOXELS = 1L << 26; // half of a CT of 512x512x512

    private final FinetuneRecipe recipe;
    private final LabelledScans scans;
    private final SegmentationLoss objective;
    private final SlidingWindow window;
    private final PatchSource source;
    private final @Nullable Companion companion;
    private @Nullable Prefetcher<PatchSource.Batch> batches; // opened by the first step, where that one is known

    /**
     * A network before its first step.
     *
     * @param weights to begin with, or null to begin with weights drawn from the recipe's seed
     * @throws UsageException if the recipe cannot be trained by, or the weights do not fit its network
     */
    public SegmentationTraining(
            FinetuneRecipe recipe, LabelledScans scans, @Nullable PretrainedWeights weights, Device device) {
        this(KIND, recipe, scans, weights, device, null);
    }

    /**
     * A network that learns from something else too.
     *
     * @param kind of checkpoints
     * @param companion closed with this
     * @throws UsageException as the other constructor, and if a step gathers gradients of several batches
     */
    public SegmentationTraining(
            String kind, FinetuneRecipe recipe, LabelledScans scans, Device device, Companion companion) {
        this(kind, recipe, scans, null, device, companion);
        if (recipe.batch().accumulate() > 1) {
            throw new UsageException("batch.accumulate must be 1 where unlabelled scans teach too, not "
                    + recipe.batch().accumulate());
        }
    }

    private SegmentationTraining(
            String kind,
            FinetuneRecipe recipe,
            LabelledScans scans,
            @Nullable PretrainedWeights weights,
            Device device,
            @Nullable Companion companion) {
        super(
                kind,
                recipe,
                scans,
                () -> network(recipe, scans.channels(), scans.outputs()),
                SegmentationNetwork::encoder,
                weights,
                device,
                network -> companion == null ? List.of() : companion.join(network));
        this.recipe = recipe;
        this.scans = scans;
        this.companion = companion;
        objective = recipe.objective(scans.regions());
        window = recipe.window();
        source = new PatchSource(
                recipe, scans, recipe.loader().prefetch() + recipe.batch().accumulate());
    }

    /**
     * Refuses a recipe and weights that do not go together; no scan is needed to tell.
     *
     * @throws UsageException as the constructor
     */
    static void requireFit(FinetuneRecipe recipe, int channels, int outputs, @Nullable PretrainedWeights weights) {
        try (Scope scope = Scope.open()) {
            SegmentationNetwork trial = network(recipe, channels, outputs);
            new WeightTransfer(recipe.model(), recipe.transfer(), channels).into(trial, trial.encoder(), weights);
            trial.stateDict().values().forEach(Tensor::close);
        }
    }

    private static SegmentationNetwork network(FinetuneRecipe recipe, int channels, int outputs) {
        recipe.requireTrainable();
        SegmentationNetwork network = recipe.network(channels, outputs);
        Shape3 patch = recipe.patch().size();
        if (!network.encoder().takes(patch.x(), patch.y(), patch.z())) {
            throw new UsageException("patch.size " + patch + " is too small for model.encoder "
                    + recipe.model().encoder() + ": one voxel would be left at its coarsest level");
        }
        return network;
    }

    @Override
    protected Map<String, Double> move() throws IOException, InterruptedException {
        int times = recipe.batch().accumulate();
        if (batches == null) {
            batches = new Prefetcher<>(
                    source,
                    (long) steps() * times,
                    recipe.loader().workers(),
                    recipe.loader().prefetch());
        }
        if (companion != null) {
            companion.before(this);
        }
        Deque<PatchSource.Batch> some = new ArrayDeque<>();
        try {
            for (int i = 0; i < times; i++) {
                some.add(batches.next());
            }
            Iterator<PatchSource.Batch> each = some.iterator();
            return descent.step(steps(), recipe.batch().perStep(), times, () -> {
                PatchSource.Batch batch = each.next();
                Loss loss = loss(
                        Tensor.wrap(batch.images(), shape(scans.channels())).to(device()),
                        Tensor.wrap(batch.classes(), shape(1)).to(device()));
                return companion == null ? loss : companion.with(loss, network(), objective);
            });
        } finally {
            some.forEach(source::release);
            if (companion != null) {
                companion.after();
            }
        }
    }

    private long[] shape(int channels) {
        Shape3 size = recipe.patch().size();
        return new long[] {recipe.batch().patches(), channels, size.x(), size.y(), size.z()};
    }

    private Loss loss(Tensor images, Tensor classes) {
        SegmentationLoss.Parts parts = objective.parts(logits(images), classes);
        return new Loss(
                parts.total(), new TreeMap<>(Map.of("dice", parts.dice(), "crossEntropy", parts.crossEntropy())));
    }

    private Tensor logits(Tensor images) {
        if (!recipe.transfer().isFrozen(steps())) {
            return network().forward(images);
        }
        List<Tensor> levels;
        try (NoGrad none =
                        NoGrad.open(); // a frozen encoder needs neither graph nor activations, and keeps its averages
                Evaluation frozen = Evaluation.of(network().encoder())) {
            levels = network().encode(images);
        }
        return network().decode(levels);
    }

    @Override
    public void trial() {
        try (Evaluation evaluation = Evaluation.of(network())) { // no running average may see what is no scan
            descent.trial(() -> {
                Tensor images = Tensor.zeros(DType.F32, shape(scans.channels())).to(device());
                return loss(images, Tensor.zeros(DType.F32, shape(1)).to(device()));
            });
            if (companion != null) {
                companion.trial();
            }
        }
    }

    @Override
    protected Map<String, Tensor> changed() {
        Map<String, Tensor> changed = new LinkedHashMap<>(super.changed());
        if (companion != null) {
            companion.state().forEach((name, tensor) -> changed.put("beside." + name, tensor));
        }
        return changed;
    }

    /** The class of every voxel of a prepared scan, from overlapping windows; of regions, one map to look at. */
    public LabelMap segment(Channels image) {
        return segmented(image).picture();
    }

    /** What the network sees in a prepared scan, from overlapping windows. */
    SegmentedScan segmented(Channels image) {
        try (Evaluation evaluation = Evaluation.of(network())) {
            Regions regions = scans.regions();
            return regions == null
                    ? new SegmentedScan(List.of(window.classes(image, network(), device())), List.of())
                    : new SegmentedScan(window.regions(image, network(), device()), regions.members());
        }
    }

    /**
     * Segments scans and compares with their labels, on the grid they are trained on.
     *
     * @param names of scans
     * @param surfaces whether distances of surfaces are measured too, which takes longer
     */
    public SegmentationScores measure(List<String> names, boolean surfaces) throws IOException, InterruptedException {
        return measure(names, surfaces, 0).model();
    }

    /** Segments scans and compares with their labels as those are stored, on the grids that the scans came with. */
    public SegmentationScores measureOnOwnGrids(List<String> names) throws IOException, InterruptedException {
        return Objects.requireNonNull(measure(names, false, Long.MAX_VALUE).own());
    }

    /**
     * Compares what needs no network with the labels of scans, on the grid they are trained on.
     *
     * @param segmenter gives the classes on the grid of a label map, of which it may use nothing else
     */
    public SegmentationScores measure(List<String> names, UnaryOperator<LabelMap> segmenter)
            throws IOException, InterruptedException {
        List<SegmentationScores.Case> cases = new ArrayList<>();
        for (String name : names) {
            LabelMap truth = scans.source().scan(name).labels();
            SegmentedScan found = new SegmentedScan(List.of(segmenter.apply(truth)), List.of());
            cases.add(new SegmentationScores.Case(
                    name, found.score(truth, scans.classes().size(), OptionalDouble.empty())));
        }
        return new SegmentationScores(scans.classes(), cases);
    }

    /**
     * The same on both grids. That of the scans' files can be far finer and needs the labels as they are stored, so while
     * a run goes on it is measured only where all these scans have few voxels there.
     *
     * @param last whether all is to be measured, surfaces and the scans' own grids, whatever it takes
     */
    @Override
    public GridScores validate(List<String> names, boolean last) throws IOException, InterruptedException {
        return measure(names, last, last ? Long.MAX_VALUE : FEW_VOXELS);
    }

    private GridScores measure(List<String> names, boolean surfaces, long mostVoxels)
            throws IOException, InterruptedException {
        int classes = scans.classes().size();
        OptionalDouble tolerance =
                surfaces ? OptionalDouble.of(recipe.validation().tolerance()) : OptionalDouble.empty();
        List<SegmentationScores.Case> model = new ArrayList<>();
        List<SegmentationScores.Case> own = new ArrayList<>();
        long voxels = 0;
        for (String name : names) {
            LabelledVolume scan = scans.source().scan(name);
            SegmentedScan found = segmented(scan.image());
            model.add(new SegmentationScores.Case(name, found.score(scan.labels(), classes, tolerance)));
            voxels += scan.back().stored().shape().voxels();
            if (voxels <= mostVoxels) {
                LabelMap truth = scans.source().truth(name);
                SegmentedScan back = found.onItsOwnGrid(scan.back());
                own.add(new SegmentationScores.Case(name, back.score(truth, classes, tolerance)));
            }
        }
        return new GridScores(
                new SegmentationScores(scans.classes(), model),
                own.size() < model.size() ? null : new SegmentationScores(scans.classes(), own));
    }

    @Override
    public Ruler ruler() {
        return new Ruler(DICE, "mean Dice");
    }

    @Override
    public CurvePlan curves() {
        List<CurvePlan.Line> dice = new ArrayList<>();
        dice.add(curve("mean", DICE));
        dice.add(curve("own grids", VALIDATION + "/" + GridScores.OWN));
        scans.classes().forEach(name -> dice.add(curve(name, DICE + "." + name)));
        return CurvePlan.of(
                chart(
                        "Loss",
                        curve("total", "loss"),
                        curve("1 − Dice", "dice"),
                        curve("cross entropy", "crossEntropy")),
                new CurvePlan.Chart("Dice of whole scans", dice),
                chart("Learning rate", curve("rate", "lr")),
                chart("Gradient norm", curve("norm", "gradientNorm")));
    }

    @Override
    public Map<String, String> card() {
        Regions regions = scans.regions();
        ModelLabels labels =
                new ModelLabels(scans.labels(), regions == null ? List.of() : regions.painted(), recipe.colours());
        return recipe.card(scans.channels(), labels).facts();
    }

    @Override
    protected void describe(ObjectNode summary) {
        summary.put("grid", "model");
        summary.put("toleranceMm", recipe.validation().tolerance());
    }

    @Override
    protected void report(GridScores scores, RunFolder folder) throws IOException, InterruptedException {
        new FinetunePage(recipe, scans, this, scores).write(folder, curves(), device());
    }

    @Override
    public void close() {
        if (batches != null) {
            batches.close();
        }
        if (companion != null) {
            companion.close();
        }
        super.close();
    }
}
