package org.voco4j.pretext.transvw;

import java.util.List;
import org.voco4j.engine.nn.BatchNorm;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.EncoderWithDecoder;
import org.voco4j.volume.Shape3;

/** A whole network that restores crops, with a head on its deepest map that tells which word a crop is. */
final class TransVwNetwork extends EncoderWithDecoder {
    private static final String HEAD = "clc_out";

    private final Shape3 deepest;
    private final Head head;

    /**
     * What tells words from the deepest map.
     *
     * <pre>  l = W·mean(relu(N(conv(map)))) + b      N: batch norm over voxels and crops </pre>
     *
     * <p>Weights have the original's names: {@code conv1}, {@code bn1}, {@code fc1}.
     */
    static final class Head extends Module {
        private final Conv conv;
        private final BatchNorm norm;
        private final Linear words;

        Head(int channels, int hidden, int words) {
            conv = part("conv1", new Conv(3, channels, hidden, 3, 1, true));
            norm = part("bn1", new BatchNorm(hidden));
            this.words = part("fc1", new Linear(hidden, words));
        }

        /** [B, C, X, Y, Z] → logits [B, words]. */
        Tensor logits(Tensor map) {
            return words.forward(norm.forward(conv.forward(map)).relu().mean(2, 3, 4));
        }
    }

    TransVwNetwork(SegmentationNetwork network, Shape3 view, int hidden, int words) {
        super(network);
        deepest = deepestShape(view);
        head = part(HEAD, new Head(deepestChannels(), hidden, words));
    }

    /** Logits [B, words] of deepest maps, each a row of numbers [B, C·x·y·z]. */
    Tensor words(Tensor rows) {
        long channels = rows.size(1) / deepest.voxels();
        return head.logits(rows.reshape(rows.size(0), channels, deepest.x(), deepest.y(), deepest.z()));
    }

    /** The encoder's maps as the decoder takes them, the deepest last. */
    List<Tensor> maps(Tensor crops) {
        return network().encode(crops);
    }

    /** The voxels of maps, before any sigmoid. */
    Tensor restored(List<Tensor> maps) {
        return network().decode(maps);
    }

    @Override
    protected boolean isHandedOn(String weight) {
        return super.isHandedOn(weight) && !weight.startsWith(HEAD + ".");
    }
}
