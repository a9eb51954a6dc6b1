package org.voco4j.pretext.part;

import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.Embedding;

/** An encoder as it is measured: by its pooled levels. */
record PooledFeatures(EncoderWithHead network, Precision precision) implements Embedding {
    @Override
    public Tensor pooled(Tensor crops) {
        return PooledLevels.of(network.encoder(), crops, precision);
    }
}
