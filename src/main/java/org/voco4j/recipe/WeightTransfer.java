package org.voco4j.recipe;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.LoadRequest;
import org.voco4j.engine.nn.Module;
import org.voco4j.network.Backbone;
import org.voco4j.network.FlatEncoder;
import org.voco4j.network.UNetEncoder;

/**
 * What a network that is to be fine-tuned takes over from weights: all that fits, as {@code transfer} of the recipe says. All
 * of the encoder that the file has must fit; a decoder or a classifier may be another.
 *
 * @param channels of the scans
 */
record WeightTransfer(Backbone model, FinetuneRecipe.Transfer transfer, int channels) {

    /**
     * Takes it over.
     *
     * @param encoder of the network
     * @throws UsageException if the weights do not fit the network
     */
    LoadReport into(Module network, Encoder encoder, PretrainedWeights weights) {
        model.hiddenFacts().forEach(weights::requireSame);
        LoadReport report;
        String own = "; this network has " + model.facts() + ", " + weights.network(model);
        try {
            report = network.loadMatching(
                    weights.tensors(),
                    new LoadRequest(wanted(encoder), transfer.network(), channels, encoder.positionGrid()));
        } catch (IllegalArgumentException nothingFits) {
            throw new UsageException("the weights do not fit: " + nothingFits.getMessage() + own, nothingFits);
        }
        Set<String> names = encoder.stateDict().keySet();
        if (report.misfits().stream().anyMatch(misfit -> names.contains(misfit.name()))) {
            throw new UsageException("the weights do not fit: " + report.sentence() + own);
        }
        return report;
    }

    /** Which weights are asked for: all, or those of some levels of a U-Net's encoder. */
    private Predicate<String> wanted(Encoder encoder) {
        List<Integer> levels = transfer.levels();
        if (levels == null || !(FlatEncoder.within(encoder) instanceof UNetEncoder unet)) {
            return name -> true;
        }
        Set<String> names = new HashSet<>();
        levels.forEach(level -> names.addAll(unet.weightsOf(level).keySet()));
        return names::contains;
    }
}
