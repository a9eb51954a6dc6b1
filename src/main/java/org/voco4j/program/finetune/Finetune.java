package org.voco4j.program.finetune;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Device;
import org.voco4j.file.AtomicFile;
import org.voco4j.program.scans.OpenedData;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.program.scans.SeenScans;
import org.voco4j.recipe.UsageException;
import org.voco4j.report.Drawing;
import org.voco4j.run.CheckpointPair;
import org.voco4j.run.Look;
import org.voco4j.run.Pace;
import org.voco4j.run.RunEnvironment;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunForecast;
import org.voco4j.run.RunLog;
import org.voco4j.run.RunMetrics;
import org.voco4j.run.RunRecord;
import org.voco4j.run.RunState;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fine-tuning on a page: step, validate, log, save. What is learned, segmentation or classification, is a {@link Training}.
 *
 * <p>After k steps the state is a function of the recipe, the data, the weights it began with and k alone, so a run that
 * was interrupted and taken up again ends with the same bits as one that was not. {@code model.safetensors} and
 * {@code summary.json} are of the last step; the state with the best score is kept as {@code checkpoint_best}, its
 * network as {@code model_best.safetensors}.
 */
public final class Finetune<S extends Scores> {
    private static final String BEST_MODEL = "model_best.safetensors";

    /**
     * What came out.
     *
     * @param report the scores of the validation after the last step; null if the run was stopped
     * @param transferred what was taken over from the weights; null where there were none
     * @param seconds of work in all
     */
    public record Outcome<S extends Scores>(
            RunState state,
            int steps,
            @Nullable S report,
            @Nullable LoadReport transferred,
            double seconds) {}

    private final Training<?, S> training;
    private final TuningRecipe recipe;
    private final List<String> validation;
    private final @Nullable PretrainedWeights weights;
    private final RunFolder folder;
    private final RunLog log;
    private final CheckpointPair checkpoints;
    private double best = Double.NEGATIVE_INFINITY;

    private Finetune(Training<?, S> training, @Nullable PretrainedWeights weights, RunFolder folder, RunLog log) {
        this.training = training;
        this.recipe = training.recipe();
        this.weights = weights;
        this.folder = folder;
        this.log = log;
        this.checkpoints = new CheckpointPair(folder, log);
        validation = recipe.validated()
                .of(training.scans().training(), training.scans().heldOut());
    }

    /**
     * Runs a recipe for segmentation, or the rest of it.
     *
     * @param weights to begin with, or null to begin from scratch
     * @param device where to compute
     * @param folder an open run folder
     * @param stop asked after every step; once true, the state is saved and the run ends
     * @throws UsageException if what was asked for cannot be done
     * @throws IOException if data cannot be read or results not be written; the last checkpoint stays
     * @throws ArithmeticException if the loss is no longer finite; the last checkpoint stays
     */
    public static Outcome<GridScores> run(
            FinetuneRecipe recipe,
            LabelledScans scans,
            @Nullable PretrainedWeights weights,
            Device device,
            RunFolder folder,
            RunLog log,
            BooleanSupplier stop)
            throws IOException, InterruptedException {
        try (SegmentationTraining training = new SegmentationTraining(recipe, scans, weights, device)) {
            return run(training, weights, folder, log, stop);
        }
    }

    /**
     * Runs a training to its last step; who made it closes it.
     *
     * @param weights what it began with, or null
     * @throws UsageException as {@link #run(FinetuneRecipe, LabelledScans, PretrainedWeights, Device, RunFolder, RunLog,
     *     BooleanSupplier)}, for all else too
     */
    public static <S extends Scores> Outcome<S> run(
            Training<?, S> training,
            @Nullable PretrainedWeights weights,
            RunFolder folder,
            RunLog log,
            BooleanSupplier stop)
            throws IOException, InterruptedException {
        return new Finetune<>(training, weights, folder, log).run(stop);
    }

    private Outcome<S> run(BooleanSupplier stop) throws IOException, InterruptedException {
        RunRecord record = RunRecord.open(
                folder,
                RunEnvironment.facts(training.device()),
                training.scans().digest(),
                recipe.seed(),
                log);
        OpenedData.pin(record, training.scans().training(), training.scans().heldOut());
        begin(record);
        int steps = recipe.steps();
        S report = null;
        try (RunMetrics metrics = RunMetrics.open(folder, training.curves(), training.steps())) {
            if (training.steps() < steps) {
                // The scans were all read once, so what the cache takes is taken already.
                RunForecast forecast = RunForecast.of(training.network().weights(), training::trial);
                log.say(forecast.sentence(steps - training.steps()));
            }
            Pace pace = new Pace(training.steps(), steps, recipe.perStep());
            boolean stopped = false;
            boolean done = isDone(metrics);
            while (!done && !stopped) {
                Map<String, Double> line = training.step();
                int step = training.steps();
                pace.add(line);
                stopped = stop.getAsBoolean();
                Map<String, Double> seen = Map.of();
                if (isDue(step, recipe.validationEvery())) {
                    report = validate(step == steps);
                    seen = report.numbers();
                    pace.pause();
                }
                metrics.append(line, Training.VALIDATION, seen);
                done = isDone(metrics);
                if (isDue(step, recipe.log().every())) {
                    pace.tell(log, line);
                }
                if (stopped || done || isDue(step, recipe.checkpoint().every())) {
                    metrics.sync();
                    checkpoints.save(training.state(best));
                    record.write("running", step);
                }
            }
            if (!done) {
                record.write("stopped", training.steps());
                return new Outcome<>(
                        RunState.STOPPED, training.steps(), null, training.transferred(), record.seconds());
            }
        } catch (ArithmeticException diverged) {
            record.note("failure", String.valueOf(diverged.getMessage()));
            record.write("failed", training.steps());
            throw diverged;
        }
        if (report == null || training.steps() < steps) { // taken up again after the last step, or ended before it
            report = validate(true);
        }
        Safetensors.write(folder.file(ModelFile.NAME), training.network().stateDict(), description());
        AtomicFile.write(folder.file("summary.json"), summary(report).toPrettyString() + "\n");
        draw(report);
        record.write("finished", training.steps());
        return new Outcome<>(RunState.FINISHED, training.steps(), report, training.transferred(), record.seconds());
    }

    /** Whether all steps are taken, or so many validations found nothing better that none more are. */
    private boolean isDone(RunMetrics metrics) {
        Integer patience = recipe.patience();
        int step = training.steps();
        if (step == recipe.steps() || patience == null) {
            return step == recipe.steps();
        }
        Training.Ruler ruler = training.ruler();
        double[] scores = metrics.values(ruler.metric());
        int last = -1; // the validation that was the last to find something better
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > most) {
                most = scores[i];
                last = i;
            }
        }
        boolean enough = scores.length - 1 - last >= patience;
        if (enough) {
            log.warn(String.format(
                    Locale.ROOT,
                    "Ended early, after step %d of %d: the last %d validations were not better than %s %.3f"
                            + " (validation.patience); the best network is %s.",
                    step,
                    recipe.steps(),
                    scores.length - 1 - last,
                    ruler.words(),
                    most,
                    BEST_MODEL));
        }
        return enough;
    }

    /** A report that cannot be drawn (a Java without fonts) must not fail a run that is done. */
    private void draw(S report) throws IOException, InterruptedException {
        String why = Drawing.attempt(() -> training.report(report, folder));
        if (why != null) {
            log.warn("report.html could not be drawn: " + why);
        }
    }

    private boolean isDue(int step, int every) {
        return step % every == 0 || step == recipe.steps();
    }

    private S validate(boolean last) throws IOException, InterruptedException {
        S report = training.validate(validation, last);
        log.looked(new Look(training.steps(), Training.VALIDATION, report.sentence()));
        if (report.score() > best) {
            best = report.score();
            AtomicFile.write(folder.file(RunFolder.BEST), training.state(best));
            Safetensors.write(folder.file(BEST_MODEL), training.network().stateDict(), description());
        }
        return report;
    }

    /** Says what the network begins with, or loads the last checkpoint of a run that is taken up again. */
    private void begin(RunRecord record) throws IOException {
        record.pin("weights", weights == null ? "none" : weights.digest());
        LoadReport transferred = training.transferred();
        if (transferred != null) {
            record.note("transferred", transferred);
        }
        Optional<Double> taken = folder.resumed() ? checkpoints.load(training::load) : Optional.empty();
        if (taken.isPresent()) {
            best = taken.get();
            log.say("Continuing after step " + training.steps() + " of " + recipe.steps() + ".");
        } else if (transferred != null) {
            String method = weights == null ? null : weights.method();
            log.say("Weights" + (method == null ? "" : " of " + method) + ": " + transferred.sentence() + ".");
        }
        if (weights != null) {
            weights.warnOfOtherScans(
                    recipe.data().intensityFacts(), recipe.data().spacing(), log);
            seen().tell(record, log);
        }
        if (folder.resumed()) {
            record.resumed(training.steps(), recipe.steps());
        }
        folder.begin();
        record.write("running", training.steps());
    }

    private SeenScans seen() {
        return SeenScans.of(weights, validation, training.scans().contents());
    }

    private ObjectNode summary(S report) {
        ObjectNode summary = report.toJson();
        summary.put("steps", training.steps());
        summary.put("scans", recipe.validated().name().toLowerCase(Locale.ROOT));
        training.describe(summary);
        summary.set("seenInPretraining", JsonMapper.shared().valueToTree(seen().names()));
        return summary;
    }

    /** What a model file says about itself. */
    private Map<String, String> description() {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("format", "pt");
        about.putAll(training.card());
        about.put("voco4j.steps", Integer.toString(training.steps()));
        about.put("voco4j.pretrained", weights == null ? "none" : weights.digest());
        about.put("voco4j.note", "Research weights, not a medical device.");
        return about;
    }
}
