package org.voco4j.volume;

/**
 * A reordering and reversal of axes, without interpolation: output axis d runs along input axis {@code source[d]},
 * backwards where {@code reversed[d]}.
 *
 * <p>Orientation, flips and quarter turns are all of this kind.
 */
final class AxisMap {
    private final int[] source;
    private final boolean[] reversed;

    AxisMap(int[] source, boolean[] reversed) {
        this.source = source.clone();
        this.reversed = reversed.clone();
    }

    static AxisMap identity() {
        return new AxisMap(new int[] {0, 1, 2}, new boolean[3]);
    }

    boolean isIdentity() {
        for (int d = 0; d < 3; d++) {
            if (source[d] != d || reversed[d]) {
                return false;
            }
        }
        return true;
    }

    /** Moves the voxels and keeps every one of them where it was in the patient: A' = A·M, M: new index → old index. */
    Volume apply(Volume in) {
        if (isIdentity()) {
            return in;
        }
        Layout layout = layout(in.shape(), in.affine());
        return new Volume(layout.shape, layout.affine, copy(in.voxels(), layout.base, layout.stride, layout.shape));
    }

    /**
     * Where the reordered voxels lie in the array as it is: (x, y, z) at base + x·stride[0] + y·stride[1] + z·stride[2].
     *
     * @param shape the number of voxels along the new axes
     * @param affine new index → RAS+ millimetres
     */
    record Layout(Shape3 shape, Affine affine, int base, int[] stride) {}

    /** The layout of a volume of the given shape and affine, of which nothing is moved. */
    Layout layout(Shape3 old, Affine affine) {
        int[] strideOf = {old.y() * old.z(), old.z(), 1};
        int[] size = new int[3];
        int[] stride = new int[3];
        double[] rows = new double[12];
        int base = 0;
        for (int d = 0; d < 3; d++) {
            int axis = source[d];
            size[d] = old.along(axis);
            stride[d] = reversed[d] ? -strideOf[axis] : strideOf[axis];
            base += reversed[d] ? (size[d] - 1) * strideOf[axis] : 0;
            rows[axis * 4 + d] = reversed[d] ? -1 : 1;
            rows[axis * 4 + 3] = reversed[d] ? size[d] - 1 : 0;
        }
        Shape3 shape = new Shape3(size[0], size[1], size[2]);
        return new Layout(shape, affine.times(Affine.ofRows(rows)), base, stride);
    }

    private static float[] copy(float[] from, int base, int[] stride, Shape3 shape) {
        float[] to = new float[from.length];
        int at = 0;
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                int read = base + x * stride[0] + y * stride[1];
                if (stride[2] == 1) {
                    System.arraycopy(from, read, to, at, shape.z());
                    at += shape.z();
                } else {
                    for (int z = 0; z < shape.z(); z++, read += stride[2]) {
                        to[at++] = from[read];
                    }
                }
            }
        }
        return to;
    }
}
