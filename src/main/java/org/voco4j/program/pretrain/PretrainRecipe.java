package org.voco4j.program.pretrain;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.optim.WarmupCosine;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Backbone;
import org.voco4j.network.head.ContrastNetwork;
import org.voco4j.network.head.ProjectionHead;
import org.voco4j.pretext.voco.PositionLogits;
import org.voco4j.pretext.voco.RegularizationLoss;
import org.voco4j.pretext.voco.Variant;
import org.voco4j.pretext.voco.VoCoOptions;
import org.voco4j.recipe.Groups;
import org.voco4j.recipe.IntensityLaw;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
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
        Augment augment,
        Batch batch,
        Model model,
        Precision precision,
        Optim optim,
        int steps,
        long seed,
        Groups.Checkpoint checkpoint,
        Gate gate,
        Groups.Log log,
        Groups.Loader loader,
        Export export) {

    /** What is done to scans before anything is cut from them. */
    public record Data(
            @Nullable Spacing spacing,
            IntensityLaw intensity,
            List<Double> window,
            List<Double> percentiles,
            double foreground,
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
            return new Preprocessing(spacing, intensity.of(window, percentiles), foreground, size);
        }
    }

    /** The method. */
    public record Pretext(
            Variant variant,
            Shape3 grid,
            PositionLogits.@Nullable Range logit,
            @Nullable Variant prediction,
            @Nullable Variant regularizer,
            Pairs pairs,
            double lambda,
            @Nullable Boolean stopGradient,
            @Nullable Boolean teacher,
            double teacherMomentum,
            TeacherInit teacherInit) {}

    /** How Eq. 5 counts a pair of bases. */
    public enum Pairs {
        /** Each unordered pair once: the factor's plain sense. */
        ONCE,
        /** The double sum to the letter. */
        ORDERED
    }

    /** What a momentum teacher starts from. */
    public enum TeacherInit {
        /** Weights of its own, as released. */
        INDEPENDENT,
        /** The student's weights. */
        COPY
    }

    /** What crops become. */
    public record Crop(int size) {

        /** Checks the group. */
        public Crop {
            require(size >= 1, "crop.size must be at least 1 voxel, not " + size);
        }
    }

    /** What is done to crops. */
    public record Augment(double flip, double rot90, double shiftProbability, double shift, boolean bases) {}

    /** How much a step sees, and how much of it at once; null: as much as memory allows. */
    public record Batch(
            int volumes, int randomCrops, @Nullable Integer chunk) {

        /** Checks the group. */
        public Batch {
            require(volumes >= 1, "batch.volumes must be at least 1, not " + volumes);
            require(chunk == null || chunk >= 1, "batch.chunk must be null or at least 1 crop, not " + chunk);
        }
    }

    /** What is trained: beside the group {@code projector}, the group {@code model} has the keys of the backbone. */
    @JsonDeserialize(using = ModelReader.class)
    public record Model(Backbone backbone, Projector projector) {}

    /** The projector. */
    public record Projector(int hidden, int out, ProjectionHead.Norm norm) {

        /** Checks the group. */
        public Projector {
            require(
                    hidden >= 1 && out >= 2,
                    "model.projector needs hidden >= 1 and out >= 2, not " + hidden + ", " + out);
        }
    }

    /** How weights move. */
    public record Optim(
            double lr, double weightDecay, double beta1, double beta2, boolean amsgrad, int warmup, double clip) {

        /** Checks the group. */
        public Optim {
            Groups.requireOptim(lr, weightDecay, beta1, beta2, warmup, clip);
        }

        /** Moves these weights, all alike. */
        public AdamW optimizer(Map<String, Tensor> weights) {
            return new AdamW(new AdamW.Settings(beta1, beta2, 1e-8, amsgrad)).add(weights, 1, weightDecay);
        }

        /** The rate over a run of so many steps. */
        public WarmupCosine schedule(int steps) {
            return new WarmupCosine(lr, warmup, steps);
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

    /** Whose weights a run leaves. */
    public enum Export {
        /** The network that the optimiser moves. */
        STUDENT,
        /** Its moving average. */
        TEACHER
    }

    /** Checks the whole: the method's options against each other and against sizes. */
    public PretrainRecipe {
        require(steps >= 1, "steps must be at least 1, not " + steps);
        VoCoOptions options = voco(data, pretext, crop, augment, batch, export);
        model.backbone.requireAxes("data.size", options.volume().edges());
    }

    /** The method's options, with everything that was left to the variant filled in. */
    public VoCoOptions voco() {
        return voco(data, pretext, crop, augment, batch, export);
    }

    private static VoCoOptions voco(
            Data data, Pretext pretext, Crop crop, Augment augment, Batch batch, Export export) {
        Variant variant = pretext.variant;
        RegularizationLoss regularizer = or(pretext.regularizer, variant).regularizer;
        if (pretext.pairs == Pairs.ORDERED) {
            require(
                    regularizer == RegularizationLoss.ABSOLUTE,
                    "pretext.pairs: ordered is a reading of Eq. 5 and needs pretext.regularizer: paper");
            regularizer = RegularizationLoss.ABSOLUTE_ORDERED;
        }
        return new VoCoOptions(
                data.size,
                pretext.grid,
                batch.randomCrops,
                crop.size,
                new CropAugmentation(augment.flip, augment.rot90, augment.shiftProbability, augment.shift),
                augment.bases,
                or(pretext.logit, variant.logit),
                or(pretext.prediction, variant).prediction,
                regularizer,
                pretext.lambda,
                or(pretext.stopGradient, variant.stopGradient),
                or(pretext.teacher, variant.teacher),
                pretext.teacherMomentum,
                pretext.teacherInit == TeacherInit.COPY,
                export == Export.TEACHER);
    }

    /** Makes the network to train, without weights yet. */
    public Supplier<ContrastNetwork> networks() {
        return () -> new ContrastNetwork(
                model.backbone().encode(Backbone.CHANNELS, voco().view().edges()),
                model.projector.hidden,
                model.projector.out,
                model.projector.norm,
                precision);
    }

    /** A backbone's keys, and among them the group of the projector. */
    private static final class ModelReader extends ValueDeserializer<Model> {
        private static final String PROJECTOR = "projector";

        @Override
        public Model deserialize(JsonParser parser, DeserializationContext context) {
            ObjectNode keys = (ObjectNode) context.readTree(parser).deepCopy();
            JsonNode group = keys.remove(PROJECTOR);
            Backbone backbone = context.readTreeAsValue(keys, Backbone.class);
            try {
                return new Model(backbone, context.readTreeAsValue(group, Projector.class));
            } catch (JacksonException e) {
                e.prependPath(Model.class, PROJECTOR);
                throw e;
            }
        }
    }

    private static <T> T or(@Nullable T own, T otherwise) {
        return own == null ? otherwise : own;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
