package org.voco4j.engine.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Memory outside the Java heap that {@link Tensor#wrap} takes without a copy. */
public final class DirectBuffer {
    private DirectBuffer() {}

    /**
     * Room for so many floats, in native byte order.
     *
     * @throws ArithmeticException if that is more than 2 GiB
     */
    public static FloatBuffer floats(long values) {
        return ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(Float.BYTES, values)))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
