package org.voco4j.volume;

import org.jspecify.annotations.Nullable;

/**
 * Voxels as they lie in memory, looked at along other axes: voxel (x, y, z) is value {@code first + x·stride(0) +
 * y·stride(1) + z·stride(2)} of the array. Nothing is moved.
 */
final class StridedVoxels {
    private final AxisMap.Layout layout;
    private final float @Nullable [] values;
    private final byte[] classes; // unsigned, where there are no values

    private StridedVoxels(AxisMap.Layout layout, float @Nullable [] values, byte[] classes) {
        this.layout = layout;
        this.values = values;
        this.classes = classes;
    }

    /** A volume along its own axes. */
    static StridedVoxels of(Volume volume) {
        return new StridedVoxels(
                AxisMap.identity().layout(volume.shape(), volume.affine()), volume.voxels(), new byte[0]);
    }

    /** A volume along the axes of RAS+. */
    static StridedVoxels ras(Volume volume) {
        AxisMap.Layout layout = Orient.toRas(volume.affine()).layout(volume.shape(), volume.affine());
        return new StridedVoxels(layout, volume.voxels(), new byte[0]);
    }

    /** A label map along the axes of RAS+. */
    static StridedVoxels ras(LabelMap labels) {
        AxisMap.Layout layout = Orient.toRas(labels.affine()).layout(labels.shape(), labels.affine());
        return new StridedVoxels(layout, null, labels.classes());
    }

    Shape3 shape() {
        return layout.shape();
    }

    Affine affine() {
        return layout.affine();
    }

    /** Where voxel (0, 0, 0) lies in the array. */
    int first() {
        return layout.base();
    }

    /** From a voxel to the next along an axis. */
    int stride(int axis) {
        return layout.stride()[axis];
    }

    /** The value at a place of the array. */
    float value(int index) {
        return values != null ? values[index] : Byte.toUnsignedInt(classes[index]);
    }

    /** The value at (x, y, z). */
    float at(int x, int y, int z) {
        return value(first() + x * stride(0) + y * stride(1) + z * stride(2));
    }

    /** Rows {@code y0} to before {@code y1} of plane x. */
    void rows(int x, int y0, int y1, float[] out, int offset) {
        int length = shape().z();
        int step = stride(2);
        int write = offset;
        for (int y = y0; y < y1; y++) {
            int read = first() + x * stride(0) + y * stride(1);
            if (values != null && step == 1) {
                System.arraycopy(values, read, out, write, length);
            } else {
                for (int z = 0; z < length; z++) {
                    out[write + z] = value(read + z * step);
                }
            }
            write += length;
        }
    }
}
