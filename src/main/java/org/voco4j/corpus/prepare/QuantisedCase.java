package org.voco4j.corpus.prepare;

import org.voco4j.volume.LabelMap;

/**
 * A prepared labelled scan as it is kept in memory: two bytes per voxel and channel, and one for its class.
 *
 * @param image the image in 16 bits
 * @param labels classes on the image's grid
 * @param back to the grid that the scan had in its file
 */
public record QuantisedCase(Quantised image, LabelMap labels, InversePreprocessing back) {

    /** Rounds the image. */
    public static QuantisedCase of(LabelledVolume scan) {
        return new QuantisedCase(Quantised.of(scan.image()), scan.labels(), scan.back());
    }

    /** The memory it takes. */
    public long bytes() {
        return image.bytes() + labels.classes().length;
    }

    /** The scan as it is trained on. */
    public LabelledVolume toLabelledVolume() {
        return new LabelledVolume(image.toChannels(), labels, back);
    }
}
