package org.voco4j.pretext.pcrlv1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.EncoderWithDecoder;
import org.voco4j.pretext.part.Head;
import org.voco4j.pretext.pcrlv1.PcrlV1Settings.Projector;

/** A whole network for segmentation, a head on its deepest map, and gates for that map's channels. */
final class PcrlV1Network extends EncoderWithDecoder {
    private final int channels;
    private final Head projector;
    private final Head gates;

    /**
     * Around a network of one class that nobody else owns.
     *
     * @param sizes of the head
     * @param gates hidden numbers of g
     */
    PcrlV1Network(SegmentationNetwork network, Projector sizes, int gates) {
        super(network);
        channels = encoder().channels().get(encoder().channels().size() - 1);
        projector = part("projector", perceptron(channels, sizes.hidden(), sizes.norm(), sizes.out()));
        this.gates = part("gates", perceptron(Pose.CODE, gates, Head.Norm.NONE, channels));
    }

    /** Two linear maps with a ReLU between them, and a norm before it where wanted. */
    static Head perceptron(int in, int hidden, Head.Norm norm, int out) {
        return new Head(
                in,
                List.of(
                        new Head.Layer(hidden, true, norm, norm != Head.Norm.NONE, true),
                        Head.Layer.linear(out, true)));
    }

    /** The maps of crops, [B, 1, X, Y, Z], the deepest last. */
    List<Tensor> maps(Tensor crops) {
        return network().encode(crops);
    }

    /** C, the channels of the deepest map. */
    int channels() {
        return channels;
    }

    /** The mean of the deepest map, [B, C]. */
    static Tensor mean(List<Tensor> maps) {
        Tensor deepest = maps.get(maps.size() - 1);
        return deepest.mean(axes(deepest)).to(DType.F32);
    }

    /** What crops are compared by, of such means: [B, D]. */
    Tensor projected(Tensor means) {
        return projector.forward(means);
    }

    private static long[] axes(Tensor map) {
        long[] axes = new long[map.shape().length - 2];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = 2L + i;
        }
        return axes;
    }

    /** The voxels that maps tell of, [B, 1, X, Y, Z]. */
    Tensor restored(List<Tensor> maps) {
        return Ops.sigmoid(network().decode(maps).to(DType.F32));
    }

    /** The same maps, the deepest gated by the code of a pose, [B, 7]. */
    List<Tensor> gated(List<Tensor> maps, Tensor code) {
        List<Tensor> gated = new ArrayList<>(maps);
        int last = maps.size() - 1;
        gated.set(last, gated(maps.get(last), gate(gates, code)));
        return gated;
    }

    /** g(c), [B, C]. */
    static Tensor gate(Head gates, Tensor code) {
        return Ops.sigmoid(gates.forward(code));
    }

    /** A map [B, C, …], its channels times those of a gate, [B, C]. */
    static Tensor gated(Tensor map, Tensor gate) {
        long[] shape = map.shape();
        Arrays.fill(shape, 2, shape.length, 1);
        return map.times(gate.to(map.type()).reshape(shape));
    }

    /** α·a + (1 − α)·b, map by map. */
    static List<Tensor> mixed(double share, List<Tensor> a, List<Tensor> b) {
        List<Tensor> mixed = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            mixed.add(mixed(share, a.get(i), b.get(i)));
        }
        return mixed;
    }

    /** α·a + (1 − α)·b. */
    static Tensor mixed(double share, Tensor a, Tensor b) {
        return a.times(share).plus(b.times(1 - share));
    }

    @Override
    protected boolean isHandedOn(String weight) {
        return super.isHandedOn(weight) && network().stateDict().containsKey(weight);
    }
}
