package org.voco4j.pretext.voco;

import java.util.List;
import org.voco4j.volume.Box;

/**
 * Position labels: the share of a random crop that lies in each base (§3.2).
 *
 * <pre>  y_i = |k ∩ b_i| / |k|,   i = 1…n,      Σ y_i = 1   since the bases tile the volume that holds the crop k </pre>
 *
 * <p>The paper speaks of overlap area and the released code overlaps in x and y only, because there every crop spans z;
 * the share of the volume taken here is the same number then, and holds for any grid.
 */
public final class PositionLabels {
    private PositionLabels() {}

    /** One share per base, in the order of the bases. */
    public static double[] of(Box crop, List<Box> bases) {
        double volume = crop.voxels();
        return bases.stream().mapToDouble(base -> crop.overlap(base) / volume).toArray();
    }
}
