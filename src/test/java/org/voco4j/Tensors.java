package org.voco4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Tensor;

/** Tensors from reference files, comparison, and the weights that are numbers of their names. */
public final class Tensors {
    private Tensors() {}

    /** A reference tensor in float64. */
    public static Tensor of(Reference reference, String name) {
        int[] shape = reference.shape(name);
        long[] longs = new long[shape.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = shape[i];
        }
        return Tensor.of(reference.doubles(name), longs);
    }

    /** Asserts |a − b| ≤ tolerance everywhere. */
    public static void assertClose(Tensor actual, double[] expected, double tolerance, String what) {
        double[] values = actual.to(DType.F64).toDoubles();
        assertThat(values).as(what).hasSize(expected.length);
        for (int i = 0; i < values.length; i++) {
            assertThat(Math.abs(values[i] - expected[i]))
                    .as("%s[%d]: %s, expected %s", what, i, values[i], expected[i])
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    /** Fills weights with the hash numbers of their names, as the reference networks have them. */
    public static void fillWithHashNumbers(Map<String, Tensor> weights, String prefix) {
        weights.forEach((name, weight) -> weight.copyInPlace(hashNumbers(prefix + name, weight.shape())));
    }

    private static Tensor hashNumbers(String name, long[] shape) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        int count = 1;
        for (long size : shape) {
            count = Math.toIntExact(count * size);
        }
        boolean matrix = shape.length >= 2;
        double offset = !matrix && name.endsWith(".weight") ? 1 : 0;
        double scale = matrix ? Math.sqrt(3.0 / ((double) count / shape[0])) : name.endsWith(".weight") ? 0.25 : 0.1;
        SplittableRandom random = new SplittableRandom(hash);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (offset + scale * (2 * random.nextDouble() - 1));
        }
        return Tensor.of(values, shape).to(DType.F16).to(DType.F32);
    }

    /** Frees what earlier tests left to the garbage collector, so that native objects can be counted. */
    public static void collectGarbage() throws InterruptedException {
        long before;
        do {
            before = Engine.nativeObjects();
            System.gc();
            Thread.sleep(100);
        } while (Engine.nativeObjects() != before);
    }
}
