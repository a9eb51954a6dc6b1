package org.voco4j.program.pretrain;

import java.util.List;
import java.util.function.BiFunction;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.gate.EncoderGate;
import org.voco4j.pretext.gate.ProbeScores;
import org.voco4j.volume.Box;

/** The encoder that a run of any method left, asked what its features say of scans. */
public final class TrainedEncoder {
    private final PretextTask task;
    private final EncoderGate gate;

    /**
     * Loads the encoder.
     *
     * @param scans to be asked about, prepared as {@link PretrainRecipe.Data#preprocessing} says
     * @throws IllegalArgumentException if the weights are not of the network that the recipe describes
     */
    public TrainedEncoder(PretrainedModel model, List<HeldOutScan> scans, Device device) {
        PretrainRecipe recipe = model.recipe();
        try (Scope scope = Scope.open()) { // weights stay, what was needed to draw them goes
            task = recipe.pretext().chosen().task(recipe.setup(device));
            task.initialise(model.weights());
        }
        gate = recipe.gate(task, scans, device);
    }

    /**
     * What a linear map reads about the crops of the scans from the frozen pooled features.
     *
     * @param target of a scan, by its number, and a crop's box in it: as many numbers for every crop
     */
    public ProbeScores probe(BiFunction<Integer, Box, double[]> target) {
        return gate.probe(task.embedding(), target);
    }
}
