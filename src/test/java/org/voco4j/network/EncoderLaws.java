package org.voco4j.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.voco4j.Tensors.assertClose;

import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** What holds of every network whose norms are within a sample. */
public final class EncoderLaws {
    private EncoderLaws() {}

    /** The maps of the second of two samples are those it has alone, in float64. */
    public static void assertSamplesDoNotMix(Encoder encoder, Tensor twoSamples) {
        assertThat(encoder.mixesSamples()).isFalse();
        encoder.to(Device.CPU, DType.F64);
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor batch = twoSamples.to(DType.F64);
            List<Tensor> together = encoder.levels(batch);
            List<Tensor> alone = encoder.levels(batch.narrow(0, 1, 1).copy());
            for (int i = 0; i < alone.size(); i++) {
                assertClose(together.get(i).narrow(0, 1, 1), alone.get(i).toDoubles(), 1e-12, "level " + i);
            }
        }
    }

    /** In 16 bits the logits differ, by at most 3 %. */
    public static void assertSixteenBitsComeClose(SegmentationNetwork network, Tensor x) {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor wide = network.forward(x);
            try (Autocast cast = Autocast.open(Device.CPU, Precision.BF16)) {
                Tensor apart = network.forward(x).to(DType.F32).minus(wide);
                assertThat(apart.norm().item() / wide.norm().item()).isBetween(1e-5, 0.03);
            }
        }
    }
}
