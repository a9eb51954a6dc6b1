package org.voco4j.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products and sums of {@link WindowRows}: four rows of a table and four features at a time, over the columns in vectors.
 *
 * <p>Rows of a table and features of keys lie apart by {@code columns}, a multiple of {@link #COUNT}, and features of rows by
 * {@code width}.
 *
 * <p>C2 stops inlining in a method of more than some forty operations on vectors and makes objects of the rest, and so it does
 * with vectors that a loop carries on where vectors of two lengths are in use. Hence methods of one loop, and one species.
 */
final class Lanes {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Numbers in a vector. */
    static final int COUNT = SPECIES.length();

    /** Features that one loop takes together. */
    static final int FEATURES = 4;

    /** Rows that one loop takes together. */
    static final int ROWS = 4;

    private Lanes() {}

    /** rows[r, j] = Σ features[r, e]·keys[e, j] over four features e. */
    static void products(float[] rows, float[] keys, float[] features, int e, int width, int columns) {
        FloatVector a0 = FloatVector.broadcast(SPECIES, features[e]);
        FloatVector a1 = FloatVector.broadcast(SPECIES, features[e + 1]);
        FloatVector a2 = FloatVector.broadcast(SPECIES, features[e + 2]);
        FloatVector a3 = FloatVector.broadcast(SPECIES, features[e + 3]);
        FloatVector b0 = FloatVector.broadcast(SPECIES, features[width + e]);
        FloatVector b1 = FloatVector.broadcast(SPECIES, features[width + e + 1]);
        FloatVector b2 = FloatVector.broadcast(SPECIES, features[width + e + 2]);
        FloatVector b3 = FloatVector.broadcast(SPECIES, features[width + e + 3]);
        FloatVector c0 = FloatVector.broadcast(SPECIES, features[2 * width + e]);
        FloatVector c1 = FloatVector.broadcast(SPECIES, features[2 * width + e + 1]);
        FloatVector c2 = FloatVector.broadcast(SPECIES, features[2 * width + e + 2]);
        FloatVector c3 = FloatVector.broadcast(SPECIES, features[2 * width + e + 3]);
        FloatVector d0 = FloatVector.broadcast(SPECIES, features[3 * width + e]);
        FloatVector d1 = FloatVector.broadcast(SPECIES, features[3 * width + e + 1]);
        FloatVector d2 = FloatVector.broadcast(SPECIES, features[3 * width + e + 2]);
        FloatVector d3 = FloatVector.broadcast(SPECIES, features[3 * width + e + 3]);
        int from = e * columns;
        for (int j = 0; j < columns; j += COUNT) {
            FloatVector k0 = FloatVector.fromArray(SPECIES, keys, from + j);
            FloatVector k1 = FloatVector.fromArray(SPECIES, keys, from + columns + j);
            FloatVector k2 = FloatVector.fromArray(SPECIES, keys, from + 2 * columns + j);
            FloatVector k3 = FloatVector.fromArray(SPECIES, keys, from + 3 * columns + j);
            k3.fma(a3, k2.fma(a2, k1.fma(a1, k0.mul(a0)))).intoArray(rows, j);
            k3.fma(b3, k2.fma(b2, k1.fma(b1, k0.mul(b0)))).intoArray(rows, columns + j);
            k3.fma(c3, k2.fma(c2, k1.fma(c1, k0.mul(c0)))).intoArray(rows, 2 * columns + j);
            k3.fma(d3, k2.fma(d2, k1.fma(d1, k0.mul(d0)))).intoArray(rows, 3 * columns + j);
        }
    }

    /** rows[r, j] += Σ features[r, e]·keys[e, j] over four features e. */
    static void addProducts(float[] rows, float[] keys, float[] features, int e, int width, int columns) {
        FloatVector a0 = FloatVector.broadcast(SPECIES, features[e]);
        FloatVector a1 = FloatVector.broadcast(SPECIES, features[e + 1]);
        FloatVector a2 = FloatVector.broadcast(SPECIES, features[e + 2]);
        FloatVector a3 = FloatVector.broadcast(SPECIES, features[e + 3]);
        FloatVector b0 = FloatVector.broadcast(SPECIES, features[width + e]);
        FloatVector b1 = FloatVector.broadcast(SPECIES, features[width + e + 1]);
        FloatVector b2 = FloatVector.broadcast(SPECIES, features[width + e + 2]);
        FloatVector b3 = FloatVector.broadcast(SPECIES, features[width + e + 3]);
        FloatVector c0 = FloatVector.broadcast(SPECIES, features[2 * width + e]);
        FloatVector c1 = FloatVector.broadcast(SPECIES, features[2 * width + e + 1]);
        FloatVector c2 = FloatVector.broadcast(SPECIES, features[2 * width + e + 2]);
        FloatVector c3 = FloatVector.broadcast(SPECIES, features[2 * width + e + 3]);
        FloatVector d0 = FloatVector.broadcast(SPECIES, features[3 * width + e]);
        FloatVector d1 = FloatVector.broadcast(SPECIES, features[3 * width + e + 1]);
        FloatVector d2 = FloatVector.broadcast(SPECIES, features[3 * width + e + 2]);
        FloatVector d3 = FloatVector.broadcast(SPECIES, features[3 * width + e + 3]);
        int from = e * columns;
        for (int j = 0; j < columns; j += COUNT) {
            FloatVector k0 = FloatVector.fromArray(SPECIES, keys, from + j);
            FloatVector k1 = FloatVector.fromArray(SPECIES, keys, from + columns + j);
            FloatVector k2 = FloatVector.fromArray(SPECIES, keys, from + 2 * columns + j);
            FloatVector k3 = FloatVector.fromArray(SPECIES, keys, from + 3 * columns + j);
            FloatVector a = FloatVector.fromArray(SPECIES, rows, j);
            k3.fma(a3, k2.fma(a2, k1.fma(a1, k0.fma(a0, a)))).intoArray(rows, j);
            FloatVector b = FloatVector.fromArray(SPECIES, rows, columns + j);
            k3.fma(b3, k2.fma(b2, k1.fma(b1, k0.fma(b0, b)))).intoArray(rows, columns + j);
            FloatVector c = FloatVector.fromArray(SPECIES, rows, 2 * columns + j);
            k3.fma(c3, k2.fma(c2, k1.fma(c1, k0.fma(c0, c)))).intoArray(rows, 2 * columns + j);
            FloatVector d = FloatVector.fromArray(SPECIES, rows, 3 * columns + j);
            k3.fma(d3, k2.fma(d2, k1.fma(d1, k0.fma(d0, d)))).intoArray(rows, 3 * columns + j);
        }
    }

    /** Σ rows[r, j]·keys[e, j] over the columns of each lane, for four features e: vector 4·r + e of {@code lanes}. */
    static void sums(float[] rows, float[] keys, int e, int columns, float[] lanes) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector c2 = a0;
        FloatVector c3 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        FloatVector d2 = a0;
        FloatVector d3 = a0;
        int from = e * columns;
        for (int j = 0; j < columns; j += COUNT) {
            FloatVector a = FloatVector.fromArray(SPECIES, rows, j);
            FloatVector b = FloatVector.fromArray(SPECIES, rows, columns + j);
            FloatVector c = FloatVector.fromArray(SPECIES, rows, 2 * columns + j);
            FloatVector d = FloatVector.fromArray(SPECIES, rows, 3 * columns + j);
            FloatVector k0 = FloatVector.fromArray(SPECIES, keys, from + j);
            a0 = a.fma(k0, a0);
            b0 = b.fma(k0, b0);
            c0 = c.fma(k0, c0);
            d0 = d.fma(k0, d0);
            FloatVector k1 = FloatVector.fromArray(SPECIES, keys, from + columns + j);
            a1 = a.fma(k1, a1);
            b1 = b.fma(k1, b1);
            c1 = c.fma(k1, c1);
            d1 = d.fma(k1, d1);
            FloatVector k2 = FloatVector.fromArray(SPECIES, keys, from + 2 * columns + j);
            a2 = a.fma(k2, a2);
            b2 = b.fma(k2, b2);
            c2 = c.fma(k2, c2);
            d2 = d.fma(k2, d2);
            FloatVector k3 = FloatVector.fromArray(SPECIES, keys, from + 3 * columns + j);
            a3 = a.fma(k3, a3);
            b3 = b.fma(k3, b3);
            c3 = c.fma(k3, c3);
            d3 = d.fma(k3, d3);
        }
        a0.intoArray(lanes, 0);
        a1.intoArray(lanes, COUNT);
        a2.intoArray(lanes, 2 * COUNT);
        a3.intoArray(lanes, 3 * COUNT);
        b0.intoArray(lanes, 4 * COUNT);
        b1.intoArray(lanes, 5 * COUNT);
        b2.intoArray(lanes, 6 * COUNT);
        b3.intoArray(lanes, 7 * COUNT);
        c0.intoArray(lanes, 8 * COUNT);
        c1.intoArray(lanes, 9 * COUNT);
        c2.intoArray(lanes, 10 * COUNT);
        c3.intoArray(lanes, 11 * COUNT);
        d0.intoArray(lanes, 12 * COUNT);
        d1.intoArray(lanes, 13 * COUNT);
        d2.intoArray(lanes, 14 * COUNT);
        d3.intoArray(lanes, 15 * COUNT);
    }

    /** keys[e, j] += Σ features[r, e]·rows[r, j] over the rows, for four features e. */
    static void spread(float[] keys, float[] rows, float[] features, int e, int width, int columns) {
        FloatVector a0 = FloatVector.broadcast(SPECIES, features[e]);
        FloatVector a1 = FloatVector.broadcast(SPECIES, features[e + 1]);
        FloatVector a2 = FloatVector.broadcast(SPECIES, features[e + 2]);
        FloatVector a3 = FloatVector.broadcast(SPECIES, features[e + 3]);
        FloatVector b0 = FloatVector.broadcast(SPECIES, features[width + e]);
        FloatVector b1 = FloatVector.broadcast(SPECIES, features[width + e + 1]);
        FloatVector b2 = FloatVector.broadcast(SPECIES, features[width + e + 2]);
        FloatVector b3 = FloatVector.broadcast(SPECIES, features[width + e + 3]);
        FloatVector c0 = FloatVector.broadcast(SPECIES, features[2 * width + e]);
        FloatVector c1 = FloatVector.broadcast(SPECIES, features[2 * width + e + 1]);
        FloatVector c2 = FloatVector.broadcast(SPECIES, features[2 * width + e + 2]);
        FloatVector c3 = FloatVector.broadcast(SPECIES, features[2 * width + e + 3]);
        FloatVector d0 = FloatVector.broadcast(SPECIES, features[3 * width + e]);
        FloatVector d1 = FloatVector.broadcast(SPECIES, features[3 * width + e + 1]);
        FloatVector d2 = FloatVector.broadcast(SPECIES, features[3 * width + e + 2]);
        FloatVector d3 = FloatVector.broadcast(SPECIES, features[3 * width + e + 3]);
        int from = e * columns;
        for (int j = 0; j < columns; j += COUNT) {
            FloatVector a = FloatVector.fromArray(SPECIES, rows, j);
            FloatVector b = FloatVector.fromArray(SPECIES, rows, columns + j);
            FloatVector c = FloatVector.fromArray(SPECIES, rows, 2 * columns + j);
            FloatVector d = FloatVector.fromArray(SPECIES, rows, 3 * columns + j);
            FloatVector k0 = FloatVector.fromArray(SPECIES, keys, from + j);
            d.fma(d0, c.fma(c0, b.fma(b0, a.fma(a0, k0)))).intoArray(keys, from + j);
            FloatVector k1 = FloatVector.fromArray(SPECIES, keys, from + columns + j);
            d.fma(d1, c.fma(c1, b.fma(b1, a.fma(a1, k1)))).intoArray(keys, from + columns + j);
            FloatVector k2 = FloatVector.fromArray(SPECIES, keys, from + 2 * columns + j);
            d.fma(d2, c.fma(c2, b.fma(b2, a.fma(a2, k2)))).intoArray(keys, from + 2 * columns + j);
            FloatVector k3 = FloatVector.fromArray(SPECIES, keys, from + 3 * columns + j);
            d.fma(d3, c.fma(c3, b.fma(b3, a.fma(a3, k3)))).intoArray(keys, from + 3 * columns + j);
        }
    }

    /**
     * The sums of the first vectors of {@code lanes}, which are overwritten, each in one order: that of {@code reduceLanes} is
     * undefined and differs between interpreted and compiled code.
     */
    static void totals(float[] lanes, int count, float[] totals) {
        int half = COUNT / 2;
        for (int i = 0; i < count; i++) {
            FloatVector low = FloatVector.fromArray(SPECIES, lanes, i * COUNT);
            low.add(FloatVector.fromArray(SPECIES, lanes, i * COUNT + half))
                    .intoArray(lanes, i * half); // its upper half is nothing
        }
        for (int i = 0; i < count; i++) {
            float even = 0;
            float odd = 0;
            for (int j = i * half; j < (i + 1) * half; j += 2) {
                even += lanes[j];
                odd += lanes[j + 1];
            }
            totals[i] = even + odd;
        }
    }
}
