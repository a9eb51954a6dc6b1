package org.voco4j.pretext;

import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.network.Backbone;
import org.voco4j.volume.Shape3;

/**
 * What all methods are built around.
 *
 * @param backbone the encoder to teach
 * @param precision what its convolutions and linear maps are computed in
 * @param volume the size that scans are brought to
 * @param crop edge of the cube (of images of one slice: the square) that crops are resized to
 * @param samples of a step
 * @param seed of the weights
 * @param device where to compute
 */
public record Setup(
        Backbone backbone, Precision precision, Shape3 volume, int crop, int samples, long seed, Device device) {
    /** The shape of a crop that goes through the encoder. */
    public Shape3 view() {
        return new Shape3(crop, crop, volume.z() == 1 ? 1 : crop);
    }

    /**
     * The encoder for crops, without weights yet.
     *
     * @throws IllegalArgumentException if crops are too small for it
     */
    public Encoder encoder() {
        return fitting(backbone.encode(Backbone.CHANNELS, view().edges()));
    }

    /**
     * The encoder with the way back up to voxels of one channel, without weights yet.
     *
     * @throws IllegalArgumentException if the encoder has none, or crops are too small for it
     */
    public SegmentationNetwork encoderAndDecoder() {
        return encoderAndDecoder(1);
    }

    /** The same with so many channels at its end, at least 1. */
    public SegmentationNetwork encoderAndDecoder(int channels) {
        backbone.requireSegmentation(view().edges());
        SegmentationNetwork network = backbone.segment(Backbone.CHANNELS, channels, view().edges());
        fitting(network.encoder());
        return network;
    }

    private Encoder fitting(Encoder encoder) {
        int smallest = encoder.smallestCrop();
        if (crop < smallest) {
            throw new IllegalArgumentException(
                    "crop.size must be at least " + smallest + " for this encoder, not " + crop);
        }
        return encoder;
    }
}
