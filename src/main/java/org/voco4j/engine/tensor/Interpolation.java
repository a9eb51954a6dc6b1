package org.voco4j.engine.tensor;

import org.bytedeco.pytorch.global.torch;

/** Maps of other sizes, linear between their entries along every axis. */
public final class Interpolation {
    private Interpolation() {}

    /**
     * Entries are points, the first and the last of an axis stay: entry i of n is read at i·(m − 1)/(n − 1) of m.
     *
     * @param map [B, C, X, Y(, Z)] of 32 or 64 bits
     * @param sizes as many as the map has spatial axes, 2 or 3
     * @return [B, C, sizes]
     */
    public static Tensor ofPoints(Tensor map, long... sizes) {
        return linear(map, true, sizes);
    }

    /**
     * Entries are cells that share out the axis, each at its middle: entry i of n is read at (i + ½)·m/n − ½ of m; beyond
     * the middle of the first and last cell their values go on.
     *
     * @param map [B, C, X, Y(, Z)] of 32 or 64 bits
     * @param sizes as many as the map has spatial axes, 2 or 3
     * @return [B, C, sizes]
     */
    public static Tensor ofCells(Tensor map, long... sizes) {
        return linear(map, false, sizes);
    }

    private static Tensor linear(Tensor map, boolean points, long... sizes) {
        return LayerTimes.of(
                LayerTimes.Kind.INTERPOLATION,
                map,
                x -> new Tensor(
                        sizes.length == 2
                                ? torch.upsample_bilinear2d(x.handle, sizes, points)
                                : torch.upsample_trilinear3d(x.handle, sizes, points)));
    }
}
