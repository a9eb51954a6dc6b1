package org.voco4j.pretext;

import java.util.List;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/** The encoder of small reference steps: tanh(W·x + b) of 12 numbers, as a map of 8 channels and one voxel. */
public final class TanhBody extends OneMap {
    private final Tensor weight;
    private final Tensor bias;

    /** The encoder, with weights named body.weight and body.bias. */
    public TanhBody() {
        super(8);
        weight = weight("body.weight", 8, 12);
        bias = weight("body.bias", 8);
    }

    /** [B, 12, 1, 1, 1] → [B, 8, 1, 1, 1]. */
    @Override
    public List<Tensor> levels(Tensor x) {
        Tensor linear = Ops.linear(x.reshape(-1, 12), weight, bias);
        return List.of(Ops.sigmoid(linear.times(2)).times(2).plus(-1).reshape(-1, 8, 1, 1, 1));
    }
}
