package org.voco4j.pretext.voco;

import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.ContrastNetwork;
import org.voco4j.pretext.Embedding;

/** What is measured: the network's pooled features, and the projected ones that the loss contrasts. */
record ContrastFeatures(ContrastNetwork network) implements Embedding {
    @Override
    public Tensor pooled(Tensor crops) {
        return network.pooled(crops);
    }

    @Override
    public boolean projects() {
        return true;
    }

    @Override
    public Tensor projected(Tensor pooled) {
        return network.project(pooled);
    }
}
