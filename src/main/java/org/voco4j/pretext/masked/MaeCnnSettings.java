package org.voco4j.pretext.masked;

/**
 * The keys of the convolutional masked autoencoder, as {@code recipes/pretrain/tasks/mae-cnn.yaml} explains them.
 *
 * @param crops of a scan
 * @param cells along each axis of a crop, that are hidden or seen as a whole
 * @param ratio of the cells that are hidden
 */
public record MaeCnnSettings(int crops, int cells, double ratio) {
    /** Checks the numbers. */
    public MaeCnnSettings {
        MaskedImage.require(crops, cells, ratio);
    }
}
