package org.voco4j.program.finetune;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.downstream.loss.DiceBinaryCrossEntropy;
import org.voco4j.downstream.loss.DiceCrossEntropy;
import org.voco4j.downstream.loss.SegmentationLoss;
import org.voco4j.downstream.model.Blend;
import org.voco4j.downstream.model.ModelCard;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.downstream.segment.PatchSampler;
import org.voco4j.downstream.segment.SlidingWindow;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Role;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.optim.RepeatedWarmupCosine;
import org.voco4j.engine.optim.WarmupCosine;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Backbone;
import org.voco4j.network.loss.DiceLoss;
import org.voco4j.recipe.Groups;
import org.voco4j.recipe.IntensityLaw;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.GridSize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

/**
 * The configuration of a fine-tuning run, as {@code recipes/finetune/defaults.yaml} lays it out and explains it.
 *
 * <p>Compact constructors refuse what can never work and name the key.
 *
 * @param labels name → values in the label maps, in the order of the classes; empty for the data's own
 * @param labelNames names of classes that mean the same, {@code ONE|OTHER}, where the data have others than {@code labels};
 *     {@code rename} alone puts those of {@code labels} in place of whatever the data say; null: neither
 * @param regions the same of classes that overlap; empty for the data's own where labels are empty too
 * @param regionsOrder the value that each region has in a label map of them all, later ones over earlier ones; null
 *     if there is no such map
 * @param colours #rrggbb for each class in their order, kept in the model for whoever shows what it segments; null for none
 */
public record FinetuneRecipe(
        Data data,
        Map<String, List<Integer>> labels,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
        List<String> labelNames,

        Map<String, List<Integer>> regions,
        @Nullable List<Integer> regionsOrder,
        @Nullable List<String> colours,
        Patch patch,
        PatchAugmentation augment,
        Batch batch,
        Backbone model,
        Loss loss,
        Transfer transfer,
        Optim optim,
        int steps,
        long seed,
        Validation validation,
        Groups.Checkpoint checkpoint,
        Groups.Log log,
        Groups.Loader loader)
        implements TuningRecipe {
    /** The value where a patch leaves its scan, and up to which it is air: a window's low end, or what was 0 before. */
    private static final float AIR = 0;

    /** What is done to scans before anything is cut from them. */
    public record Data(
            @Nullable Spacing spacing,
            IntensityLaw intensity,
            List<Double> window,
            List<Double> percentiles,
            double foreground,
            Preprocessing.Cut cut,
            @Nullable GridSize size,
            double heldOut,
            @Nullable Integer fold,
            int folds,
            int cache) {

        /** Who is held out. */
        public Groups.Folds folding() {
            return new Groups.Folds(heldOut, fold, folds);
        }

        /** Checks the group. */
        public Data {
            intensity.require(window, percentiles, foreground);
            Groups.requireData(heldOut, cache);
            require(fold == null || fold >= 0, "data.fold must be 0 or more, not " + fold);
            require(folds >= 2, "data.folds must be at least 2, not " + folds);
        }

        /** What a file of weights says about intensities, by the keys here. */
        public Map<String, String> intensityFacts() {
            return intensity.facts(window, percentiles);
        }

        /** From a scan as stored to what is trained on. */
        public Preprocessing preprocessing() {
            return new Preprocessing(spacing, intensity.of(window, percentiles), foreground, cut, size);
        }
    }

    /** What is cut from scans. */
    public record Patch(Shape3 size, double positive, double negative, PatchSampler.Positives positives) {}

    /** How much a step sees: patches of one scan, of so many scans one after another. */
    public record Batch(int patches, int accumulate) {

        /** Checks the group. */
        public Batch {
            require(patches >= 1, "batch.patches must be at least 1, not " + patches);
            require(accumulate >= 1, "batch.accumulate must be at least 1, not " + accumulate);
        }

        int perStep() {
            return patches * accumulate;
        }
    }

    /** What is minimised: Dice, and cross entropy with a weight. */
    public record Loss(boolean background, boolean squared, boolean batch, double crossEntropy) {

        /** Checks the group. */
        public Loss {
            require(crossEntropy >= 0, "loss.crossEntropy must be 0 or more, not " + crossEntropy);
        }
    }

    /** What becomes of convolutions that read the scan and were trained on scans with another number of channels. */
    public enum Input {
        /** They begin with weights of their own, drawn from the seed. */
        FRESH,
        /** Each channel gets the sum over the file's channels, divided by how many there are here. */
        ADAPT
    }

    /** What becomes of pre-trained weights; {@code network} says whose, where a file has a student and a teacher. */
    public record Transfer(@Nullable Role network, @Nullable List<Integer> levels, Input input, int frozenSteps) {

        /** Checks the group. */
        public Transfer {
            require(frozenSteps >= -1, "transfer.frozenSteps must be -1 (always) or more, not " + frozenSteps);
        }

        /** Whether a step, counted from 0, leaves the encoder as it is. */
        public boolean isFrozen(int step) {
            return frozenSteps < 0 || step < frozenSteps;
        }
    }

    /** How the learning rate goes. */
    public enum Schedule {
        /** One warm-up and one cosine over the whole run. */
        COSINE,
        /** That of the released scripts, whose cosine comes up again. */
        OFFICIAL
    }

    /**
     * How weights move; the encoder's learning rate is {@code lr} times {@code encoderRate}.
     *
     * @param layerDecay factor on the rate from each stage of the encoder to the one before it, the last stage having it
     *     once: lr · encoderRate · layerDecay^(S − s) for stage s of S
     * @param half steps after which the official schedule is at 0 for the first time; it alone needs it
     */
    public record Optim(
            double lr,
            double encoderRate,
            double layerDecay,
            double weightDecay,
            double beta1,
            double beta2,
            int warmup,
            Schedule schedule,
            int half,
            double clip) {

        /** Checks the group. */
        public Optim {
            Groups.requireOptim(lr, weightDecay, beta1, beta2, warmup, clip);
            require(
                    encoderRate > 0,
                    "optim.encoderRate must be above 0, not " + encoderRate
                            + "; transfer.frozenSteps=-1 leaves the encoder as it is");
            require(
                    layerDecay > 0 && layerDecay <= 1,
                    "optim.layerDecay must be above 0 and at most 1, not " + layerDecay);
            require(
                    schedule == Schedule.COSINE || half > warmup,
                    "optim.half must lie above optim.warmup, " + warmup + ", not be " + half);
        }

        /** Moves a network's weights, those of its encoder at rates of their own. */
        public Optimizer optimizer(Map<String, Tensor> network, Encoder encoder) {
            Map<Integer, Map<String, Tensor>> stages = new TreeMap<>();
            Map<String, Tensor> above = new LinkedHashMap<>(network);
            for (String name : encoder.weights().keySet()) {
                Tensor weight = Objects.requireNonNull(above.remove(name));
                stages.computeIfAbsent(layerDecay == 1 ? 0 : encoder.stage(name), stage -> new LinkedHashMap<>())
                        .put(name, weight);
            }
            Optimizer optimizer = new AdamW(new AdamW.Settings(beta1, beta2, 1e-8, false));
            stages.forEach((stage, weights) ->
                    optimizer.add(weights, encoderRate * Math.pow(layerDecay, stages.size() - stage), weightDecay));
            return optimizer.add(above, 1, weightDecay);
        }

        /** The rate of each step, counted from 0, of a run of so many. */
        public IntToDoubleFunction rate(int steps) {
            return switch (schedule) {
                case COSINE -> new WarmupCosine(lr, warmup, steps)::rate;
                case OFFICIAL -> new RepeatedWarmupCosine(lr, warmup, half)::rate;
            };
        }
    }

    /**
     * When and how a run measures itself.
     *
     * @param patience validations in a row without a better mean Dice after which the run ends; null never ends it
     */
    public record Validation(
            Groups.Scans scans, int every, @Nullable Integer patience, double overlap, Blend blend, double tolerance) {

        /** Checks the group. */
        public Validation {
            require(every >= 1, "validation.every must be at least 1 step, not " + every);
            require(
                    patience == null || patience >= 1,
                    "validation.patience must be at least 1 validation, not " + patience);
            require(overlap >= 0 && overlap < 1, "validation.overlap must lie in [0, 1), not " + overlap);
            require(
                    tolerance >= 0 && Double.isFinite(tolerance),
                    "validation.tolerance must be 0 mm or more, not " + tolerance);
        }
    }

    /** Checks the whole. */
    public FinetuneRecipe {
        require(
                colours == null || colours.stream().allMatch(colour -> colour.matches("#[0-9a-fA-F]{6}")),
                "colours must be \"#rrggbb\" for each class, not " + colours);
        require(
                labels.isEmpty() || regions.isEmpty(),
                "labels name classes of which a voxel has one, regions such as overlap: name them in one of the two");
        require(regionsOrder == null || !regions.isEmpty(), "regionsOrder is of the regions, and there are none");
        if (!regions.isEmpty()) {
            overlapping(regions, regionsOrder);
        }
        require(steps >= 1, "steps must be at least 1, not " + steps);
        model.requireAxes(
                "data.size",
                data.size == null ? null : data.size.from(patch.size).edges());
        model.requireAxes("patch.size", patch.size.edges());
        model.requireSegmentation(patch.size.edges());
        int levels = model.channels().size();
        List<Integer> wanted = transfer.levels;
        require(
                wanted == null || model.encoder() == Backbone.Name.UNET,
                "transfer.levels counts the levels of model.encoder unet; " + model.encoder() + " is taken whole");
        require(
                wanted == null || wanted.stream().allMatch(level -> level >= 0 && level < levels),
                "transfer.levels must lie in 0…" + (levels - 1) + ", not " + wanted);
        new PatchSampler(patch.size, patch.positive, patch.negative, patch.positives, AIR);
    }

    /**
     * Refuses what can be segmented with, but not trained.
     *
     * @throws UsageException with the key
     */
    void requireTrainable() {
        if (augment.rot90() > 0 && patch.size.x() != patch.size.y()) {
            throw new UsageException(
                    "augment.rot90 turns patches in the x–y plane, so patch.size must be the same along both," + " not "
                            + patch.size + "; augment.rot90=0 turns none");
        }
    }

    @Override
    public int perStep() {
        return batch.perStep();
    }

    @Override
    public Groups.Scans validated() {
        return validation.scans();
    }

    @Override
    public int validationEvery() {
        return validation.every();
    }

    @Override
    public @Nullable Integer patience() {
        return validation.patience();
    }

    /** Where patches are cut. */
    PatchSampler sampler() {
        return new PatchSampler(patch.size, patch.positive, patch.negative, patch.positives, AIR);
    }

    /** The value up to which a voxel without a class is no background to centre a patch on; z-scores have none. */
    float air() {
        return data.intensity == IntensityLaw.ZSCORE ? Float.NEGATIVE_INFINITY : AIR;
    }

    /** How whole scans are segmented. */
    SlidingWindow window() {
        double overlap = validation.overlap;
        return new SlidingWindow(patch.size, overlap, overlap, overlap, validation.blend, AIR);
    }

    /**
     * What a network of this recipe is, and is for, with the classes of the recipe.
     *
     * @param channels of a scan
     * @throws UsageException if the recipe names no classes
     */
    public ModelCard card(int channels) {
        Regions overlapping = overlapping();
        if (overlapping != null) {
            return card(channels, new ModelLabels(overlapping.values(), overlapping.painted(), colours));
        }
        if (labels.isEmpty()) {
            throw new UsageException("labels: the recipe does not name the classes that the weights are for");
        }
        return card(channels, new ModelLabels(labels, List.of(), colours));
    }

    /** What a network of this recipe is, and is for. */
    public ModelCard card(int channels, ModelLabels named) {
        return new ModelCard(
                model, channels, named, data.preprocessing(), patch.size, validation.overlap, validation.blend);
    }

    /** The regions that the recipe names; null if it names none. */
    public @Nullable Regions overlapping() {
        return regions.isEmpty() ? null : overlapping(regions, regionsOrder);
    }

    private static Regions overlapping(Map<String, List<Integer>> regions, @Nullable List<Integer> order) {
        try {
            return new Regions(regions, order == null ? List.of() : order);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("regions: " + e.getMessage(), e);
        }
    }

    /** What is minimised; of regions, none of which is the background, all count. */
    SegmentationLoss objective(@Nullable Regions overlapping) {
        DiceLoss dice = new DiceLoss(overlapping != null || loss.background, loss.squared, loss.batch, 1e-5, 1e-5);
        return overlapping == null
                ? new DiceCrossEntropy(dice, 1, loss.crossEntropy)
                : new DiceBinaryCrossEntropy(dice, 1, loss.crossEntropy, overlapping.members());
    }

    /** The network, with weights drawn from the seed; {@code outputs} are what it says of a voxel. */
    public SegmentationNetwork network(int channels, int outputs) {
        SegmentationNetwork network = model.segment(channels, outputs, patch.size.edges());
        network.initialise(seed);
        return network;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
