package org.voco4j.pretext.mae;

import org.jspecify.annotations.Nullable;
import org.voco4j.pretext.part.DecoderSize;
import org.voco4j.pretext.part.MaskedAutoencoder;

/**
 * The keys of masked autoencoders, as {@code recipes/pretrain/tasks/mae3d.yaml} explains them; null stands for "as the variant says".
 *
 * @param variant whose code
 * @param crops of a scan
 * @param ratio of the patches that are hidden
 * @param loss of the hidden patches
 * @param positions of patches, for the encoder and for the decoder
 * @param lastNorm whether the encoder's last norm comes before the decoder
 * @param classToken whether a token of no patch goes with those of patches
 * @param maskToken deviation of the first draw of what stands for a hidden patch
 * @param decoder its sizes
 */
public record MaeSettings(
        Mae.Variant variant,
        int crops,
        double ratio,
        @Nullable PatchLoss loss,
        @Nullable Positions positions,
        @Nullable Boolean lastNorm,
        @Nullable Boolean classToken,
        @Nullable Double maskToken,
        DecoderSize decoder) {
    private static final int PERCEPTRON = 4; // hidden numbers of a decoder's block for each of a token (both codes)

    /** How it is told where a patch lies. */
    public enum Positions {
        /** By tables that are learned; the decoder's begins as N(0, 1). */
        LEARNED,
        /** By sines and cosines. */
        FIXED
    }

    /** Checks the numbers. */
    public MaeSettings {
        require(crops >= 1, "pretext.crops must be at least 1, not " + crops);
        require(ratio > 0 && ratio < 1, "pretext.ratio must lie between 0 and 1, not " + ratio);
        require(maskToken == null || maskToken >= 0, "pretext.maskToken must not be negative, but is " + maskToken);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The loss, the variant's where nothing is said. */
    PatchLoss lossOrTheirs() {
        return loss == null ? variant.loss() : loss;
    }

    /** The network, with nothing left to the variant. */
    MaskedAutoencoder.Form form() {
        return new MaskedAutoencoder.Form(
                (positions == null ? variant.positions() : positions) == Positions.FIXED,
                lastNorm == null ? variant.hasNormAndClassToken() : lastNorm,
                classToken == null ? variant.hasNormAndClassToken() : classToken,
                maskToken == null ? variant.maskToken() : maskToken,
                decoder.hidden(),
                decoder.blocks(),
                decoder.heads(),
                PERCEPTRON * decoder.hidden());
    }
}
