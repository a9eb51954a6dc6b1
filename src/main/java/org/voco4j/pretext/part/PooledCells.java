package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Shape3;

/**
 * The features of a grid of cells of a crop: the mean of every encoder level over the voxels of each cell, the levels concatenated.
 *
 * <p>Of n voxels along an axis the i-th of g cells has those from ⌊i·n/g⌋ to ⌈(i + 1)·n/g⌉ (adaptive pooling).
 */
public final class PooledCells {
    private PooledCells() {}

    /** [B, C, X, Y, Z] → [B, m, Σ c_l], cells row-major; the encoder computes in {@code precision}. */
    public static Tensor of(Encoder encoder, Tensor crops, Shape3 grid, Precision precision) {
        try (Scope scope = Scope.open();
                Autocast cast = Autocast.open(crops.device(), precision)) {
            List<Tensor> levels = new ArrayList<>();
            for (Tensor level : encoder.levels(crops)) {
                levels.add(of(level, grid));
            }
            return scope.keep(Tensor.concatenate(levels, 2));
        }
    }

    /** [B, C, X, Y, Z] → [B, m, C]. */
    static Tensor of(Tensor map, Shape3 grid) {
        Tensor cells = Ops.averageCells(map, grid.x(), grid.y(), grid.z());
        return cells.reshape(map.size(0), map.size(1), grid.voxels()).transpose(1, 2);
    }
}
