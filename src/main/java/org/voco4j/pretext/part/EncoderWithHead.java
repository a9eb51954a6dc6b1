package org.voco4j.pretext.part;

import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.SegmentationNetwork;

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

    /** The encoder. */
    public final Encoder encoder() {
        return encoder;
    }
}
