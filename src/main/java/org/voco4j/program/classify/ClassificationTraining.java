package org.voco4j.program.classify;

import static org.voco4j.run.CurvePlan.chart;
import static org.voco4j.run.CurvePlan.curve;

import java.io.IOException;
import java.nio.FloatBuffer;
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
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.DirectBuffer;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.BinaryCrossEntropy;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.program.finetune.Training;
import org.voco4j.program.finetune.WeightTransfer;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.CurvePlan;
import org.voco4j.run.Prefetcher;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Shape3;

/**
 * Fine-tuning of a classification network on whole scans, each seen by its middle. What is minimised is the cross entropy of
 * classes that exclude each other, the binary cross entropy of labels that do not.
 */
public final class ClassificationTraining extends Training<ClassificationNetwork, ClassificationScores> {
    private final ClassifyRecipe recipe;
    private final ClassifiedScans scans;
    private final CentralCrop crop;
    private final ScanSource source;
    private @Nullable Prefetcher<ScanSource.Batch> batches; // opened by the first step, where that one is known

    /**
     * A network before its first step.
     *
     * @param weights to begin with, or null to begin with weights drawn from the recipe's seed
     * @throws UsageException if the scans are too small for the recipe's network, or the weights do not fit it
     */
    public ClassificationTraining(
            ClassifyRecipe recipe, ClassifiedScans scans, @Nullable PretrainedWeights weights, Device device) {
        super(
                ClassifyRecipe.KIND,
                recipe,
                scans,
                () -> network(recipe, scans.channels(), scans.classes().size()),
                ClassificationNetwork::encoder,
                weights,
                device,
                network -> List.of());
        this.recipe = recipe;
        this.scans = scans;
        crop = recipe.crop();
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

    @Override
    protected Map<String, Double> move() throws IOException, InterruptedException {
        if (batches == null) {
            batches = new Prefetcher<>(
                    source, steps(), recipe.loader().workers(), recipe.loader().prefetch());
        }
        ScanSource.Batch batch = batches.next();
        try {
            return descent.step(
                    steps(),
                    recipe.batch().scans(),
                    () -> loss(
                            Tensor.wrap(batch.images(), shape(recipe.batch().scans()))
                                    .to(device()),
                            Tensor.wrap(
                                            batch.targets(),
                                            recipe.batch().scans(),
                                            scans.classes().size())
                                    .to(device())),
                    () -> {});
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
        if (!recipe.transfer().isFrozen(steps())) {
            return network().forward(images);
        }
        List<Tensor> maps;
        try (NoGrad none =
                        NoGrad.open(); // a frozen encoder needs neither graph nor activations, and keeps its averages
                Evaluation frozen = Evaluation.of(network().encoder())) {
            maps = network().encode(images);
        }
        return network().decode(maps);
    }

    @Override
    public void trial() {
        try (Evaluation evaluation = Evaluation.of(network())) { // no running average may see what is no scan
            int count = recipe.batch().scans();
            descent.trial(() -> loss(
                    Tensor.zeros(DType.F32, shape(count)).to(device()),
                    Tensor.zeros(DType.F32, count, scans.classes().size()).to(device())));
        }
    }

    @Override
    public ClassificationScores validate(List<String> names, boolean last) throws IOException, InterruptedException {
        List<ClassificationScores.Case> cases = new ArrayList<>();
        FloatBuffer image = DirectBuffer.floats(scans.channels() * crop.size().voxels());
        for (String name : names) {
            Channels scan = scans.source().scan(name);
            crop.fill(scan, crop.box(scan.shape()), PatchAugmentation.View.IDENTITY, image, 0);
            try (Scope scope = Scope.open();
                    NoGrad none = NoGrad.open();
                    Evaluation evaluation = Evaluation.of(network())) {
                Tensor logits = network().forward(Tensor.wrap(image, shape(1)).to(device())); // [1, K]
                Tensor target =
                        Tensor.of(scans.target(name), 1, scans.classes().size()).to(device());
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

    @Override
    public Ruler ruler() {
        return scans.exclusive()
                ? new Ruler(VALIDATION + "/accuracy", "accuracy")
                : new Ruler(VALIDATION + "/auc", "mean AUC");
    }

    @Override
    public CurvePlan curves() {
        List<CurvePlan.Line> auc = new ArrayList<>();
        auc.add(curve("mean", VALIDATION + "/auc"));
        scans.classes().forEach(name -> auc.add(curve(name, VALIDATION + "/auc." + name)));
        return CurvePlan.of(
                chart("Loss", curve("training", "loss"), curve("validation", VALIDATION + "/loss")),
                chart("Accuracy", curve("validation", VALIDATION + "/accuracy")),
                new CurvePlan.Chart("AUC", auc),
                chart("Learning rate", curve("rate", "lr")),
                chart("Gradient norm", curve("norm", "gradientNorm")));
    }

    @Override
    public Map<String, String> card() {
        return recipe.card(scans).facts();
    }

    @Override
    public void close() {
        if (batches != null) {
            batches.close();
        }
        super.close();
    }
}
