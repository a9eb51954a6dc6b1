package org.voco4j.pretext.voco;

import java.util.Arrays;
import java.util.List;
import org.voco4j.volume.Box;

/**
 * What a network says about the places of the crops of one scan among the bases of another, or of the same.
 *
 * @param from name of the scan with the crops
 * @param against name of the scan with the bases
 * @param crops K boxes
 * @param bases n boxes
 * @param truth [K][n], the position labels
 * @param predicted [K][n], the logits
 */
public record PositionPrediction(
        String from, String against, List<Box> crops, List<Box> bases, double[][] truth, double[][] predicted) {
    /** The crop whose largest share is nearest to one half: chosen by where it lies, not by how well it was placed. */
    public int typical() {
        int typical = 0;
        double nearest = Double.POSITIVE_INFINITY;
        for (int k = 0; k < truth.length; k++) {
            double distance = Math.abs(Arrays.stream(truth[k]).max().orElse(0) - 0.5);
            if (distance < nearest) {
                nearest = distance;
                typical = k;
            }
        }
        return typical;
    }
}
