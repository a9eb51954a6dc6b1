package org.voco4j.engine.nn;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.voco4j.engine.tensor.Tensor;

/**
 * Draws initial weights: one generator per weight, seeded by the run's seed and the weight's full name.
 *
 * @param seed the run's seed
 * @param prefix the dotted name of the module, empty or ending in a dot
 */
public record Initialiser(long seed, String prefix) {

    Initialiser inside(String part) {
        return part.isEmpty() ? this : new Initialiser(seed, prefix + part + ".");
    }

    /** U(−bound, bound), independently per value. */
    public void uniform(String name, Tensor weight, double bound) {
        SplittableRandom random = generator(name);
        float[] values = new float[Math.toIntExact(weight.count())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        weight.copyInPlace(Tensor.of(values, weight.shape()));
    }

    /** N(0, deviation²), independently per value, by the method of Box and Muller. */
    public void normal(String name, Tensor weight, double deviation) {
        SplittableRandom random = generator(name);
        float[] values = new float[Math.toIntExact(weight.count())];
        for (int i = 0; i < values.length; i++) {
            double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
            values[i] = (float) (deviation * radius * StrictMath.cos(2 * Math.PI * random.nextDouble()));
        }
        weight.copyInPlace(Tensor.of(values, weight.shape()));
    }

    /** The same number everywhere. */
    public void constant(Tensor weight, double number) {
        weight.copyInPlace(Tensor.of(new float[] {(float) number}));
    }

    private SplittableRandom generator(String name) {
        long hash = 0xCBF29CE484222325L; // FNV-1a of the name, then mixed with the seed by the generator itself
        for (byte b : (prefix + name).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        return new SplittableRandom(hash ^ (seed * 0x9E3779B97F4A7C15L));
    }
}
