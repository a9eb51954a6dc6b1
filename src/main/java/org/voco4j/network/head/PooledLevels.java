package org.voco4j.network.head;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** The feature of a crop: the mean of every encoder level over its voxels, the levels concatenated. */
public final class PooledLevels {
    private PooledLevels() {}

    /** How many numbers it has, Σ c_l. */
    public static int count(Encoder encoder) {
        return encoder.channels().stream().mapToInt(Integer::intValue).sum();
    }

    /** [B, C, X, Y, Z] → [B, Σ c_l]; the encoder computes in {@code precision}. */
    public static Tensor of(Encoder encoder, Tensor crops, Precision precision) {
        try (Scope scope = Scope.open();
                Autocast cast = Autocast.open(crops.device(), precision)) {
            List<Tensor> means = new ArrayList<>();
            for (Tensor level : encoder.levels(crops)) {
                means.add(level.mean(2, 3, 4)); // [B, c_l]
            }
            return scope.keep(Tensor.concatenate(means, 1));
        }
    }
}
