package org.voco4j.program.pretrain;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.optim.TrainingStep;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;
import org.voco4j.pretext.GateReport;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.RunFacts;
import org.voco4j.pretext.Samples;
import org.voco4j.pretext.Verdict;
import org.voco4j.pretext.gate.EncoderGate;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.program.scans.ScanSplit;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.CheckpointPair;
import org.voco4j.run.GpuHours;
import org.voco4j.run.Look;
import org.voco4j.run.MemoryPlan;
import org.voco4j.run.Pace;
import org.voco4j.run.Prefetcher;
import org.voco4j.run.Resources;
import org.voco4j.run.RunCheckpoint;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;
import org.voco4j.run.RunMetrics;
import org.voco4j.run.RunRecord;
import org.voco4j.run.RunState;
import org.voco4j.run.WiderConvolutions;

/**
 * Pre-training on a page: next batch, forward, backward, step, log, look, save.
 *
 * <p>After k steps the state is a function of the recipe, the data and k alone, so a run that was interrupted and taken
 * up again ends with the same bits as one that was not.
 */
public final class Pretrain {
    private static final String KIND = "pretrain";
    private static final double LONG = 24 * 3600; // seconds from which on other machines are worth a thought

    /**
     * What came out.
     *
     * @param gate the last look at the held-out scans; null where there were fewer than two
     * @param seconds of work in all
     */
    public record Outcome(
            RunState state, int steps, @Nullable GateReport gate, double seconds) {
        /**
         * Whether nothing can be expected of the encoder: the run did not learn, and a frozen probe reads no more about
         * places from its features than from an untrained network's.
         */
        public boolean isWorthless(int minimumSteps) {
            return didNotLearn(minimumSteps)
                    && gate != null
                    && !(gate.numbers().getOrDefault("positionR2", Double.NaN)
                            > gate.numbers().getOrDefault("positionR2.untrained", Double.NaN));
        }

        /** Whether the run finished, had its minimum of steps and is not above the controls. */
        public boolean didNotLearn(int minimumSteps) {
            return state == RunState.FINISHED
                    && gate != null
                    && !Set.of(Verdict.LEARNED, Verdict.NOT_YET, Verdict.UNDECIDED)
                            .contains(gate.verdict())
                    && steps >= minimumSteps;
        }
    }

    private final PretrainRecipe recipe;
    private final UnlabelledScans scans;
    private final Resources resources;
    private final Device device;
    private final RunFolder folder;
    private final RunLog log;
    private final @Nullable PretrainedWeights init;
    private final @Nullable LoadReport initialised;
    private final CheckpointPair checkpoints;
    private final PretextTask task;
    private final EncoderGate gate;
    private final Optimizer optimizer;
    private final TrainingStep descent;
    private double best = Double.NEGATIVE_INFINITY;

    private Pretrain(
            PretrainRecipe recipe,
            UnlabelledScans scans,
            @Nullable PretrainedWeights init,
            Resources resources,
            RunFolder folder,
            RunLog log) {
        this.init = init;
        this.resources = resources;
        this.device = resources.device();
        this.recipe = recipe;
        this.scans = scans;
        this.folder = folder;
        this.log = log;
        this.checkpoints = new CheckpointPair(folder, log);
        PretrainRecipe.Optim o = recipe.optim();
        try (Scope scope = Scope.open()) { // weights and moments stay, what was needed to draw them goes
            this.task = recipe.pretext().chosen().task(recipe.setup(device));
            this.initialised = init == null ? null : initialise(recipe, init, task::initialise);
            this.optimizer = o.optimizer(task.trainable());
        } catch (IllegalArgumentException impossible) {
            throw new UsageException(String.valueOf(impossible.getMessage()), impossible);
        }
        this.gate = recipe.gate(task, scans.heldOut(), device);
        this.descent = new TrainingStep(
                optimizer,
                task.moved(),
                o.schedule(recipe.steps())::rate,
                o.clip(),
                step -> task.decay((double) step / recipe.steps()));
    }

    /**
     * Refuses weights to begin with that do not fit the recipe's network; no scan is needed to tell.
     *
     * @throws UsageException as {@link #run}
     */
    public static void requireFit(PretrainRecipe recipe, PretrainedWeights init) {
        try (Scope scope = Scope.open()) {
            PretextTask trial = recipe.pretext().chosen().task(recipe.setup(Device.CPU));
            initialise(recipe, init, trial::initialise);
            trial.state().values().forEach(Tensor::close);
        }
    }

    private static LoadReport initialise(
            PretrainRecipe recipe, PretrainedWeights weights, Function<Map<String, Tensor>, LoadReport> taking) {
        recipe.model().hiddenFacts().forEach(weights::requireSame);
        try {
            return taking.apply(weights.tensors());
        } catch (IllegalArgumentException nothingFits) {
            throw new UsageException(
                    "the weights to begin with do not fit: " + nothingFits.getMessage() + "; this network has "
                            + recipe.model().facts() + ", "
                            + weights.network(recipe.model()),
                    nothingFits);
        }
    }

    /**
     * Runs a recipe, or the rest of it.
     *
     * @param init weights to begin with, or null to begin with weights drawn from the recipe's seed
     * @param resources where to compute, and with how much memory
     * @param folder an open run folder
     * @param stop asked after every step; once true, the state is saved and the run ends
     * @throws UsageException if what was asked for cannot be done
     * @throws IOException if data cannot be read or results not be written; the last checkpoint stays
     * @throws ArithmeticException if the loss is no longer finite; the last checkpoint stays
     */
    public static Outcome run(
            PretrainRecipe recipe,
            UnlabelledScans scans,
            @Nullable PretrainedWeights init,
            Resources resources,
            RunFolder folder,
            RunLog log,
            BooleanSupplier stop)
            throws IOException, InterruptedException {
        return new Pretrain(recipe, scans, init, resources, folder, log).run(stop);
    }

    private Outcome run(BooleanSupplier stop) throws IOException, InterruptedException {
        RunRecord record = RunRecord.open(folder, RunEnvironment.facts(device), scans.digest(), recipe.seed(), log);
        record.note(
                "method",
                recipe.pretext()
                        .chosen()
                        .describe(recipe.data().size(), recipe.crop().size()));
        record.pin("init", init == null ? "none" : init.digest());
        OpenedData.pin(record, scans.training(), scans.heldOutNames());
        int step = takeUp(record);
        int steps = recipe.steps();
        int ahead = recipe.loader().prefetch();
        boolean looks = HeldOutScan.patients(scans.heldOut()) >= 2;
        GateReport seenLast = null;
        ViewSource source = new ViewSource(task, scans, recipe.batch().volumes(), recipe.seed(), ahead + 1);
        try (RunMetrics metrics = RunMetrics.open(folder, PretrainSections.curves(recipe), step);
                Prefetcher<Samples> batches =
                        new Prefetcher<>(source, step, recipe.loader().workers(), ahead)) {
            plan(record, steps - step);
            if (recipe.precision() == Precision.BF16) { // the plan's trials went through every convolution
                WiderConvolutions.here().tell(record, log);
            }
            Pace pace = new Pace(step, steps, recipe.batch().volumes() * task.views());
            boolean stopped = false;
            while (step < steps && !stopped) {
                Samples batch = batches.next();
                Map<String, Double> line = step(source, batch, step);
                source.release(batch);
                step++;
                pace.add(line);
                stopped = stop.getAsBoolean();
                Map<String, Double> seen = Map.of();
                if (looks && isDue(step, recipe.gate().every())) {
                    seenLast = look(metrics, line, step);
                    seen = seenLast.numbers();
                    pace.pause();
                }
                metrics.append(line, "gate", seen);
                if (isDue(step, recipe.log().every())) {
                    pace.tell(log, line);
                }
                if (stopped || isDue(step, recipe.checkpoint().every())) {
                    metrics.sync();
                    checkpoints.save(state(step));
                    record.write("running", step);
                }
            }
            if (looks && seenLast == null && step == steps) { // taken up again after the last step
                seenLast = measured(step, metrics.values("loss"));
            }
        } catch (ArithmeticException diverged) {
            record.note("failure", String.valueOf(diverged.getMessage()));
            record.write("failed", step);
            throw diverged;
        }
        RunState state = step < steps ? RunState.STOPPED : RunState.FINISHED;
        if (state == RunState.FINISHED) {
            Safetensors.write(folder.file(ModelFile.NAME), task.export(), description());
            RestoredCrops.draw(task, scans.heldOut(), folder, log);
        }
        if (seenLast != null) {
            record.note("verdict", seenLast.verdict().name().toLowerCase(Locale.ROOT));
            record.gate(seenLast.numbers());
        }
        log.say(record.memory(Engine.peakResidentBytes()));
        record.write(state.name().toLowerCase(Locale.ROOT), step);
        return new Outcome(state, step, seenLast, record.seconds());
    }

    private boolean isDue(int step, int every) {
        return step % every == 0 || step == recipe.steps();
    }

    private Map<String, Double> step(ViewSource source, Samples batch, int step) {
        int volumes = recipe.batch().volumes();
        PretextTask.Batch[] taken = new PretextTask.Batch[1];
        return descent.step(
                step,
                volumes * task.views(),
                () -> {
                    taken[0] = new PretextTask.Batch(batch.tensors(device), step, recipe.steps(), source.drawsOf(step));
                    return task.loss(taken[0]);
                },
                () -> task.afterStep(taken[0]));
    }

    /**
     * Decides how many crops go through the encoder at once: what the recipe says, what the run began with, or what fits;
     * and says what the steps that are left will take.
     */
    private void plan(RunRecord record, int left) {
        int views = recipe.batch().volumes() * task.views();
        Integer begun = record.chunk();
        Integer fixed = recipe.batch().chunk();
        if (fixed == null && resources.maxMemory() == null) {
            fixed = begun;
        }
        if (left == 0 && begun != null) { // only a look is left, and that needs no trial
            if (begun < views) {
                chunk(begun);
            }
            return;
        }
        MemoryPlan plan = MemoryPlan.of(task, views, fixed, resources, optimizer::clearGradients);
        if (plan.chunk() < views) {
            gate.chunk(plan.chunk());
        }
        if (HeldOutScan.patients(scans.heldOut()) >= 2) {
            gate.ready(); // looks take memory too, so the first part of the first one comes before the prediction
            plan = plan.withPeak(Engine.peakResidentBytes());
        }
        if (begun != null && begun != plan.chunk()) {
            log.warn("This run began with " + begun + " crops at once and goes on with " + plan.chunk()
                    + ", so it will not repeat bit for bit.");
        }
        record.plan(plan);
        log.say(plan.sentence(left));
        if (device.isCpu() && plan.secondsPerStep() * left > LONG) {
            log.say("On a GPU, "
                    + GpuHours.sentence(task.flops() * recipe.batch().volumes() * left) + ".");
        }
    }

    private void chunk(int crops) {
        task.chunk(crops);
        gate.chunk(crops);
    }

    private GateReport look(RunMetrics metrics, Map<String, Double> line, int step) throws IOException {
        double[] losses = DoubleStream.concat(
                        Arrays.stream(metrics.values("loss")), DoubleStream.of(line.getOrDefault("loss", Double.NaN)))
                .toArray();
        GateReport report = measured(step, losses);
        log.looked(new Look(step, "gate", report.line()));
        double score = report.numbers().getOrDefault("crossScan", Double.NaN);
        if (score > best) {
            best = score;
            AtomicFile.write(folder.file(RunFolder.BEST), state(step));
        }
        return report;
    }

    /** What the gate and the task say of the network as it is. */
    private GateReport measured(int step, double[] losses) {
        return gate.report(task.embedding(), facts(step), losses).with(task.score(scans.heldOut()));
    }

    private RunFacts facts(int step) {
        return new RunFacts(
                recipe.optim().lr(),
                recipe.optim().name() == PretrainRecipe.Rule.ADAMW,
                step,
                scans.training().size(),
                recipe.gate().minimumSteps(),
                recipe.pretext().chosen()::causes);
    }

    private AtomicFile.Content state(int step) {
        return RunCheckpoint.of(KIND, task.state(), optimizer, step, best);
    }

    /** Loads the last checkpoint of a run that is taken up again; the number of steps it stands for. */
    private int takeUp(RunRecord record) throws IOException {
        int step = 0;
        if (folder.resumed()) {
            Optional<RunCheckpoint.Place> place =
                    checkpoints.load(path -> RunCheckpoint.load(path, KIND, task.state(), optimizer));
            if (place.isPresent()) {
                step = place.get().step();
                best = place.get().best();
                log.say("Continuing after step " + step + " of " + recipe.steps() + ".");
            }
            record.resumed(step, recipe.steps());
        }
        if (init != null && initialised != null) {
            record.note("initialised", initialised);
            if (step == 0) {
                log.say("Weights to begin with: " + initialised.sentence() + ".");
            }
            init.warnOfOtherScans(recipe.data().intensityFacts(), recipe.data().spacing(), log);
        }
        folder.begin();
        ScanSplit split = scans.split();
        if (split != null) {
            split.write(folder);
        }
        record.write("running", step);
        return step;
    }

    /** What a model file says about itself. */
    private Map<String, String> description() {
        PretrainRecipe.Data data = recipe.data();
        Map<String, String> about = new LinkedHashMap<>();
        about.put("format", "pt");
        about.put("voco4j.kind", PretrainedModel.KIND);
        about.put("voco4j.method", recipe.pretext().chosen().label());
        recipe.model().facts().forEach((name, value) -> about.put("voco4j." + name, value));
        recipe.pretext().chosen().metadata().forEach((name, value) -> about.put("voco4j." + name, value));
        about.put("voco4j.spacing", String.valueOf(data.spacing()));
        data.intensityFacts().forEach((name, value) -> about.put("voco4j." + name, value));
        about.put("voco4j.foreground", Double.toString(data.foreground()));
        about.put("voco4j.cut", data.cut().name().toLowerCase(Locale.ROOT));
        about.put("voco4j.size", data.size().toString());
        about.put("voco4j.crop", Integer.toString(recipe.crop().size()));
        about.put("voco4j.steps", Integer.toString(recipe.steps()));
        about.put("voco4j.init", init == null ? "none" : init.digest());
        about.put(PretrainedModel.CONFIG, folder.configuration());
        about.put("voco4j.note", "Research weights, not a medical device.");
        return about;
    }
}
