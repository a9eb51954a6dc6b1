package org.voco4j.pretext.part;

import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Tensor;

/**
 * A whole network for segmentation with one channel at its end, which gives crops back instead of classes; all of it but the
 * last layer is handed on, under the names that fine-tuning knows.
 */
public class EncoderWithDecoder extends EncoderWithHead {
    private final SegmentationNetwork network;

    /** Around a network of one class that nobody else owns. */
    public EncoderWithDecoder(SegmentationNetwork network) {
        super(network);
        this.network = network;
    }

    /** Crops [B, 1, X, Y, Z] → what it makes of their voxels, before any sigmoid, [B, 1, X, Y, Z] in 32 bits. */
    public final Tensor restored(Tensor crops, Precision precision) {
        try (Autocast cast = Autocast.open(crops.device(), precision)) {
            return network.forward(crops).to(DType.F32);
        }
    }

    /** The maps of all levels of the encoder, and the voxels that the decoder makes of them, for heads on both. */
    protected final SegmentationNetwork network() {
        return network;
    }

    @Override
    protected boolean isHandedOn(String weight) {
        return !network.isOfClasses(weight);
    }
}
