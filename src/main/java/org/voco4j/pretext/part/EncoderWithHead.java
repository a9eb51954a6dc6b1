package org.voco4j.pretext.part;

import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Shape3;

/** An encoder and what a task puts on it; the encoder's weights keep their published names. */
public abstract class EncoderWithHead extends Module {
    private final Encoder encoder;

    /** Around an encoder that nobody else owns. */
    @SuppressWarnings("this-escape") // only the table of parts is written to
    protected EncoderWithHead(Encoder encoder) {
        this.encoder = part("", encoder);
    }

    /** Around the encoder of a network that has a way back up to voxels. */
    @SuppressWarnings("this-escape")
    EncoderWithHead(SegmentationNetwork whole) {
        encoder = part("", whole).encoder();
    }

    /** Whether a weight is the task's to teach; what is not, is neither moved nor handed on. */
    protected boolean isTaught(String weight) {
        return true;
    }

    /** Whether a weight that was taught is of use to another task. */
    protected boolean isHandedOn(String weight) {
        return true;
    }

    /** What is left to do when all weights have been drawn. */
    protected void afterDrawing() {}

    /** Whether a weight stays as it is, though it is handed on with what is taught beside it. */
    protected boolean isFixed(String weight) {
        return false;
    }

    /** The encoder. */
    public final Encoder encoder() {
        return encoder;
    }

    /** The encoder's deepest map, [B, 1, X, Y, Z] → [B, C, X', Y', Z']: of a transformer, its own, without convolutions beside it. */
    public final Tensor deepest(Tensor crops) {
        if (encoder instanceof TokenEncoder tokens) {
            long[] shape = crops.shape();
            shape[1] = 1;
            for (int axis = 2; axis < shape.length; axis++) {
                int patch = tokens.patch().get(axis - 2);
                shape[axis] = (shape[axis] + patch - 1) / patch;
            }
            Tensor none = Tensor.zeros(DType.F32, shape).to(crops.type()).to(crops.device());
            Tensor token =
                    Tensor.zeros(DType.F32, tokens.tokenSize()).to(crops.type()).to(crops.device());
            return tokens.deepest(crops, none, token);
        }
        List<Tensor> levels = encoder.levels(crops);
        return levels.get(levels.size() - 1);
    }

    /** Whether {@link #deepest} depends on a weight of the encoder. */
    protected final boolean isInDeepest(String weight) {
        return !(encoder instanceof TokenEncoder tokens) || tokens.isInDeepest(weight);
    }

    /** The channels of {@link #deepest}. */
    protected final int deepestChannels() {
        return encoder.channels().get(encoder.channels().size() - 1);
    }

    /** The voxels of {@link #deepest} for crops of a size. */
    protected final Shape3 deepestShape(Shape3 view) {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open();
                Evaluation evaluation = Evaluation.of(encoder)) {
            Tensor map = deepest(Tensor.zeros(DType.F32, 1, 1, view.x(), view.y(), view.z()));
            return new Shape3((int) map.size(2), (int) map.size(3), (int) map.size(4));
        }
    }
}
