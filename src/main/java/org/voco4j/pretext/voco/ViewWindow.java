package org.voco4j.pretext.voco;

import java.util.SplittableRandom;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** What of a scan a step sees. */
public enum ViewWindow {
    /** All of it, brought to {@code data.size}: a place is one in the body. */
    WHOLE,
    /**
     * A part of {@code data.size} voxels at the scan's own spacing, anywhere it fits, as TPAMI's code cuts it: a place is one in the
     * window. Where a scan is smaller, it lies in the middle of zeros.
     */
    RANDOM;

    /**
     * The part of a scan.
     *
     * @param size of the part
     */
    Volume of(Volume scan, Shape3 size, SplittableRandom random) {
        if (scan.shape().equals(size)) {
            return scan;
        }
        if (this == WHOLE) {
            throw new IllegalArgumentException("a scan of " + scan.shape() + " voxels was not brought to " + size);
        }
        int[] from = new int[3]; // of the window in the scan, below 0 where it is larger
        for (int axis = 0; axis < 3; axis++) {
            int spare = scan.shape().along(axis) - size.along(axis);
            from[axis] = spare < 0 ? Math.floorDiv(spare, 2) : random.nextInt(spare + 1);
        }
        float[] values = new float[Math.toIntExact(size.voxels())];
        int low = Math.max(0, -from[2]);
        int length = Math.min(size.z(), scan.shape().z() - from[2]) - low;
        for (int x = Math.max(0, -from[0]); x < Math.min(size.x(), scan.shape().x() - from[0]); x++) {
            for (int y = Math.max(0, -from[1]);
                    y < Math.min(size.y(), scan.shape().y() - from[1]);
                    y++) {
                int begin = scan.shape().index(from[0] + x, from[1] + y, from[2] + low);
                System.arraycopy(scan.voxels(), begin, values, size.index(x, y, low), length);
            }
        }
        return new Volume(size, scan.affine(), values);
    }
}
