package org.voco4j.phantom;

import org.voco4j.volume.Shape3;

/**
 * The grid that is painted on: Hounsfield units, labels, and for every voxel its place in the standard torso.
 *
 * <p>Later paint covers earlier paint. At a surface the values are mixed over one voxel's width, as a scanner does; a
 * voxel takes the label of the paint that fills at least half of it.
 */
final class Canvas {
    /** What a voxel of a solid is made of. */
    interface Tissue {
        double hu(int voxel, double x, double y, double z);
    }

    final Shape3 shape;
    final float[] hu;
    final float[] labels;
    private final float[] placeX;
    private final float[] placeY;
    private final float[] placeZ;
    private final float[] rangeX; // per index along x: least and greatest place
    private final float[] rangeY;
    private final float[] rangeZ;
    private final double blur; // millimetres over which a surface is mixed

    Canvas(Shape3 shape, float[] placeX, float[] placeY, float[] placeZ, double blur) {
        this.shape = shape;
        this.placeX = placeX;
        this.placeY = placeY;
        this.placeZ = placeZ;
        this.blur = blur;
        hu = new float[placeX.length];
        labels = new float[placeX.length];
        rangeX = emptyRanges(shape.x());
        rangeY = emptyRanges(shape.y());
        rangeZ = emptyRanges(shape.z());
        for (int i = 0; i < shape.x(); i++) {
            for (int j = 0; j < shape.y(); j++) {
                for (int k = 0; k < shape.z(); k++) {
                    int voxel = shape.index(i, j, k);
                    widen(rangeX, i, placeX[voxel]);
                    widen(rangeY, j, placeY[voxel]);
                    widen(rangeZ, k, placeZ[voxel]);
                }
            }
        }
    }

    /** Sets every voxel. */
    void fill(Tissue tissue) {
        for (int voxel = 0; voxel < hu.length; voxel++) {
            hu[voxel] = (float) tissue.hu(voxel, placeX[voxel], placeY[voxel], placeZ[voxel]);
        }
    }

    void paint(Solid solid, double value, int label) {
        paint(solid, (voxel, x, y, z) -> value, label);
    }

    /** Paints a solid; label 0 wipes the label below. */
    void paint(Solid solid, Tissue tissue, int label) {
        Reach reach = solid.reach();
        int[] alongX = touched(rangeX, reach.left(), reach.right());
        int[] alongY = touched(rangeY, reach.back(), reach.front());
        int[] alongZ = touched(rangeZ, reach.bottom(), reach.top());
        for (int i = alongX[0]; i < alongX[1]; i++) {
            for (int j = alongY[0]; j < alongY[1]; j++) {
                for (int k = alongZ[0]; k < alongZ[1]; k++) {
                    int voxel = shape.index(i, j, k);
                    double x = placeX[voxel];
                    double y = placeY[voxel];
                    double z = placeZ[voxel];
                    double share = reach.holds(x, y, z, blur) ? 0.5 - solid.distance(x, y, z) / blur : 0;
                    if (share > 0) {
                        double value = tissue.hu(voxel, x, y, z);
                        hu[voxel] += (float) (Math.min(1, share) * (value - hu[voxel]));
                        if (share >= 0.5) {
                            labels[voxel] = label;
                        }
                    }
                }
            }
        }
    }

    private static float[] emptyRanges(int voxels) {
        float[] ranges = new float[2 * voxels];
        for (int i = 0; i < voxels; i++) {
            ranges[2 * i] = Float.POSITIVE_INFINITY;
            ranges[2 * i + 1] = Float.NEGATIVE_INFINITY;
        }
        return ranges;
    }

    private static void widen(float[] ranges, int index, float place) {
        ranges[2 * index] = Math.min(ranges[2 * index], place);
        ranges[2 * index + 1] = Math.max(ranges[2 * index + 1], place);
    }

    /** The first index that the range from low to high may touch, and the one after the last. */
    private int[] touched(float[] ranges, double low, double high) {
        int[] span = {0, 0};
        for (int i = 0; i < ranges.length / 2; i++) {
            if (ranges[2 * i + 1] >= low - blur && ranges[2 * i] <= high + blur) {
                span[0] = span[1] == 0 ? i : span[0];
                span[1] = i + 1;
            }
        }
        return span;
    }
}
