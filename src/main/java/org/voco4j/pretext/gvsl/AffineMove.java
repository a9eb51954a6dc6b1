package org.voco4j.pretext.gvsl;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.voco4j.engine.tensor.Elementary;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/**
 * Where an affine map reads each voxel of a crop.
 *
 * <pre>
 *   M = H·S·R_z·R_y·R_x      R: rotations by three angles, S: scales, H: shears, 1 on the diagonal and tan of six angles beside it
 *   c ↦ M·c + t              c in half-sizes of the crop from its middle
 * </pre>
 */
final class AffineMove {
    private AffineMove() {}

    /**
     * [M | t], [B, 3, 4].
     *
     * @param rotation about x, y, z in radians, [B, 3]
     * @param scale along x, y, z, [B, 3]
     * @param shift t, [B, 3]
     * @param shear xy, xz, yx, yz, zx, zy in radians, [B, 6]
     */
    static Tensor matrix(Tensor rotation, Tensor scale, Tensor shift, Tensor shear) {
        Tensor sin = Elementary.sin(rotation);
        Tensor cos = Elementary.cos(rotation);
        Tensor tan = Elementary.tan(shear);
        Tensor o = column(scale, 0).times(0);
        Tensor l = o.plus(1);
        Tensor x = square(
                l,
                o,
                o, //
                o,
                column(cos, 0),
                column(sin, 0).times(-1), //
                o,
                column(sin, 0),
                column(cos, 0));
        Tensor y = square(
                column(cos, 1),
                o,
                column(sin, 1), //
                o,
                l,
                o, //
                column(sin, 1).times(-1),
                o,
                column(cos, 1));
        Tensor z = square(
                column(cos, 2),
                column(sin, 2).times(-1),
                o, //
                column(sin, 2),
                column(cos, 2),
                o, //
                o,
                o,
                l);
        Tensor s = square(column(scale, 0), o, o, o, column(scale, 1), o, o, o, column(scale, 2));
        Tensor h = square(
                l,
                column(tan, 0),
                column(tan, 1), //
                column(tan, 2),
                l,
                column(tan, 3), //
                column(tan, 4),
                column(tan, 5),
                l);
        Tensor m = h.matmul(s.matmul(z.matmul(y.matmul(x))));
        return Tensor.concatenate(List.of(m, shift.reshape(-1, 3, 1)), 2);
    }

    private static Tensor column(Tensor x, int i) {
        return x.narrow(1, i, 1);
    }

    private static Tensor square(Tensor... entries) {
        return Tensor.concatenate(Arrays.asList(entries), 1).reshape(-1, 3, 3);
    }

    /**
     * Places in voxels, [B, X, Y, Z, 3].
     *
     * @param matrix [B, 3, 4]
     * @param map [B, C, X, Y, Z], whose size and format count
     */
    static Tensor places(Tensor matrix, Tensor map, Variant variant) {
        double[] sizes = IntStream.range(2, 5).mapToDouble(map::size).toArray();
        Tensor size = Tensor.of(sizes, 1, 1, 3).to(map.type()).to(map.device());
        Tensor m = matrix.narrow(2, 0, 3);
        Tensor t = matrix.narrow(2, 3, 1).reshape(-1, 1, 3);
        if (variant
                == Variant.RELEASED) { // rows and columns stand for z, y, x, and the shift is in sizes of x, y, z over
            // 2·size
            m = Rearrange.flip(m, 1, 2);
            t = Rearrange.flip(t.over(size), 2);
        }
        Tensor middle = Flow.voxels(map).plus(0.5).times(2).over(size).plus(-1).reshape(1, -1, 3);
        Tensor moved = middle.matmul(m.transpose(1, 2)).plus(t); // [B, X·Y·Z, 3]
        return moved.plus(1).times(size).plus(-1).times(0.5).reshape(-1, map.size(2), map.size(3), map.size(4), 3);
    }
}
