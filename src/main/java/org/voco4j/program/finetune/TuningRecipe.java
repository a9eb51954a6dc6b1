package org.voco4j.program.finetune;

import org.jspecify.annotations.Nullable;
import org.voco4j.network.Backbone;
import org.voco4j.recipe.Groups;

/** What recipes of fine-tuning have in common, whatever is learned. */
public interface TuningRecipe {
    /** What is done to scans before anything is cut from them, and who is held out. */
    FinetuneRecipe.Data data();

    /** The encoder and what it is in. */
    Backbone model();

    /** What of earlier weights is taken over, and how it learns. */
    FinetuneRecipe.Transfer transfer();

    /** How weights move. */
    FinetuneRecipe.Optim optim();

    /** Steps of a run. */
    int steps();

    /** Of all draws. */
    long seed();

    /** Patches or scans of a step. */
    int perStep();

    /** On which scans a run is measured. */
    Groups.Scans validated();

    /** Steps between two validations. */
    int validationEvery();

    /** How many validations without a better score end a run; null for none. */
    @Nullable
    Integer patience();

    /** When a run saves. */
    Groups.Checkpoint checkpoint();

    /** How often a run says where it is. */
    Groups.Log log();

    /** How scans reach the training loop. */
    Groups.Loader loader();
}
