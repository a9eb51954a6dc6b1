package org.voco4j.engine.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

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

    /** A tensor of 32 bits for numbers that are all still to be written. */
    static Tensor unwritten(long... shape) {
        return new Tensor(torch.empty(shape, new TensorOptions(DType.F32.scalar()), new MemoryFormatOptional()));
    }

    /** The memory of a tensor [B, …], row-major, a buffer for each sample. */
    static List<ByteBuffer> samples(Tensor tensor) {
        int bytes =
                Math.toIntExact(tensor.count() / tensor.size(0) * tensor.type().bytes());
        List<ByteBuffer> buffers = new ArrayList<>();
        for (long b = 0; b < tensor.size(0); b++) {
            buffers.add(tensor.bytes(b * bytes, bytes));
        }
        return buffers;
    }

    /** The same of a tensor of 32 bits, as numbers. */
    static List<FloatBuffer> floatSamples(Tensor tensor) {
        return samples(tensor).stream().map(ByteBuffer::asFloatBuffer).toList();
    }
}
