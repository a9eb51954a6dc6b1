package org.voco4j.corpus;

import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Resample;

/**
 * A prepared labelled scan as it is kept in memory: three bytes per voxel.
 *
 * @param image the image in 16 bits
 * @param labels classes on the image's grid
 * @param stored the grid that the scan had in its file
 */
public record QuantisedCase(Quantised image, LabelMap labels, Resample.Grid stored) {

    /**
     * Rounds the image.
     *
     * @throws IllegalArgumentException if a value is not in [0, 1]
     */
    public static QuantisedCase of(LabelledVolume scan) {
        return new QuantisedCase(Quantised.of(scan.image()), scan.labels(), scan.stored());
    }

    /** The memory it takes. */
    public long bytes() {
        return image.bytes() + labels.classes().length;
    }

    /** The scan as it is trained on. */
    public LabelledVolume toLabelledVolume() {
        return new LabelledVolume(image.toVolume(), labels, stored);
    }
}
