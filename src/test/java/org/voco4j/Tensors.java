package org.voco4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

    /** Fills weights with the hash numbers of their names, as the reference networks have them; whole numbers stay. */
    public static void fillWithHashNumbers(Map<String, Tensor> weights, String prefix) {
        weights.forEach((name, weight) -> {
            if (weight.type() != DType.I64) {
                weight.copyInPlace(hashNumbers(prefix + name, weight.shape()));
            }
        });
    }

    /** The numbers that a name stands for. */
    public static SplittableRandom numbersOf(String name) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        return new SplittableRandom(hash);
    }

    /** The reference's input of that name: blocks of 4 x 4 x 4 equal voxels, and a little noise; [B, C, X, Y, Z]. */
    public static Tensor smoothInput(String name, int... shape) {
        SplittableRandom low = numbersOf(name + ".low");
        SplittableRandom fine = numbersOf(name + ".fine");
        int nx = shape[2] / 4;
        int ny = shape[3] / 4;
        int nz = shape[4] / 4;
        float[] blocks = new float[shape[0] * shape[1] * nx * ny * nz];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = (float) low.nextDouble();
        }
        float[] values = new float[blocks.length * 64];
        for (int i = 0; i < values.length; i++) {
            int z = i % shape[4];
            int y = i / shape[4] % shape[3];
            int x = i / shape[4] / shape[3] % shape[2];
            int sample = i / shape[4] / shape[3] / shape[2];
            float block = blocks[((sample * nx + x / 4) * ny + y / 4) * nz + z / 4];
            values[i] = block + (float) (-0.1 + 0.2 * fine.nextDouble());
        }
        return Tensor.of(values, Arrays.stream(shape).asLongStream().toArray());
    }

    /** Repeats every voxel k times along each of the last three axes. */
    public static Tensor repeated(Tensor x, int k) {
        float[] from = x.toFloats();
        long[] s = x.shape();
        long[] shape = {s[0], s[1], k * s[2], k * s[3], k * s[4]};
        float[] to = new float[from.length * k * k * k];
        for (int i = 0; i < to.length; i++) {
            long z = i % shape[4];
            long y = i / shape[4] % shape[3];
            long rest = i / shape[4] / shape[3];
            long x0 = rest % shape[2];
            long sample = rest / shape[2];
            to[i] = from[(int) (((sample * s[2] + x0 / k) * s[3] + y / k) * s[4] + z / k)];
        }
        return Tensor.of(to, shape);
    }

    /** The weight that a name stands for. */
    public static Tensor hashNumbers(String name, long... shape) {
        int count = 1;
        for (long size : shape) {
            count = Math.toIntExact(count * size);
        }
        double offset = 0;
        double scale = 0.1;
        if (name.endsWith("relative_position_bias_table")) {
            scale = 0.5;
        } else if (name.endsWith("running_var")) {
            offset = 1;
            scale = 0.25;
        } else if (name.endsWith("running_mean")) {
            scale = 0.1;
        } else if (name.contains("position_embeddings") || name.contains("cls_token")) {
            scale = 0.5;
        } else if (shape.length >= 2) {
            scale = Math.sqrt(3.0 / ((double) count / shape[0]));
        } else if (name.endsWith(".weight")) {
            offset = 1;
            scale = 0.25;
        }
        SplittableRandom random = numbersOf(name);
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
