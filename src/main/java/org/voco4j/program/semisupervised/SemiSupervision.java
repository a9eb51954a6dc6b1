package org.voco4j.program.semisupervised;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.downstream.loss.SegmentationLoss;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.measure.segmentation.ClassScore;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.GateReport;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.RunFacts;
import org.voco4j.pretext.Samples;
import org.voco4j.program.finetune.Companion;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.finetune.PatchSource;
import org.voco4j.program.finetune.SegmentationScores;
import org.voco4j.program.finetune.SegmentationTraining;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.program.pretrain.ViewSource;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Prefetcher;
import org.voco4j.run.RunLog;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What unlabelled scans teach a segmentation network beside its labelled ones.
 *
 * <pre>  L = L_labelled + L_pretext + [step ≥ T]·L_labelled(f(u), arg max f_T(u)) </pre>
 *
 * <p>f_T is the network as it was before step T, u are patches of unlabelled scans. The pretext task's encoder lies where the
 * network's does; gradients of both are added.
 */
public final class SemiSupervision implements Companion {
    /** The kind of its checkpoints. */
    public static final String KIND = "semisupervised";

    private final PretrainRecipe recipe;
    private final FinetuneRecipe labelled;
    private final UnlabelledScans scans;
    private final LabelledScans references;
    private final Device device;
    private final RunLog log;
    private final @Nullable PretextTask task;
    private final SegmentationNetwork copy;
    private final int copiedAt;
    private final IdentityHashMap<Tensor, Tensor> encoder =
            new IdentityHashMap<>(); // the task's weight → the network's
    private @Nullable ViewSource views;
    private @Nullable Prefetcher<Samples> samples;
    private @Nullable Samples taken;
    private @Nullable PatchSource patches;
    private @Nullable Prefetcher<PatchSource.Batch> unlabelled;
    private PatchSource.@Nullable Batch patch;
    private PretextTask.@Nullable Batch batch;
    private int step;

    /**
     * Readies what is to be joined.
     *
     * @param recipe of the pretext task and of pseudo-labels
     * @param labelled of the labelled patches, of as many steps
     * @throws UsageException if the two do not go together
     */
    public SemiSupervision(
            PretrainRecipe recipe,
            FinetuneRecipe labelled,
            UnlabelledScans scans,
            LabelledScans references,
            Device device,
            RunLog log) {
        this.recipe = recipe;
        this.labelled = labelled;
        this.scans = scans;
        this.references = references;
        this.device = device;
        this.log = log;
        requireTogether();
        copiedAt = recipe.labelled().copiedAt(recipe.steps());
        try (Scope scope = Scope.open()) {
            task = recipe.labelled().pretext() ? recipe.pretext().chosen().task(recipe.setup(device)) : null;
            copy = labelled.network(1, references.classes().size() + 1);
            copy.to(device, DType.F32);
            copy.requireGradients(false);
        } catch (IllegalArgumentException impossible) {
            throw new UsageException(String.valueOf(impossible.getMessage()), impossible);
        }
        Integer chunk = recipe.batch().chunk();
        if (task != null && chunk != null && chunk < recipe.batch().volumes() * task.views()) {
            task.chunk(chunk);
        }
    }

    private void requireTogether() {
        require(
                recipe.model().facts().equals(labelled.model().facts()),
                "the network of the labelled recipe has " + labelled.model().facts() + ", that of the other "
                        + recipe.model().facts() + ": give both the same model.*");
        require(
                recipe.data().preprocessing().equals(labelled.data().preprocessing()),
                "labelled and unlabelled scans are prepared alike, and the recipes say "
                        + labelled.data().preprocessing() + " and "
                        + recipe.data().preprocessing() + ": give both the same data.*");
        require(
                references.regions() == null,
                "classes that overlap (regions) have no largest one, which is what a pseudo-label is");
        require(
                references.channels() == 1,
                "unlabelled scans have one channel, the labelled ones " + references.channels());
        require(
                labelled.transfer().frozenSteps() == 0,
                "transfer.frozenSteps leaves the encoder as it is, which unlabelled scans are to teach");
        require(
                recipe.labelled().pseudoTeaches() != PretrainRecipe.PseudoTeaches.RELEASED
                        || recipe.model().encoder() == Backbone.Name.SWIN_UNETR,
                "labelled.pseudoTeaches: released is about a map of swin-unetr; decoder and all are for every encoder");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new UsageException(otherwise);
        }
    }

    @Override
    public List<PretextTask.Group> join(SegmentationNetwork network) {
        if (task == null) {
            return List.of();
        }
        Map<String, Tensor> own = network.encoder().weights();
        double rate = recipe.optim().lr() / labelled.optim().lr();
        List<PretextTask.Group> heads = new ArrayList<>();
        for (PretextTask.Group group : task.trainable()) {
            Map<String, Tensor> others = new LinkedHashMap<>();
            group.weights().forEach((name, weight) -> {
                Tensor mine = own.get(name);
                if (mine == null) {
                    others.put("pretext." + name, weight);
                } else {
                    InPlace.share(weight, mine);
                    encoder.put(weight, mine);
                }
            });
            heads.add(new PretextTask.Group(others, rate * group.rate(), group.decay()));
        }
        if (encoder.size() < own.size()) {
            log.say("The pretext task teaches " + encoder.size() + " of the encoder's " + own.size() + " weights.");
        }
        return heads;
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        if (task != null) {
            Set<Tensor> shared = Collections.newSetFromMap(new IdentityHashMap<>());
            shared.addAll(encoder.keySet());
            task.state().forEach((name, tensor) -> {
                if (!shared.contains(tensor)) {
                    state.put("pretext." + name, tensor);
                }
            });
        }
        copy.state().forEach((name, tensor) -> state.put("copy." + name, tensor));
        return state;
    }

    @Override
    public void before(SegmentationTraining training) throws IOException, InterruptedException {
        step = training.steps();
        int ahead = recipe.loader().prefetch();
        int workers = recipe.loader().workers();
        if (task != null) {
            if (samples == null) {
                views = new ViewSource(task, scans, recipe.batch().volumes(), recipe.seed(), ahead + 1);
                samples = new Prefetcher<>(views, step, workers, ahead);
            }
            taken = samples.next();
        }
        if (step == copiedAt) {
            copy(training);
        }
        if (step >= copiedAt) {
            if (unlabelled == null) {
                patches = new PatchSource(labelled, withoutLabels(), ahead + 1);
                unlabelled = new Prefetcher<>(patches, step, workers, ahead);
            }
            patch = unlabelled.next();
        }
    }

    /** Takes the network as it is for the one that labels, unless looking at no scan does as well. */
    private void copy(SegmentationTraining training) throws IOException, InterruptedException {
        List<String> names = references.heldOut().isEmpty() ? references.training() : references.heldOut();
        double dice = dice(training.measure(names, false));
        double common = dice(training.measure(names, CommonClasses.of(references)::like));
        String measured = String.format(
                Locale.ROOT,
                "mean Dice %.3f on %d %s scans, %.3f of the most frequent class of every place",
                dice,
                names.size(),
                references.heldOut().isEmpty() ? "training" : "held-out",
                common);
        if (!(dice > common)) {
            throw new UsageException("After " + step + " steps the network is no teacher for unlabelled scans: "
                    + measured + ". A larger labelled.pseudoAfter or more steps let it learn more first;"
                    + " labelled.pseudoAfter=1 does without.");
        }
        copy.load(training.network().state());
        log.say("From step " + (step + 1) + " on the network as it is labels unlabelled scans: " + measured + ".");
    }

    private static double dice(SegmentationScores scores) {
        return scores.mean(ClassScore::dice).mean();
    }

    /** The unlabelled scans as labelled ones, all of them background. */
    private LabelledScans withoutLabels() {
        LabelledScans.Source source = new LabelledScans.Source() {
            @Override
            public LabelledVolume scan(String name) throws IOException, InterruptedException {
                Volume volume = scans.source().volume(name);
                Resample.Grid grid = new Resample.Grid(volume.shape(), volume.affine());
                return new LabelledVolume(
                        Channels.of(volume),
                        empty(volume),
                        new InversePreprocessing(grid, grid, Box.of(volume.shape()), grid));
            }

            @Override
            public LabelMap truth(String name) throws IOException {
                throw new IOException(name + " has no labels");
            }

            private LabelMap empty(Volume volume) {
                return new LabelMap(
                        volume.shape(),
                        volume.affine(),
                        new byte[Math.toIntExact(volume.shape().voxels())]);
            }
        };
        return new LabelledScans(scans.training(), List.of(), references.classes(), source, scans.digest());
    }

    @Override
    public Loss with(Loss loss, SegmentationNetwork network, SegmentationLoss objective) {
        Map<String, Tensor> parts = new TreeMap<>(loss.parts());
        parts.put("labelled", loss.total());
        Tensor total = loss.total();
        Runnable rest = loss.rest();
        if (task != null && taken != null && views != null) {
            batch = new PretextTask.Batch(taken.tensors(device), step, recipe.steps(), views.drawsOf(step));
            Loss pretext = task.loss(batch);
            parts.put("pretext", pretext.total());
            pretext.parts().forEach((name, part) -> parts.put("pretext." + name, part));
            total = total.plus(pretext.total());
            rest = () -> {
                loss.rest().run();
                pretext.rest().run();
                gather();
            };
        }
        if (patch != null) {
            Shape3 size = labelled.patch().size();
            long[] shape = {labelled.batch().patches(), 1, size.x(), size.y(), size.z()};
            Tensor pseudo = pseudo(Tensor.wrap(patch.images(), shape).to(device), network, objective);
            parts.put("pseudo", pseudo);
            total = total.plus(pseudo);
        }
        return new Loss(total, parts, rest);
    }

    /** Adds the gradients of the pretext task to those of the network's encoder. */
    private void gather() {
        encoder.forEach((own, network) -> {
            Tensor gradient = own.gradient();
            if (gradient != null) {
                InPlace.addGradient(network, gradient);
                own.clearGradient();
            }
        });
    }

    /** What the copy's classes of patches, [B, 1, X, Y, Z], cost the network. */
    Tensor pseudo(Tensor images, SegmentationNetwork network, SegmentationLoss objective) {
        Tensor classes;
        try (NoGrad none = NoGrad.open();
                Evaluation evaluation = Evaluation.of(copy)) {
            classes = Ops.indexOfLargest(copy.forward(images), 1);
        }
        return objective.parts(logits(network, images), classes).total();
    }

    private Tensor logits(SegmentationNetwork network, Tensor images) {
        return switch (recipe.labelled().pseudoTeaches()) {
            case ALL -> network.forward(images);
            case DECODER -> {
                List<Tensor> maps;
                try (NoGrad none = NoGrad.open()) {
                    maps = network.encode(images);
                }
                yield network.decode(maps);
            }
            case RELEASED -> {
                List<Tensor> maps = new ArrayList<>(network.encode(images)); // of swin-unetr, h₃ first
                for (int i = 1; i < maps.size(); i++) {
                    maps.set(i, maps.get(i).detach());
                }
                yield network.decode(maps);
            }
        };
    }

    @Override
    public void after() {
        if (task != null && batch != null) {
            task.afterStep(batch);
        }
        if (views != null && taken != null) {
            views.release(taken);
        }
        if (patches != null && patch != null) {
            patches.release(patch);
        }
        batch = null;
        taken = null;
        patch = null;
    }

    @Override
    public void trial() {
        if (task != null) {
            int crops = recipe.batch().volumes() * task.views();
            Integer chunk = recipe.batch().chunk();
            task.trial(chunk == null ? crops : Math.min(chunk, crops), chunk == null || chunk >= crops);
            task.moved().forEach(Tensor::clearGradient);
        }
    }

    /** What the gate says of the encoder; null where there is no pretext task, or too few scans are held out. */
    public @Nullable GateReport gate() {
        if (task == null || HeldOutScan.patients(scans.heldOut()) < 2) {
            return null;
        }
        RunFacts facts = new RunFacts(
                labelled.optim().lr() * labelled.optim().encoderRate(),
                true,
                recipe.steps(),
                scans.training().size(),
                recipe.gate().minimumSteps(),
                recipe.pretext().chosen()::causes);
        return recipe.gate(task, scans.heldOut(), device)
                .report(task.embedding(), facts, new double[0])
                .with(task.score(scans.heldOut()));
    }

    @Override
    public void close() {
        if (samples != null) {
            samples.close();
        }
        if (unlabelled != null) {
            unlabelled.close();
        }
        if (task != null) {
            task.state().values().forEach(Tensor::close);
        }
        copy.stateDict().values().forEach(Tensor::close);
    }
}
