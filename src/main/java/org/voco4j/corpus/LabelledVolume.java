package org.voco4j.corpus;

import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Volume;

/**
 * A prepared scan with the class of every voxel.
 *
 * @param image values in [0, 1]
 * @param labels classes on the image's grid
 * @param stored the grid that the scan had in its file, for the way back
 */
public record LabelledVolume(Volume image, LabelMap labels, Resample.Grid stored) {

    /**
     * Checks that both have one grid.
     *
     * @throws IllegalArgumentException if shape or affine differ
     */
    public LabelledVolume {
        if (!image.shape().equals(labels.shape()) || !image.affine().equals(labels.affine())) {
            throw new IllegalArgumentException("image and labels lie on different grids: " + image.shape() + " "
                    + image.affine() + " and " + labels.shape() + " " + labels.affine());
        }
    }
}
