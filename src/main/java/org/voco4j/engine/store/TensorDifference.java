package org.voco4j.engine.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * How two tensors of one shape and number format differ.
 *
 * @param values how many are not the same bits
 * @param largest the largest |a − b| among those; NaN if one of a pair is no number and the other is not the same bits
 */
public record TensorDifference(long values, double largest) {
    private static final int PIECE = 1 << 20; // values at a time

    /** Compares bit for bit. */
    public static TensorDifference of(Tensor a, Tensor b) {
        if (a.type() != b.type() || !Arrays.equals(a.shape(), b.shape())) {
            throw new IllegalArgumentException("tensors " + a + " and " + b + " cannot be compared value by value");
        }
        long values = 0;
        double largest = 0;
        try (Scope scope = Scope.open()) {
            Tensor flatA = a.reshape(a.count());
            Tensor flatB = b.reshape(b.count());
            int width = a.type().bytes();
            for (long at = 0; at < a.count(); at += PIECE) {
                int length = (int) Math.min(PIECE, a.count() - at);
                ByteBuffer bytesA = flatA.bytes(at * width, length * width);
                ByteBuffer bytesB = flatB.bytes(at * width, length * width);
                if (bytesA.mismatch(bytesB) < 0) {
                    continue;
                }
                try (Scope piece = Scope.open()) {
                    double[] numbersA = flatA.narrow(0, at, length).toDoubles();
                    double[] numbersB = flatB.narrow(0, at, length).toDoubles();
                    for (int i = 0; i < length; i++) {
                        if (bytesA.slice(i * width, width).mismatch(bytesB.slice(i * width, width)) >= 0) {
                            values++;
                            largest = Math.max(largest, Math.abs(numbersA[i] - numbersB[i])); // NaN stays
                        }
                    }
                }
            }
        }
        return new TensorDifference(values, largest);
    }
}
