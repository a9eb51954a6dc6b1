package org.voco4j.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link WindowRows}: two rows of a table at a time, four features at a time, over the columns in vectors.
 *
 * <p>Columns are a multiple of {@link #COUNT}. The second of two rows follows {@code columns} (of a table) or {@code width}
 * (of features) after the first; features of keys lie apart by {@code columns}.
 *
 * <p>Sums over the lanes of a vector are taken by {@link #total} in one order: that of {@code reduceLanes} is undefined and
 * differs between interpreted and compiled code.
 */
final class Lanes {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Numbers in a vector. */
    static final int COUNT = SPECIES.length();

    /** Features that one loop takes together. */
    static final int FEATURES = 4;

    /** e⁻⁶⁰ = 9·10⁻²⁷ is nothing beside the largest weight, which is 1, and products with it are no denormal numbers. */
    private static final float LEAST = -60;

    private static final float LOG2_E = 1.44269504f;
    private static final float ROUND = 12582912f; // 1.5·2²³: what is added to it is rounded to a whole number
    private static final float LN_2_HIGH = 0.693359375f;
    private static final float LN_2_LOW = -2.12194440e-4f;
    private static final int MANTISSA_BITS = 23;

    private Lanes() {}

    /** eˣ for x ≤ 0 within 1 ulp or so: 2ⁿ·p(r) with x = n·ln 2 + r; the polynomial is that of Cephes' expf. */
    private static FloatVector exp(FloatVector power) {
        FloatVector x = power.max(LEAST);
        FloatVector shifted = x.fma(FloatVector.broadcast(SPECIES, LOG2_E), FloatVector.broadcast(SPECIES, ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -LN_2_HIGH), x);
        r = n.fma(FloatVector.broadcast(SPECIES, -LN_2_LOW), r);
        FloatVector p = r.fma(
                FloatVector.broadcast(SPECIES, 1.9875691500e-4f), FloatVector.broadcast(SPECIES, 1.3981999507e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 8.3334519073e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 4.1665795894e-2f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.6666665459e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 5.0000001201e-1f));
        p = p.fma(r.mul(r), r.add(1f));
        return p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS)) // n to the exponent
                .reinterpretAsFloats();
    }

    /** rows[r, c] = start[r, c] + Σ features[r, e]·keys[e, c] over four features e; the two starts lie where they are said to. */
    static void products(
            float[] rows,
            float[] start,
            int at0,
            int at1,
            float[] keys,
            float[] features,
            int e,
            int width,
            int columns) {
        FloatVector a0 = FloatVector.broadcast(SPECIES, features[e]);
        FloatVector a1 = FloatVector.broadcast(SPECIES, features[e + 1]);
        FloatVector a2 = FloatVector.broadcast(SPECIES, features[e + 2]);
        FloatVector a3 = FloatVector.broadcast(SPECIES, features[e + 3]);
        FloatVector b0 = FloatVector.broadcast(SPECIES, features[width + e]);
        FloatVector b1 = FloatVector.broadcast(SPECIES, features[width + e + 1]);
        FloatVector b2 = FloatVector.broadcast(SPECIES, features[width + e + 2]);
        FloatVector b3 = FloatVector.broadcast(SPECIES, features[width + e + 3]);
        int from = e * columns;
        for (int c = 0; c < columns; c += COUNT) {
            FloatVector k0 = FloatVector.fromArray(SPECIES, keys, from + c);
            FloatVector k1 = FloatVector.fromArray(SPECIES, keys, from + columns + c);
            FloatVector k2 = FloatVector.fromArray(SPECIES, keys, from + 2 * columns + c);
            FloatVector k3 = FloatVector.fromArray(SPECIES, keys, from + 3 * columns + c);
            FloatVector a = FloatVector.fromArray(SPECIES, start, at0 + c);
            FloatVector b = FloatVector.fromArray(SPECIES, start, at1 + c);
            k3.fma(a3, k2.fma(a2, k1.fma(a1, k0.fma(a0, a)))).intoArray(rows, c);
            k3.fma(b3, k2.fma(b2, k1.fma(b1, k0.fma(b0, b)))).intoArray(rows, columns + c);
        }
    }

    /** The largest of a row. */
    static float max(float[] rows, int from, int columns) {
        FloatVector max = FloatVector.fromArray(SPECIES, rows, from);
        for (int c = COUNT; c < columns; c += COUNT) {
            max = max.max(FloatVector.fromArray(SPECIES, rows, from + c));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    /** Puts e^(x − max) in the place of x, for a row; their sum. */
    static float exponentials(float[] rows, int from, int columns, float max, float[] lanes) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int c = from; c < from + columns; c += COUNT) {
            FloatVector p = exp(FloatVector.fromArray(SPECIES, rows, c).sub(max));
            p.intoArray(rows, c);
            sum = sum.add(p);
        }
        sum.intoArray(lanes, 0);
        return total(lanes, 0);
    }

    /** Puts e^(x − max)·factor in the place of x, for a row. */
    static void weights(float[] rows, int from, int columns, float max, float factor) {
        for (int c = from; c < from + columns; c += COUNT) {
            exp(FloatVector.fromArray(SPECIES, rows, c).sub(max)).mul(factor).intoArray(rows, c);
        }
    }

    /** sums[r, e] = Σ rows[r, c]·keys[e, c] over all columns, for four features e. */
    static void sums(float[] sums, float[] rows, float[] keys, int e, int width, int columns, float[] lanes) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        int from = e * columns;
        for (int c = 0; c < columns; c += COUNT) {
            FloatVector a = FloatVector.fromArray(SPECIES, rows, c);
            FloatVector b = FloatVector.fromArray(SPECIES, rows, columns + c);
            FloatVector k0 = FloatVector.fromArray(SPECIES, keys, from + c);
            FloatVector k1 = FloatVector.fromArray(SPECIES, keys, from + columns + c);
            FloatVector k2 = FloatVector.fromArray(SPECIES, keys, from + 2 * columns + c);
            FloatVector k3 = FloatVector.fromArray(SPECIES, keys, from + 3 * columns + c);
            a0 = a.fma(k0, a0);
            a1 = a.fma(k1, a1);
            a2 = a.fma(k2, a2);
            a3 = a.fma(k3, a3);
            b0 = b.fma(k0, b0);
            b1 = b.fma(k1, b1);
            b2 = b.fma(k2, b2);
            b3 = b.fma(k3, b3);
        }
        a0.intoArray(lanes, 0);
        a1.intoArray(lanes, COUNT);
        a2.intoArray(lanes, 2 * COUNT);
        a3.intoArray(lanes, 3 * COUNT);
        b0.intoArray(lanes, 4 * COUNT);
        b1.intoArray(lanes, 5 * COUNT);
        b2.intoArray(lanes, 6 * COUNT);
        b3.intoArray(lanes, 7 * COUNT);
        for (int i = 0; i < FEATURES; i++) {
            sums[e + i] = total(lanes, i * COUNT);
            sums[width + e + i] = total(lanes, (FEATURES + i) * COUNT);
        }
    }

    /** keys[e, c] += Σ rows[r, c]·features[r, e] over the two rows, for four features e. */
    static void spread(float[] keys, float[] rows, float[] features, int e, int width, int columns) {
        FloatVector a0 = FloatVector.broadcast(SPECIES, features[e]);
        FloatVector a1 = FloatVector.broadcast(SPECIES, features[e + 1]);
        FloatVector a2 = FloatVector.broadcast(SPECIES, features[e + 2]);
        FloatVector a3 = FloatVector.broadcast(SPECIES, features[e + 3]);
        FloatVector b0 = FloatVector.broadcast(SPECIES, features[width + e]);
        FloatVector b1 = FloatVector.broadcast(SPECIES, features[width + e + 1]);
        FloatVector b2 = FloatVector.broadcast(SPECIES, features[width + e + 2]);
        FloatVector b3 = FloatVector.broadcast(SPECIES, features[width + e + 3]);
        for (int c = 0; c < columns; c += COUNT) {
            FloatVector a = FloatVector.fromArray(SPECIES, rows, c);
            FloatVector b = FloatVector.fromArray(SPECIES, rows, columns + c);
            add(keys, e * columns + c, a, a0, b, b0);
            add(keys, (e + 1) * columns + c, a, a1, b, b1);
            add(keys, (e + 2) * columns + c, a, a2, b, b2);
            add(keys, (e + 3) * columns + c, a, a3, b, b3);
        }
    }

    private static void add(float[] sum, int at, FloatVector a, FloatVector ofA, FloatVector b, FloatVector ofB) {
        b.fma(ofB, a.fma(ofA, FloatVector.fromArray(SPECIES, sum, at))).intoArray(sum, at);
    }

    /** Multiplies a row by another in its place, and adds the result to a row of {@code sum}. */
    static void multiply(float[] rows, float[] by, int from, float[] sum, int at, int columns) {
        for (int c = 0; c < columns; c += COUNT) {
            FloatVector product =
                    FloatVector.fromArray(SPECIES, rows, from + c).mul(FloatVector.fromArray(SPECIES, by, from + c));
            product.intoArray(rows, from + c);
            FloatVector.fromArray(SPECIES, sum, at + c).add(product).intoArray(sum, at + c);
        }
    }

    /** The sum of a vector that was stored, in an order that never changes. */
    private static float total(float[] lanes, int from) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int i = from; i < from + COUNT; i += 4) {
            a += lanes[i];
            b += lanes[i + 1];
            c += lanes[i + 2];
            d += lanes[i + 3];
        }
        return (a + b) + (c + d);
    }
}
