package org.voco4j.pretext.part;

import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Module;

/** An encoder and what a task puts on it; the encoder's weights keep their published names. */
public abstract class EncoderWithHead extends Module {
    private final Encoder encoder;

    /** Around an encoder that nobody else owns. */
    protected EncoderWithHead(Encoder encoder) {
        this.encoder = part("", encoder);
    }

    /** What is handed on. */
    public final Encoder encoder() {
        return encoder;
    }
}
