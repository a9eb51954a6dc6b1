package org.voco4j.pretext.vicregl;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.Head;

/** The encoder, an expander of its pooled features, and one of the cells of one of its maps. */
final class VicRegLNetwork extends EncoderWithHead {
    private final int level;
    private final Head global;
    private final Head local;

    /**
     * A network with untrained (zero) weights.
     *
     * @throws IllegalArgumentException if the encoder has no such level
     */
    VicRegLNetwork(Encoder encoder, VicRegLSettings settings) {
        super(encoder);
        level = settings.level();
        int levels = encoder.channels().size();
        if (level >= levels) {
            throw new IllegalArgumentException(
                    "pretext.level must be below " + levels + ", the levels of this encoder, not " + level);
        }
        int pooled = PooledLevels.count(encoder);
        global = part("expander", expander(pooled, settings.expander().global(), Head.Norm.BATCH));
        local = part(
                "local_expander",
                expander(encoder.channels().get(level), settings.expander().local(), Head.Norm.LAYER));
    }

    private static Head expander(int in, int width, Head.Norm norm) {
        Head.Layer hidden = new Head.Layer(width, true, norm, true, true);
        return new Head(in, List.of(hidden, hidden, Head.Layer.linear(width, false)));
    }

    /** Numbers of what is pooled. */
    int pooledCount() {
        return PooledLevels.count(encoder());
    }

    /** The map whose cells are matched: [B, 1, X, Y, Z] → [B, C, x, y, z]. */
    Tensor map(Tensor crops) {
        return encoder().levels(crops).get(level);
    }

    /** What is pooled, and the cells of the map behind it, row-major: [B, 1, X, Y, Z] → [B, Σ c + P·C]. */
    Tensor rows(Tensor crops, Precision precision) {
        try (Scope scope = Scope.open();
                Autocast cast = Autocast.open(crops.device(), precision)) {
            List<Tensor> levels = encoder().levels(crops);
            List<Tensor> parts = new ArrayList<>();
            for (Tensor map : levels) {
                parts.add(map.mean(2, 3, 4));
            }
            Tensor cells = Rearrange.permute(levels.get(level), 0, 2, 3, 4, 1); // [B, x, y, z, C]
            parts.add(cells.reshape(crops.size(0), -1).to(DType.F32));
            return scope.keep(Tensor.concatenate(parts, 1));
        }
    }

    /** What is pooled of each row, [B, Σ c]. */
    Tensor pooled(Tensor rows) {
        return rows.narrow(1, 0, pooledCount());
    }

    /** Expanded pooled features, [B, 1, D]. */
    Tensor whole(Tensor rows) {
        Tensor expanded = global.forward(pooled(rows));
        return expanded.reshape(expanded.size(0), 1, -1);
    }

    /** Expanded cells, [B, P, D']. */
    Tensor cells(Tensor rows) {
        int from = pooledCount();
        int channels = encoder().channels().get(level);
        Tensor cells = rows.narrow(1, from, rows.size(1) - from).reshape(-1, channels);
        return local.forward(cells).reshape(rows.size(0), (rows.size(1) - from) / channels, -1);
    }
}
