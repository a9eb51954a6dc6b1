package org.voco4j.program.finetune;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.LoadRequest;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Backbone;
import org.voco4j.network.FlatEncoder;
import org.voco4j.network.unet.UNetEncoder;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;

/**
 * What a network that is to be fine-tuned takes over from weights: all that fits, as {@code transfer} of the recipe says. All
 * of the encoder that the file has must fit; a decoder or a classifier may be another, and what reads the scan may be for
 * another number of channels.
 *
 * @param channels of the scans
 */
public record WeightTransfer(Backbone model, FinetuneRecipe.Transfer transfer, int channels) {

    /**
     * Takes it over.
     *
     * @param encoder of the network
     * @param weights where training begins with some
     * @return what was taken over; null without weights
     * @throws UsageException if the weights do not fit the network
     */
    public @Nullable LoadReport into(Module network, Encoder encoder, @Nullable PretrainedWeights weights) {
        if (weights == null) {
            return null;
        }
        model.hiddenFacts().forEach(weights::requireSame);
        boolean adapts = transfer.input() == FinetuneRecipe.Input.ADAPT;
        LoadReport report;
        String own = "; this network has " + model.facts() + ", " + weights.network(model);
        try {
            report = network.loadMatching(
                    weights.tensors(),
                    new LoadRequest(
                            wanted(encoder), transfer.network(), adapts ? channels : 0, encoder.positionGrid()));
        } catch (IllegalArgumentException nothingFits) {
            throw new UsageException("the weights do not fit: " + nothingFits.getMessage() + own, nothingFits);
        }
        Map<String, Tensor> known = encoder.stateDict();
        if (report.misfits().stream()
                .anyMatch(misfit -> known.containsKey(misfit.name()) && (adapts || !readsTheScan(misfit)))) {
            throw new UsageException("the weights do not fit: " + report.sentence() + own);
        }
        return report;
    }

    /** Whether a kernel [D, C, k, k(, k)] of the network is for its scans and the file's for scans of other channels. */
    private boolean readsTheScan(LoadReport.Misfit misfit) {
        List<Long> here = misfit.inNetwork();
        List<Long> there = misfit.inFile();
        return here.size() == there.size()
                && here.size() >= 4
                && here.get(0).equals(there.get(0))
                && here.get(1) == channels
                && here.subList(2, here.size()).equals(there.subList(2, there.size()));
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
