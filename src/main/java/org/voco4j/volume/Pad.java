package org.voco4j.volume;

/** Grows a volume to at least a given shape; axes that are long enough stay as they are (MONAI {@code SpatialPad}). */
public final class Pad {
    private Pad() {}

    /** Adds voxels at both ends, the odd one at the high end. */
    public static Volume symmetric(Volume volume, Shape3 target, float fill) {
        return pad(volume, target, fill, true);
    }

    /** Adds voxels at the high end. */
    public static Volume end(Volume volume, Shape3 target, float fill) {
        return pad(volume, target, fill, false);
    }

    private static Volume pad(Volume volume, Shape3 target, float fill, boolean bothEnds) {
        int[] low = new int[3];
        int[] high = new int[3];
        for (int d = 0; d < 3; d++) {
            int size = volume.shape().along(d);
            int missing = Math.max(target.along(d) - size, 0);
            low[d] = bothEnds ? -(missing / 2) : 0;
            high[d] = low[d] + size + missing;
        }
        return Crop.padded(volume, new Box(low[0], low[1], low[2], high[0], high[1], high[2]), fill);
    }
}
