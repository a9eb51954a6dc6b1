package org.voco4j.pretext.voco;

import java.util.List;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

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
        return of(
                (crop.x0() + crop.x1()) / 2.0,
                (crop.y0() + crop.y1()) / 2.0,
                (crop.z0() + crop.z1()) / 2.0,
                crop.shape(),
                bases);
    }

    /** The same for a crop that need not lie on whole voxels: from centre − size/2 to centre + size/2, in voxels. */
    public static double[] of(double x, double y, double z, Shape3 size, List<Box> bases) {
        double[] centre = {x, y, z};
        double[] labels = new double[bases.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = 1;
            for (int axis = 0; axis < 3; axis++) {
                double half = size.along(axis) / 2.0;
                double low = Math.max(centre[axis] - half, bases.get(i).low(axis));
                double high = Math.min(centre[axis] + half, bases.get(i).high(axis));
                labels[i] *= Math.max(0, high - low) / size.along(axis);
            }
        }
        return labels;
    }
}
