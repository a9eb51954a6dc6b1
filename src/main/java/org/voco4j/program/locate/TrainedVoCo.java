package org.voco4j.program.locate;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.gate.EncoderGate;
import org.voco4j.pretext.voco.PositionPrediction;
import org.voco4j.pretext.voco.VoCo;
import org.voco4j.pretext.voco.VoCoMethod;
import org.voco4j.pretext.voco.VoCoOptions;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.PretrainedModel;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.Box;

/** A VoCo network that is asked about scans: where their crops lie, and what its features say of them. */
public final class TrainedVoCo {
    private static final int CHUNK =
            8; // crops through an encoder at once, so that one of the paper's size fits anywhere

    private final VoCoOptions options;
    private final VoCo task;
    private final EncoderGate gate;

    /**
     * A network with weights drawn from the recipe's seed.
     *
     * @param scans to be asked about, prepared as the recipe says
     */
    public TrainedVoCo(PretrainRecipe recipe, List<HeldOutScan> scans, Device device) {
        options = options(recipe);
        task = new VoCoMethod().task(recipe.pretext().of(new VoCoMethod()), recipe.setup(device));
        gate = recipe.gate(task, scans, device);
    }

    /**
     * The network that a run left, ready to be asked about scans.
     *
     * @param scans prepared as {@link PretrainRecipe.Data#preprocessing} says
     * @throws UsageException if another method was trained, or the weights are not exactly those of the network that the
     *     recipe describes
     */
    public static TrainedVoCo of(PretrainedModel model, List<HeldOutScan> scans, Device device) {
        try (Scope scope = Scope.open()) { // weights stay, what was needed to draw them goes
            TrainedVoCo trained = new TrainedVoCo(model.recipe(), scans, device);
            trained.task.load(model.weights());
            if (trained.task.takesChunks()) {
                trained.chunk(CHUNK);
            }
            Set<String> unknown = new TreeSet<>(model.weights().keySet());
            unknown.removeAll(trained.task.export().keySet());
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException(
                        "it has no weight " + unknown.iterator().next());
            }
            return trained;
        } catch (IllegalArgumentException unfit) {
            throw new UsageException(
                    "--weights: " + model.file() + " does not fit the network that it describes: " + unfit.getMessage(),
                    unfit);
        }
    }

    /**
     * All choices of the method.
     *
     * @throws UsageException if another one was trained
     */
    static VoCoOptions options(PretrainRecipe recipe) {
        return recipe.pretext().of(new VoCoMethod()).options(recipe.setup(Device.CPU));
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
        return gate.predict(task.embedding(), options.logit(), from, against, more);
    }
}
