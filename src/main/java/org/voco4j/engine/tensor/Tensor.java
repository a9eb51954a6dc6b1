package org.voco4j.engine.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array of libtorch with the operations we use.
 *
 * <p>Every operation makes a new tensor, owned by the innermost open {@link Scope} of this thread; without one, the
 * garbage collector frees it some day. Names ending in {@code InPlace} change the tensor itself and record no graph.
 * Wrong shapes throw {@link RuntimeException} with libtorch's sentence in the first line of its message.
 */
public final class Tensor implements AutoCloseable {
    final org.bytedeco.pytorch.Tensor handle;

    @SuppressWarnings({"unused", "FieldCanBeLocal"}) // keeps a wrapped buffer reachable as long as its tensor
    private final @Nullable Object memory;

    Tensor(org.bytedeco.pytorch.Tensor handle) {
        this(handle, null);
    }

    private Tensor(org.bytedeco.pytorch.Tensor handle, @Nullable Object memory) {
        this.handle = handle;
        this.memory = memory;
    }

    /** A copy of the values, row-major. */
    public static Tensor of(float[] values, long... shape) {
        requireCount(values.length, shape);
        Tensor tensor = zeros(DType.F32, shape);
        if (values.length > 0) {
            tensor.handle.data_ptr_float().put(values);
        }
        return tensor;
    }

    /** A copy of the values, row-major. */
    public static Tensor of(double[] values, long... shape) {
        requireCount(values.length, shape);
        Tensor tensor = zeros(DType.F64, shape);
        if (values.length > 0) {
            tensor.handle.data_ptr_double().put(values);
        }
        return tensor;
    }

    /** A copy of whole numbers, row-major: places in a table. */
    public static Tensor of(long[] values, long... shape) {
        requireCount(values.length, shape);
        Tensor tensor = zeros(DType.I64, shape);
        if (values.length > 0) {
            tensor.handle.data_ptr_long().put(values);
        }
        return tensor;
    }

    /** Zeros. */
    public static Tensor zeros(DType type, long... shape) {
        Engine.load();
        return new Tensor(torch.zeros(shape, new TensorOptions(type.scalar())));
    }

    /**
     * A view of a direct buffer, without a copy: from its start, in native byte order.
     *
     * <p>Whoever fills the buffer again changes the tensor, so the buffer goes back to its pool only after the step.
     *
     * @throws IllegalArgumentException if the buffer is not direct or too small
     */
    public static Tensor wrap(FloatBuffer buffer, long... shape) {
        if (!buffer.isDirect() || buffer.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("only a direct buffer in native byte order can be wrapped");
        }
        requireCount(Math.min(buffer.capacity(), count(shape)), shape);
        Engine.load();
        FloatPointer start = new FloatPointer(buffer.duplicate().rewind());
        return new Tensor(torch.from_blob(start, shape), buffer);
    }

    /** The size of every dimension. */
    public long[] shape() {
        return handle.shape();
    }

    /** The size of one dimension; negative counts from the end. */
    public long size(int dimension) {
        return handle.size(dimension);
    }

    /** The number of values. */
    public long count() {
        return handle.numel();
    }

    /** The number format. */
    public DType type() {
        return DType.of(handle.scalar_type());
    }

    /** Where it lives. */
    public Device device() {
        return Device.of(handle.device());
    }

    /** The one value of a tensor that holds one. */
    public double item() {
        return handle.item_double();
    }

    /** A copy of the values as floats, row-major. */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(count())];
        try (Scope scope = Scope.open()) { // holds the tensor while its bare address is read
            if (values.length > 0) {
                onHost(DType.F32).data_ptr_float().get(values);
            }
        }
        return values;
    }

    /**
     * Copies the values as floats, row-major, to the beginning of an array that is used again and again.
     *
     * @throws IndexOutOfBoundsException if it is too short
     */
    public void copyTo(float[] target) {
        Objects.checkFromIndexSize(0, count(), target.length);
        try (Scope scope = Scope.open()) { // holds the tensor while its bare address is read
            if (count() > 0) {
                onHost(DType.F32).data_ptr_float().get(target, 0, (int) count());
            }
        }
    }

    /** A copy of the values as doubles, row-major. */
    public double[] toDoubles() {
        double[] values = new double[Math.toIntExact(count())];
        try (Scope scope = Scope.open()) { // holds the tensor while its bare address is read
            if (values.length > 0) {
                onHost(DType.F64).data_ptr_double().get(values);
            }
        }
        return values;
    }

    private org.bytedeco.pytorch.Tensor onHost(DType type) {
        return to(Device.CPU).to(type).handle.detach().contiguous();
    }

    /** A part of the values' bytes (row-major, native order) as a direct buffer that is valid while this tensor is. */
    public ByteBuffer bytes(long from, int length) {
        if (!handle.is_contiguous() || from < 0 || length < 0 || from + length > handle.nbytes()) {
            throw new IllegalArgumentException("bytes " + from + "+" + length + " of " + handle.nbytes()
                    + ": outside the tensor, or the tensor is not contiguous");
        }
        Pointer start = handle.data_ptr();
        return new BytePointer(start)
                .getPointer(from) // not position(from): buffers made that way are empty beyond 2^31
                .limit(length)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    // ---- places and formats ----

    /** This tensor on a device; itself if it is there already. */
    public Tensor to(Device device) {
        return device().equals(device) ? this : new Tensor(handle.to(device.handle(), type().scalar()));
    }

    /** This tensor in a number format; itself if it has it already. */
    public Tensor to(DType type) {
        return type() == type ? this : new Tensor(handle.to(type.scalar()));
    }

    /** The same values in row-major memory of their own. */
    public Tensor copy() {
        return MapLayout.rowMajorCopy(this);
    }

    // ---- arithmetic ----

    /** a + b, broadcast. */
    public Tensor plus(Tensor other) {
        return new Tensor(handle.add(other.handle));
    }

    /** a + number. */
    public Tensor plus(double number) {
        return new Tensor(handle.add(new Scalar(number)));
    }

    /** a − b, broadcast. */
    public Tensor minus(Tensor other) {
        return new Tensor(handle.sub(other.handle));
    }

    /** a·b, broadcast. */
    public Tensor times(Tensor other) {
        return new Tensor(handle.mul(other.handle));
    }

    /** a·number. */
    public Tensor times(double number) {
        return new Tensor(handle.mul(new Scalar(number)));
    }

    /** a / b, broadcast. */
    public Tensor over(Tensor other) {
        return new Tensor(handle.div(other.handle));
    }

    /** |a|. */
    public Tensor abs() {
        return new Tensor(handle.abs());
    }

    /** a². */
    public Tensor square() {
        return new Tensor(handle.square());
    }

    /** √a. */
    public Tensor sqrt() {
        return new Tensor(handle.sqrt());
    }

    /** ln a. */
    public Tensor log() {
        return new Tensor(handle.log());
    }

    /** max(a, number). */
    public Tensor atLeast(double number) {
        return new Tensor(handle.clamp_min(new Scalar(number)));
    }

    /** max(a, 0). */
    public Tensor relu() {
        return LayerTimes.of(LayerTimes.Kind.ACTIVATION, this, x -> new Tensor(x.handle.relu()));
    }

    /** Matrix product of the last two dimensions, batched over the others. */
    public Tensor matmul(Tensor other) {
        return new Tensor(handle.matmul(other.handle));
    }

    /** The sum of all values. */
    public Tensor sum() {
        return new Tensor(handle.sum());
    }

    /** The sum over some dimensions, which stay with size 1. */
    public Tensor sumKeeping(long... dimensions) {
        return new Tensor(handle.sum(dimensions, true, new ScalarTypeOptional()));
    }

    /** The mean of all values. */
    public Tensor mean() {
        return new Tensor(handle.mean());
    }

    /** The mean over some dimensions, which disappear; that of 16-bit values has 32 bits. */
    public Tensor mean(long... dimensions) {
        return new Tensor(handle.mean(
                dimensions,
                false,
                type().bytes() == 2 ? new ScalarTypeOptional(ScalarType.Float) : new ScalarTypeOptional()));
    }

    /** The Euclidean norm of all values. */
    public Tensor norm() {
        return new Tensor(handle.norm());
    }

    /** The same values in another shape. */
    public Tensor reshape(long... shape) {
        return LayerTimes.of(LayerTimes.Kind.COPYING, this, x -> new Tensor(x.handle.reshape(shape)));
    }

    /** Two dimensions exchanged. */
    public Tensor transpose(int first, int second) {
        return new Tensor(handle.transpose(first, second));
    }

    /** {@code length} entries of a dimension from {@code start}: a view. */
    public Tensor narrow(int dimension, long start, long length) {
        return new Tensor(handle.narrow(dimension, start, length));
    }

    /** Tensors joined along a dimension. */
    public static Tensor concatenate(List<Tensor> tensors, int dimension) {
        List<Tensor> parts = new ArrayList<>(tensors);
        return LayerTimes.of(LayerTimes.Kind.COPYING, tensors.get(0), first -> {
            parts.set(0, first);
            return new Tensor(torch.cat(vector(parts), dimension));
        });
    }

    static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(
                tensors.stream().map(tensor -> tensor.handle).toArray(org.bytedeco.pytorch.Tensor[]::new));
    }

    /** The same values without their history: no gradient flows through (stop-gradient). */
    public Tensor detach() {
        return new Tensor(handle.detach());
    }

    /** Marks a leaf as something to differentiate by, or not. */
    public Tensor requireGradient(boolean required) {
        handle.set_requires_grad(required);
        return this;
    }

    /** Adds the derivative of this one value to the gradient of every leaf it depends on. */
    public void backward() {
        LayerTimes.back(() -> handle.backward());
    }

    /** Adds to the gradient of every leaf the derivative of Σ weights∘this, for weights of this tensor's shape. */
    public void backward(Tensor weights) {
        LayerTimes.back(() -> handle.backward(weights.handle, new BoolOptional(), false, new TensorArrayRefOptional()));
    }

    /** The gradient gathered so far, or null where there is none. */
    public @Nullable Tensor gradient() {
        org.bytedeco.pytorch.Tensor gradient = handle.grad();
        return gradient.defined() ? new Tensor(gradient) : null;
    }

    /** Forgets the gradient and frees its memory. */
    public void clearGradient() {
        handle.mutable_grad().reset();
    }

    /** Takes over the values of another tensor of the same shape, converting format and device. */
    public void copyInPlace(Tensor source) {
        try (NoGrad none = NoGrad.open()) {
            handle.copy_(source.handle);
        }
    }

    /** Changes place and number format, keeping identity; the gradient is forgotten. */
    public void convertInPlace(Device device, DType type) {
        clearGradient();
        handle.__dispatch_set_data(to(device).to(type).handle);
    }

    /** Takes this tensor out of every scope: it lives until it is closed or unreachable. For weights. */
    public Tensor persist() {
        handle.retainReference();
        return this;
    }

    /** Frees the tensor now. */
    @Override
    public void close() {
        handle.close();
    }

    @Override
    public String toString() {
        return type() + Arrays.toString(shape());
    }

    private static long count(long[] shape) {
        long count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    private static void requireCount(long values, long[] shape) {
        if (values != count(shape)) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + Arrays.toString(shape) + " has " + count(shape) + " values, not " + values);
        }
    }
}
