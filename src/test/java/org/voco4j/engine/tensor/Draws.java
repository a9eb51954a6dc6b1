package org.voco4j.engine.tensor;

import java.util.Random;

/** Normal random numbers. */
final class Draws {
    private Draws() {}

    static Tensor of(long seed, long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        Random random = new Random(seed);
        float[] values = new float[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(values, shape);
    }
}
