package org.voco4j.program.benchmark;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.voco4j.augment.Draws;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.optim.TrainingStep;
import org.voco4j.engine.optim.WarmupCosine;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Samples;
import org.voco4j.pretext.voco.VoCoMethod;
import org.voco4j.pretext.voco.VoCoSettings;
import org.voco4j.program.phantom.TorsoScans;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.program.pretrain.ViewSource;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.MemoryPlan;
import org.voco4j.run.Prefetcher;
import org.voco4j.run.Resources;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.RunLog;
import org.voco4j.run.StepTimes;

/**
 * What a step of pre-training costs: forward, teacher, loss, backward and the move of the weights, as {@link Pretrain} takes it.
 *
 * <p>The views are noise that lies in memory before the first step, so that nothing but computing is timed. With
 * loading, the same steps are taken once more on views that loader threads cut, resize and augment meanwhile from
 * prepared torsos in memory, which is a run whose scans all fit into its cache.
 */
public final class PretrainBenchmark {
    /** The published name of Swin-UNETR's first weight: its size says how wide the network is. */
    private static final String PATCH_EMBEDDING = "swinViT.patch_embed.proj.weight";

    private static final int TORSOS = 4;

    /**
     * What to measure.
     *
     * @param loading whether to measure with loading too
     */
    public record Plan(TimedSteps steps, boolean loading) {}

    private final PretrainRecipe recipe;
    private final Plan plan;
    private final Resources resources;
    private final Device device;
    private final VoCoSettings voco;
    private final PretextTask task;
    private final Optimizer optimizer;
    private final TrainingStep descent;
    private int taken;

    private PretrainBenchmark(PretrainRecipe recipe, Plan plan, Resources resources) {
        this.recipe = recipe;
        this.voco = recipe.pretext().of(new VoCoMethod());
        this.plan = plan;
        this.resources = resources;
        this.device = resources.device();
        PretrainRecipe.Optim o = recipe.optim();
        try (Scope scope = Scope.open()) { // weights and moments stay, what was needed to draw them goes
            task = new VoCoMethod().task(voco, recipe.setup(device));
            optimizer = o.optimizer(task.trainable());
        } catch (IllegalArgumentException impossible) {
            throw new UsageException(String.valueOf(impossible.getMessage()), impossible);
        }
        WarmupCosine fullRateFromTheStart = new WarmupCosine(o.lr(), 0, recipe.steps());
        descent = new TrainingStep(optimizer, task.moved(), fullRateFromTheStart::rate, o.clip());
    }

    /**
     * Measures.
     *
     * @throws UsageException if the recipe is impossible
     * @throws ArithmeticException if the loss is not finite
     */
    public static BenchmarkResult run(PretrainRecipe recipe, Plan plan, Resources resources, RunLog log)
            throws IOException, InterruptedException {
        Figures.requireProfilable(plan.steps.profiled(), resources.device());
        PretrainBenchmark benchmark = new PretrainBenchmark(recipe, plan, resources);
        try {
            return benchmark.run(log);
        } finally {
            benchmark.task.state().values().forEach(Tensor::close);
            benchmark.optimizer.close();
        }
    }

    private BenchmarkResult run(RunLog log) throws IOException, InterruptedException {
        log.say(String.format(
                Locale.ROOT,
                "%d crops of %d³ per step, %s steps, %d threads",
                crops(),
                recipe.crop().size(),
                plan.steps,
                Engine.threads()));
        MemoryPlan memory = MemoryPlan.of(task, crops(), recipe.batch().chunk(), resources, optimizer::clearGradients);
        Samples noise = noise();
        StepTimes inMemory = plan.steps.take(() -> step(noise));
        long peak = Engine.peakResidentBytes(); // before there are torsos
        List<String> sentences = new ArrayList<>();
        sentences.add("In memory: " + inMemory.sentence("crops", crops()));
        StepTimes withLoading = plan.loading ? withLoading() : null;
        if (withLoading != null) {
            sentences.add("With loading: " + withLoading.sentence("crops", crops()));
        }
        sentences.add(String.format(
                Locale.ROOT,
                "Memory at most %.2f GiB; %s",
                peak / (double) (1L << 30),
                inMemory.total().sentence()));
        Figures.addProfile(sentences, inMemory.profile());
        return new BenchmarkResult(sentences, document(memory, inMemory, peak, withLoading));
    }

    private int crops() {
        return recipe.batch().volumes() * task.views();
    }

    private double step(Samples batch) {
        Map<String, Double> line = descent.step(
                taken,
                crops(),
                () -> task.loss(
                        new PretextTask.Batch(batch.tensors(device), taken, recipe.steps(), Draws.of(recipe.seed()))),
                () -> {});
        taken++;
        return line.getOrDefault("loss", Double.NaN);
    }

    /** Views of values in [0, 1), and shares of the bases that sum to 1 for every random crop. */
    private Samples noise() {
        SplittableRandom random = new SplittableRandom(recipe.seed());
        Samples batch = new Samples(task, recipe.batch().volumes());
        FloatBuffer views = batch.block("views");
        while (views.hasRemaining()) {
            views.put(random.nextFloat());
        }
        int bases = voco.options(recipe.setup(device)).bases();
        FloatBuffer labels = batch.block("labels");
        float[] row = new float[bases];
        while (labels.hasRemaining()) {
            float sum = 0;
            for (int i = 0; i < bases; i++) {
                row[i] = random.nextFloat();
                sum += row[i];
            }
            for (int i = 0; i < bases; i++) {
                labels.put(row[i] / sum);
            }
        }
        return batch;
    }

    private StepTimes withLoading() throws IOException, InterruptedException {
        UnlabelledScans scans = TorsoScans.make(recipe.preprocessing(), TORSOS, 0, recipe.seed())
                .images(0);
        int ahead = recipe.loader().prefetch();
        ViewSource source = new ViewSource(task, scans, recipe.batch().volumes(), recipe.seed(), ahead + 1);
        try (Prefetcher<Samples> batches =
                new Prefetcher<>(source, 0, recipe.loader().workers(), ahead)) {
            return plan.steps.take(() -> {
                Samples batch = batches.next();
                double loss = step(batch);
                source.release(batch);
                return loss;
            });
        }
    }

    private Map<String, @Nullable Object> document(
            MemoryPlan memory, StepTimes inMemory, long peak, @Nullable StepTimes withLoading) {
        Map<String, Tensor> weights = task.trainable().get(0).weights();
        Tensor embedding = weights.get(PATCH_EMBEDDING);
        Map<String, String> environment = RunEnvironment.facts(device);
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("voco4j", environment.get("voco4j"));
        document.put("task", "pretrain_step");
        document.put("variant", word(voco.variant()));
        document.put("encoder", recipe.model().encoder().toString());
        document.put("feature_size", embedding == null ? null : embedding.size(0));
        document.put("roi", recipe.crop().size());
        document.put("batch", recipe.batch().volumes());
        document.put("sw", voco.randomCrops());
        document.put("dtype", recipe.precision() == Precision.FP32 ? "float32" : "bfloat16");
        document.put("chunk", memory.chunk());
        document.put("crops_per_step", crops());
        document.put("threads", Engine.threads());
        document.putAll(plan.steps.document());
        document.putAll(inMemory.document(crops()));
        document.put("peak_rss_mb", Math.rint(peak * 10.0 / (1L << 20)) / 10);
        document.put(
                "params_student",
                weights.values().stream().mapToLong(Tensor::count).sum());
        document.put("loading", withLoading == null ? null : withLoading.document(crops()));
        document.put("environment", environment);
        return document;
    }

    /** A choice as recipes write it. */
    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
