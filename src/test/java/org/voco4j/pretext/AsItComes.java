package org.voco4j.pretext;

import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Tensor;

/** An encoder of one map of 512 channels, the input as it comes: for heads whose features a reference states. */
public final class AsItComes extends Encoder {
    @Override
    public List<Tensor> levels(Tensor x) {
        return List.of(x);
    }

    @Override
    public List<Integer> channels() {
        return List.of(512);
    }

    @Override
    public boolean mixesSamples() {
        return false;
    }

    @Override
    public boolean takes(long... size) {
        return true;
    }

    @Override
    public int stage(String weight) {
        return 0;
    }

    @Override
    public long multiplyAdds(int crop) {
        return 0;
    }
}
