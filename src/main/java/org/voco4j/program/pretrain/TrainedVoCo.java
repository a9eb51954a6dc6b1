package org.voco4j.program.pretrain;

import java.util.List;
import java.util.function.BiFunction;
import org.voco4j.engine.tensor.Device;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.gate.EncoderGate;
import org.voco4j.pretext.voco.PositionPrediction;
import org.voco4j.pretext.voco.ProbeScores;
import org.voco4j.pretext.voco.VoCo;
import org.voco4j.pretext.voco.VoCoMethod;
import org.voco4j.volume.Box;

/** A VoCo network that is asked about scans: where their crops lie, and what its features say of them. */
public final class TrainedVoCo {
    private final PretrainRecipe recipe;
    private final VoCo task;
    private final EncoderGate gate;

    /**
     * A network with weights drawn from the recipe's seed.
     *
     * @param scans to be asked about, prepared as the recipe says
     */
    public TrainedVoCo(PretrainRecipe recipe, List<HeldOutScan> scans, Device device) {
        this.recipe = recipe;
        task = new VoCoMethod().task(recipe.ofVoCo(), recipe.setup(device));
        gate = new EncoderGate(recipe.gateGeometry(device), device, scans, task::untrained);
    }

    /** What it was built by. */
    PretrainRecipe recipe() {
        return recipe;
    }

    /** The network. */
    public VoCo task() {
        return task;
    }

    /** From now on so many crops go through the network at once. */
    public void chunk(int crops) {
        task.chunk(crops);
        gate.chunk(crops);
    }

    /** Where the crops of a scan lie among the bases of another, or of the same, as the network sees it. */
    public PositionPrediction predict(int from, int against) {
        return predict(from, against, List.of());
    }

    /**
     * The same with further crops of the scan {@code from}, which come last. Features depend on their batch, so these
     * change a little what is said about the others.
     *
     * @param more boxes of the size of a random crop inside the scan
     */
    public PositionPrediction predict(int from, int against, List<Box> more) {
        return gate.predict(task.embedding(), recipe.voco().logit(), from, against, more);
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
