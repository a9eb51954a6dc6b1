package org.voco4j.program.pretrain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.optim.Sgd;
import org.voco4j.engine.optim.WarmupCosine;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.catalogue.Methods;
import org.voco4j.pretext.gate.EncoderGate;
import org.voco4j.recipe.Groups;
import org.voco4j.recipe.IntensityLaw;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.GridSize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.node.ObjectNode;

/**
 * The configuration of a pre-training run, as {@code recipes/pretrain/defaults.yaml} lays it out and explains it.
 *
 * <p>Compact constructors refuse what can never work and name the key; null stands for "as the variant says".
 */
public record PretrainRecipe(
        Data data,
        Pretext pretext,
        Crop crop,
        Batch batch,
        Backbone model,
        Precision precision,
        Optim optim,
        Labelled labelled,
        int steps,
        long seed,
        Groups.Checkpoint checkpoint,
        Gate gate,
        Groups.Log log,
        Groups.Loader loader) {

    /** What is done to scans before anything is cut from them. */
    public record Data(
            @Nullable Spacing spacing,
            IntensityLaw intensity,
            List<Double> window,
            List<Double> percentiles,
            double foreground,
            Preprocessing.Cut cut,
            Shape3 size,
            double heldOut,
            int cache) {

        /** Checks the group. */
        public Data {
            intensity.require(window, percentiles, foreground);
            Groups.requireData(heldOut, cache);
        }

        /** What a file of weights says about intensities, by the keys here. */
        public Map<String, String> intensityFacts() {
            return intensity.facts(window, percentiles);
        }

        /** From a scan as stored to what is trained on. */
        public Preprocessing preprocessing() {
            return new Preprocessing(spacing, intensity.of(window, percentiles), foreground, cut, GridSize.of(size));
        }
    }

    /**
     * The method.
     *
     * @param task its name
     * @param settings its keys
     */
    @JsonDeserialize(using = PretextReader.class)
    public record Pretext(String task, Record settings) {
        private <S extends Record> PretextMethod.Chosen<S> chosen(PretextMethod<S> method) {
            return new PretextMethod.Chosen<>(method, method.settings().cast(settings));
        }

        /** The method with its keys. */
        public PretextMethod.Chosen<?> chosen() {
            return chosen(Methods.of(task));
        }

        /**
         * The keys of a method that only this can be done with.
         *
         * @throws UsageException if another one is trained
         */
        public <S extends Record> S of(PretextMethod<S> method) {
            if (method.settings().isInstance(settings)) {
                return method.settings().cast(settings);
            }
            throw new UsageException("this needs a run of pretext.task: " + method.name() + ", not of " + task);
        }
    }

    /** What crops become. */
    public record Crop(int size) {

        /** Checks the group. */
        public Crop {
            require(size >= 1, "crop.size must be at least 1 voxel, not " + size);
        }
    }

    /** How much a step sees, and how much of it at once; null: as much as memory allows. */
    public record Batch(int volumes, @Nullable Integer chunk) {

        /** Checks the group. */
        public Batch {
            require(volumes >= 1, "batch.volumes must be at least 1, not " + volumes);
            require(chunk == null || chunk >= 1, "batch.chunk must be null or at least 1 crop, not " + chunk);
        }
    }

    /** By which rule weights move. */
    public enum Rule {
        /** AdamW. */
        ADAMW,
        /** Gradient descent with momentum, as PyTorch's SGD. */
        SGD
    }

    /** How weights move. */
    public record Optim(
            Rule name,
            double lr,
            double weightDecay,
            double beta1,
            double beta2,
            boolean amsgrad,
            double momentum,
            boolean nesterov,
            int warmup,
            double clip) {

        /** Checks the group. */
        public Optim {
            Groups.requireOptim(lr, weightDecay, beta1, beta2, warmup, clip);
            require(momentum >= 0 && momentum < 1, "optim.momentum must lie in [0, 1), not " + momentum);
            require(!nesterov || momentum > 0, "optim.nesterov needs an optim.momentum above 0");
        }

        /** Moves groups of weights, each by its factors on rate and decay. */
        public Optimizer optimizer(List<PretextTask.Group> groups) {
            Optimizer optimizer = switch (name) {
                case ADAMW -> new AdamW(new AdamW.Settings(beta1, beta2, 1e-8, amsgrad));
                case SGD -> new Sgd(new Sgd.Settings(momentum, nesterov));
            };
            groups.forEach(group -> optimizer.add(group.weights(), group.rate(), weightDecay * group.decay()));
            return optimizer;
        }

        /** The rate over a run of so many steps. */
        public WarmupCosine schedule(int steps) {
            return new WarmupCosine(lr, warmup, steps);
        }
    }

    /** What pseudo-labels of unlabelled patches teach. */
    public enum PseudoTeaches {
        /** The decoder alone: no gradient leaves it. */
        DECODER,
        /** What the released omni-supervised code teaches: the decoder, and by the one map it forgot, three stages of the Swin encoder. */
        RELEASED,
        /** The whole network, as the released semi-supervised code does. */
        ALL
    }

    /**
     * What a run does that has labelled scans beside the unlabelled ones.
     *
     * @param pretext whether the method's loss is added to that of the labels
     * @param pseudoAfter share of the steps after which a copy of the network labels patches of unlabelled scans; 1: never
     * @param pseudoTeaches what those labels teach
     */
    public record Labelled(boolean pretext, double pseudoAfter, PseudoTeaches pseudoTeaches) {

        /** Checks the group. */
        public Labelled {
            require(
                    pseudoAfter > 0 && pseudoAfter <= 1,
                    "labelled.pseudoAfter must lie above 0 and at most at 1, not " + pseudoAfter);
        }

        /** The step, counted from 0, before which the copy is taken; {@code steps} if none ever is. */
        public int copiedAt(int steps) {
            return (int) Math.ceil(pseudoAfter * steps);
        }
    }

    /** When and on how much a run looks at held-out scans. */
    public record Gate(int every, int scans, int minimumSteps) {

        /** Checks the group. */
        public Gate {
            require(every >= 1, "gate.every must be at least 1 step, not " + every);
            require(scans >= 2, "gate.scans must be at least 2, not " + scans);
            require(minimumSteps >= 0, "gate.minimumSteps must not be negative, but is " + minimumSteps);
        }
    }

    /** Checks the whole: the method's options against each other and against sizes. */
    public PretrainRecipe {
        require(steps >= 1, "steps must be at least 1, not " + steps);
        pretext.chosen().require(data.size, crop.size, model.encoder());
        model.requireAxes("data.size", data.size.edges());
    }

    /** What the method is built around. */
    public Setup setup(Device device) {
        return new Setup(model, precision, data.size, crop.size, batch.volumes, seed, device);
    }

    /** From a scan as stored to what the method samples: of {@code data.size} voxels, unless it cuts windows of that size itself. */
    public Preprocessing preprocessing() {
        Preprocessing whole = data.preprocessing();
        return pretext.chosen().cutsWindows() ? whole.unsized() : whole;
    }

    /** The gate of a task that is so configured: it cuts crops as the recipe says, and takes so many at once. */
    public EncoderGate gate(PretextTask task, List<HeldOutScan> scans, Device device) {
        EncoderGate.Geometry geometry = new EncoderGate.Geometry(
                data.size, pretext.chosen().grid(data.size), setup(device).view());
        EncoderGate made = new EncoderGate(geometry, device, scans, task::untrained);
        if (batch.chunk != null) {
            made.chunk(batch.chunk);
        }
        return made;
    }

    /** A method's name, and the keys of its own. */
    private static final class PretextReader extends ValueDeserializer<Pretext> {
        private static final String TASK = "task";

        @Override
        public Pretext deserialize(JsonParser parser, DeserializationContext context) {
            ObjectNode keys = (ObjectNode) context.readTree(parser).deepCopy();
            String task = keys.remove(TASK).asString();
            return new Pretext(
                    task, context.readTreeAsValue(keys, Methods.of(task).settings()));
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
