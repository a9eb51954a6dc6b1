package org.voco4j.pretext;

import java.util.List;
import org.voco4j.engine.tensor.Tensor;

/** An encoder of one map of 512 channels, the input as it comes. */
public final class AsItComes extends OneMap {
    /** The encoder. */
    public AsItComes() {
        super(512);
    }

    @Override
    public List<Tensor> levels(Tensor x) {
        return List.of(x);
    }
}
