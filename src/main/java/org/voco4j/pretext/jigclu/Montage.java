package org.voco4j.pretext.jigclu;

import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Shape3;

/** Pieces of many images pasted into as many montages, each with a grid of places. */
final class Montage {
    private Montage() {}

    /**
     * Place p of montage b, p counted row-major, shows piece {@code order[p·B + b]}.
     *
     * @param pieces [m·B, x, y, z]
     * @param order a permutation of the m·B pieces
     * @param grid m places
     * @return [B, 1, X, Y, Z]
     */
    static Tensor of(Tensor pieces, int[] order, Shape3 grid) {
        long[] rows = new long[order.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = order[i];
        }
        long x = pieces.size(1);
        long y = pieces.size(2);
        long z = pieces.size(3);
        Tensor chosen = Rearrange.rows(
                pieces.reshape(order.length, -1), Tensor.of(rows, rows.length).to(pieces.device()));
        Tensor places = chosen.reshape(grid.x(), grid.y(), grid.z(), -1, x, y, z);
        return Rearrange.permute(places, 3, 0, 4, 1, 5, 2, 6) // [B, grid x, x, grid y, y, grid z, z]
                .reshape(-1, 1, grid.x() * x, grid.y() * y, grid.z() * z);
    }
}
