package org.voco4j.volume.format.dicom.codec;

import java.io.IOException;

/** Decodes frames of one kind of compression; keeps nothing between them, so threads may share it. */
public interface FrameCodec {
    /**
     * Decodes one frame.
     *
     * <p>Samples come row by row, those of a pixel together, as the code stream has them: unsigned up to its precision,
     * or 16 bits in two's complement if it says signed (JPEG 2000 only). Nothing is rescaled, and no colours are converted
     * but those of JPEG 2000's own transform of components.
     *
     * @param stream holds the code stream
     * @param from its first byte
     * @param to the byte after its last; padding may lie before it
     * @param shape what the file says of the frame; the code stream must agree before anything is decoded
     * @param room where samples may go
     * @return rows · columns · samplesPerPixel samples from 0 on: in the room if they fit, else in a new array, which is made
     *     only once the code stream is known to agree with the shape
     * @throws FrameException if the code stream is damaged or contradicts the shape
     */
    short[] decode(byte[] stream, int from, int to, FrameShape shape, short[] room) throws IOException;
}
