package org.voco4j.pretext.part;

/**
 * The size of a masked autoencoder's decoder.
 *
 * @param hidden numbers of a token; its perceptrons have four times as many
 * @param blocks of the transformer
 * @param heads of its attention
 */
public record DecoderSize(int hidden, int blocks, int heads) {
    /** Checks the group. */
    public DecoderSize {
        if (hidden < 1 || blocks < 1 || heads < 1 || hidden % heads != 0) {
            throw new IllegalArgumentException(
                    "pretext.decoder needs blocks, and heads that share out its hidden numbers evenly, not hidden "
                            + hidden + ", blocks " + blocks + ", heads " + heads);
        }
    }
}
