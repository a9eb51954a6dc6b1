package org.voco4j.downstream.segment;

import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * Σ_w g·f and Σ_w g of windows that come in the order of their x, kept only for the planes of x that the present windows
 * touch: plane x lies in place x mod P of a ring of P planes.
 *
 * <p>Owned by the scope in which it is made.
 */
final class RollingSum {
    private final Box strip;
    private final int planes;
    private final Tensor sum; // [P, C, rows, Z]
    private final Tensor weights; // [P, 1, rows, Z]

    /**
     * An empty sum.
     *
     * @param strip the part of the scan that is kept, all of its x and z
     * @param planes P, the voxels of a window along x
     * @param channels C
     */
    RollingSum(Box strip, int planes, int channels, DType type) {
        this.strip = strip;
        Shape3 shape = strip.shape();
        this.planes = Math.min(planes, shape.x());
        sum = Tensor.zeros(type, this.planes, channels, shape.y(), shape.z());
        weights = Tensor.zeros(type, this.planes, 1, shape.y(), shape.z());
    }

    /** What such a sum takes. */
    static long bytes(Shape3 scan, int rows, int planes, int channels, DType type) {
        return (long) Math.min(planes, scan.x()) * (channels + 1) * rows * scan.z() * type.bytes();
    }

    /**
     * Adds a window; all planes before its first have been taken.
     *
     * @param answer [C, R…]
     * @param gain g, [1, R…]
     */
    void add(Box window, Tensor answer, Tensor gain) {
        Box inside = new Box(
                Math.max(window.x0(), strip.x0()),
                Math.max(window.y0(), strip.y0()),
                Math.max(window.z0(), strip.z0()),
                Math.min(window.x1(), strip.x1()),
                Math.min(window.y1(), strip.y1()),
                Math.min(window.z1(), strip.z1()));
        for (int x = inside.x0(); x < inside.x1(); ) {
            int place = x % planes;
            int length = Math.min(inside.x1() - x, planes - place); // up to the ring's end
            Box piece = new Box(x, inside.y0(), inside.z0(), x + length, inside.y1(), inside.z1());
            Tensor g = part(gain, piece, window);
            InPlace.add(
                    into(sum, place, piece),
                    part(answer, piece, window).times(g).transpose(0, 1));
            InPlace.add(into(weights, place, piece), g.transpose(0, 1));
            x += length;
        }
    }

    /** The part of a window's values that lies in a box of the scan: [C, x, y, z]. */
    private static Tensor part(Tensor values, Box box, Box window) {
        Tensor part = values;
        for (int axis = 0; axis < 3; axis++) {
            part = part.narrow(
                    1 + axis, box.low(axis) - window.low(axis), box.shape().along(axis));
        }
        return part;
    }

    private Tensor into(Tensor ring, int place, Box piece) {
        Shape3 size = piece.shape();
        return ring.narrow(0, place, size.x())
                .narrow(2, piece.y0() - strip.y0(), size.y())
                .narrow(3, piece.z0(), size.z());
    }

    /** The weighted mean of a plane that no later window touches, [C, rows, Z]; its place is free afterwards. */
    Tensor take(int x) {
        Tensor values = sum.narrow(0, x % planes, 1);
        Tensor gains = weights.narrow(0, x % planes, 1);
        Tensor mean = values.over(gains); // [1, C, rows, Z]
        InPlace.zero(values);
        InPlace.zero(gains);
        return mean.reshape(mean.size(1), mean.size(2), mean.size(3));
    }
}
