package org.voco4j.engine.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Memory outside the Java heap: what {@link Tensor#wrap} takes without a copy, and that of a tensor. */
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

    /** The memory of a tensor [B, …] of 32 bits, a buffer for each sample; row-major. */
    static List<FloatBuffer> samples(Tensor tensor) {
        int bytes = Math.toIntExact(tensor.count() / tensor.size(0) * Float.BYTES);
        List<FloatBuffer> buffers = new ArrayList<>();
        for (long b = 0; b < tensor.size(0); b++) {
            buffers.add(tensor.bytes(b * bytes, bytes).asFloatBuffer());
        }
        return buffers;
    }
}
