package org.voco4j.corpus.prepare;

import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;

/**
 * A prepared scan with the class of every voxel.
 *
 * @param image its channels
 * @param labels classes on the image's grid
 * @param back to the grid that the scan had in its file
 */
public record LabelledVolume(Channels image, LabelMap labels, InversePreprocessing back) {

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
