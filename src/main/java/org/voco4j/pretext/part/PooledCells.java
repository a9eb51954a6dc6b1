package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Autocast;
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
        List<Tensor> cells = new ArrayList<>();
        for (int i = 0; i < grid.x(); i++) {
            Tensor slab = cell(map, 2, i, grid.x());
            for (int j = 0; j < grid.y(); j++) {
                Tensor column = cell(slab, 3, j, grid.y());
                for (int k = 0; k < grid.z(); k++) {
                    Tensor mean = cell(column, 4, k, grid.z()).mean(2, 3, 4);
                    cells.add(mean.reshape(mean.size(0), 1, mean.size(1)));
                }
            }
        }
        return Tensor.concatenate(cells, 1);
    }

    private static Tensor cell(Tensor map, int axis, int i, int cells) {
        long size = map.size(axis);
        long from = i * size / cells;
        return map.narrow(axis, from, ((i + 1) * size + cells - 1) / cells - from);
    }
}
