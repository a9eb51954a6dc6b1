package org.voco4j.engine.store;

import java.util.Arrays;
import org.voco4j.engine.tensor.DType;

/**
 * A tensor that lies in a file and is read when asked for: element (i₀, i₁, …) is number offset + Σ iₖ·stridesₖ of its
 * storage. Several tensors may lie in one storage.
 *
 * @param strides in numbers, none negative
 * @param offset in numbers
 * @param storage the storage's name in the file
 */
public record StoredTensor(DType type, long[] shape, long[] strides, long offset, String storage) {

    /** The number of values; it does not overflow in tensors that come from a {@link WeightFile}. */
    public long count() {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return count;
    }

    /** The bytes of its values when they lie row by row. */
    public long bytes() {
        return count() * type.bytes();
    }

    /** Whether its values lie row by row, without gaps, in the storage; the stride along a single entry does not matter. */
    boolean isContiguous() {
        long[] expected = rowMajor(shape);
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] != 1 && strides[i] != expected[i]) {
                return count() == 0;
            }
        }
        return true;
    }

    static long[] rowMajor(long... shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape[i]);
        }
        return strides;
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
