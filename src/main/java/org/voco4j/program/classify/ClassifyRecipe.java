package org.voco4j.program.classify;

import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.downstream.classify.CentralCrop;
import org.voco4j.downstream.classify.ClassifierCard;
import org.voco4j.engine.nn.ClassificationNetwork;
import org.voco4j.network.Backbone;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.TuningRecipe;
import org.voco4j.recipe.Groups;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Shape3;

/**
 * The configuration of a fine-tuning run for classification, as {@code recipes/classify/defaults.yaml} lays it out and
 * explains it; the groups that it has in common with segmentation are those of {@link FinetuneRecipe}.
 *
 * <p>Compact constructors refuse what can never work and name the key.
 *
 * @param classes their names in their order; null for the data's own
 * @param augment per scan
 */
public record ClassifyRecipe(
        FinetuneRecipe.Data data,
        @Nullable List<String> classes,
        Input input,
        PatchAugmentation augment,
        Batch batch,
        Backbone model,
        FinetuneRecipe.Transfer transfer,
        FinetuneRecipe.Optim optim,
        int steps,
        long seed,
        Validation validation,
        Groups.Checkpoint checkpoint,
        Groups.Log log,
        Groups.Loader loader)
        implements TuningRecipe {

    /** The kind of its runs and of its folder of recipes. */
    public static final String KIND = RecipeTree.CLASSIFY;

    /** What of a prepared scan is looked at; {@code size} null is all of it. */
    public record Input(@Nullable Shape3 size, List<Integer> jitter) {

        /** Checks the group. */
        public Input {
            require(
                    jitter.size() == 3 && jitter.stream().allMatch(j -> j >= 0),
                    "input.jitter must be three numbers of voxels [x, y, z], 0 or more, not " + jitter);
        }
    }

    /** How much a step sees. */
    public record Batch(int scans) {

        /** Checks the group. */
        public Batch {
            require(scans >= 1, "batch.scans must be at least 1, not " + scans);
        }
    }

    /** When and on which scans a run measures itself. */
    public record Validation(Groups.Scans scans, int every) {

        /** Checks the group. */
        public Validation {
            require(every >= 1, "validation.every must be at least 1 step, not " + every);
        }
    }

    /** Checks the whole. */
    public ClassifyRecipe {
        require(
                classes == null || (new HashSet<>(classes).size() == classes.size() && !classes.contains("")),
                "classes must be different names, not " + classes);
        require(steps >= 1, "steps must be at least 1, not " + steps);
        require(
                input.size != null || fixed(data) != null,
                "input.size or data.size must say how many voxels a scan has, for scans of a step must have the same");
        Shape3 prepared = fixed(data);
        model.requireAxes("data.size", prepared == null ? null : prepared.edges());
        if (input.size != null) {
            model.requireAxes("input.size", input.size.edges());
        }
        Shape3 seen = input.size == null ? prepared : input.size;
        require(
                augment.rot90() == 0 || seen == null || seen.x() == seen.y(),
                "augment.rot90 turns scans in the x–y plane, so they must be the same along both, not " + seen);
        require(
                transfer.levels() == null,
                "transfer.levels must be null: for classification the encoder is taken whole, not "
                        + transfer.levels());
    }

    @Override
    public int perStep() {
        return batch.scans();
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
        return null;
    }

    /** What of a prepared scan is looked at. */
    CentralCrop crop() {
        Shape3 size = input.size == null ? fixed(data) : input.size;
        if (size == null) {
            throw new IllegalStateException("the constructor asks for one of the two");
        }
        return new CentralCrop(size, input.jitter);
    }

    /** The network, with weights drawn from the seed. */
    ClassificationNetwork network(int channels, int classes) {
        ClassificationNetwork network =
                model.classify(channels, classes, crop().size().edges());
        network.initialise(seed);
        return network;
    }

    /** What a network of this recipe is, and is for. */
    ClassifierCard card(ClassifiedScans scans) {
        return new ClassifierCard(
                model, scans.channels(), scans.classes(), scans.exclusive(), data.preprocessing(), crop().size());
    }

    private static @Nullable Shape3 fixed(FinetuneRecipe.Data data) {
        return data.size() == null ? null : data.size().fixed();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
