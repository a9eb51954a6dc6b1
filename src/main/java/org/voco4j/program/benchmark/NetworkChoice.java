package org.voco4j.program.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.voco4j.downstream.model.CardFacts;
import org.voco4j.downstream.model.ModelCard;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.downstream.segment.Segmenter;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.Shape3;

/**
 * Which network segments: one of a recipe, with weights of its seed or of a file, or one of a file that says what it is.
 *
 * @param recipe how it is put together; null: as the weights say
 * @param weights a run's folder or a file; null: drawn from the recipe's seed
 * @param classes that it tells apart, the background among them, where nothing else says; null: 14, as in BTCV
 * @param window voxels; null: as the recipe or the weights say
 */
public record NetworkChoice(
        @Nullable FinetuneRecipe recipe,
        @Nullable Path weights,
        @Nullable Integer classes,
        @Nullable Shape3 window) {

    /**
     * Makes it.
     *
     * @throws UsageException if it cannot be made, the weights do not fit it or do not say what they are of, or classes are
     *     given where there are some
     */
    Segmenter open(Device device) {
        try {
            if (weights == null) {
                FinetuneRecipe stated = Objects.requireNonNull(recipe, "without weights there is a recipe");
                return Segmenter.untrained(card(stated, 1), stated.seed(), device);
            }
            ModelFile file = ModelFile.read(weights);
            ModelCard card = recipe == null ? said(file) : card(recipe, file.inputChannels());
            return Segmenter.load(List.of(file), card, device);
        } catch (IOException e) {
            throw new UsageException("--weights: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private ModelCard said(ModelFile file) throws IOException {
        SyntheticLabels.requireNone(classes, "the weights say theirs");
        try {
            return windowed(ModelCard.of(file.about()));
        } catch (CardFacts.Unsaid e) {
            throw new IOException(file.file() + ": " + e.getMessage() + "; --recipe or --set model… says it", e);
        }
    }

    private ModelCard card(FinetuneRecipe stated, int channels) {
        SyntheticLabels labels = SyntheticLabels.of(stated, classes);
        List<Integer> painted =
                labels.regions() == null ? List.of() : labels.regions().painted();
        return windowed(stated.card(channels, new ModelLabels(labels.values(), painted, null)));
    }

    private ModelCard windowed(ModelCard card) {
        return window == null
                ? card
                : new ModelCard(
                        card.backbone(),
                        card.channels(),
                        card.labels(),
                        card.preprocessing(),
                        window,
                        card.overlap(),
                        card.blend());
    }
}
