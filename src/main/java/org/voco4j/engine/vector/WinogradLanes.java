package org.voco4j.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The sums and products of {@link WinogradKernel}, along rows of whole vectors: methods of one loop, as {@link Lanes} says. */
final class WinogradLanes {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int COUNT = Lanes.COUNT;

    /** Rows that one product takes together. */
    static final int ROWS = 4;

    private WinogradLanes() {}

    /**
     * Bᵀd of four rows.
     *
     * @param from where the first is in {@code d}, the next ones {@code apart} after the one before
     * @param to where the first of the four results goes, likewise
     */
    static void ofMap(float[] d, int from, int apart, float[] into, int to, int next, int length) {
        for (int j = 0; j < length; j += COUNT) {
            FloatVector d0 = FloatVector.fromArray(SPECIES, d, from + j);
            FloatVector d1 = FloatVector.fromArray(SPECIES, d, from + apart + j);
            FloatVector d2 = FloatVector.fromArray(SPECIES, d, from + 2 * apart + j);
            FloatVector d3 = FloatVector.fromArray(SPECIES, d, from + 3 * apart + j);
            d0.sub(d2).intoArray(into, to + j);
            d1.add(d2).intoArray(into, to + next + j);
            d2.sub(d1).intoArray(into, to + 2 * next + j);
            d1.sub(d3).intoArray(into, to + 3 * next + j);
        }
    }

    /** G·g of three rows, which makes four. */
    static void ofWeight(float[] g, int from, int apart, float[] into, int to, int next, int length) {
        for (int j = 0; j < length; j += COUNT) {
            FloatVector g0 = FloatVector.fromArray(SPECIES, g, from + j);
            FloatVector g1 = FloatVector.fromArray(SPECIES, g, from + apart + j).mul(0.5f);
            FloatVector g2 = FloatVector.fromArray(SPECIES, g, from + 2 * apart + j);
            FloatVector ends = g0.add(g2).mul(0.5f);
            g0.intoArray(into, to + j);
            ends.add(g1).intoArray(into, to + next + j);
            ends.sub(g1).intoArray(into, to + 2 * next + j);
            g2.intoArray(into, to + 3 * next + j);
        }
    }

    /** Aᵀm of four rows, which makes two. */
    static void ofProducts(float[] m, int from, int apart, float[] into, int to, int next, int length) {
        for (int j = 0; j < length; j += COUNT) {
            FloatVector m0 = FloatVector.fromArray(SPECIES, m, from + j);
            FloatVector m1 = FloatVector.fromArray(SPECIES, m, from + apart + j);
            FloatVector m2 = FloatVector.fromArray(SPECIES, m, from + 2 * apart + j);
            FloatVector m3 = FloatVector.fromArray(SPECIES, m, from + 3 * apart + j);
            m0.add(m1).add(m2).intoArray(into, to + j);
            m1.sub(m2).sub(m3).intoArray(into, to + next + j);
        }
    }

    /** Adds numbers to a row. */
    static void add(float[] row, int from, float[] numbers) {
        for (int j = 0; j < numbers.length; j += COUNT) {
            FloatVector sum = FloatVector.fromArray(SPECIES, row, from + j);
            sum.add(FloatVector.fromArray(SPECIES, numbers, j)).intoArray(row, from + j);
        }
    }

    /**
     * Products of four rows and three vectors of columns.
     *
     * @param v rows of {@code in} numbers one after the other
     * @param u [in, out], from the first column on
     * @param m rows of {@code out} numbers, written
     */
    static void products3(float[] v, int row, int in, float[] u, int column, int out, float[] m, int to) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector c2 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        FloatVector d2 = a0;
        for (int e = 0; e < in; e++) {
            int from = column + e * out;
            FloatVector u0 = FloatVector.fromArray(SPECIES, u, from);
            FloatVector u1 = FloatVector.fromArray(SPECIES, u, from + COUNT);
            FloatVector u2 = FloatVector.fromArray(SPECIES, u, from + 2 * COUNT);
            FloatVector a = FloatVector.broadcast(SPECIES, v[row + e]);
            a0 = a.fma(u0, a0);
            a1 = a.fma(u1, a1);
            a2 = a.fma(u2, a2);
            FloatVector b = FloatVector.broadcast(SPECIES, v[row + in + e]);
            b0 = b.fma(u0, b0);
            b1 = b.fma(u1, b1);
            b2 = b.fma(u2, b2);
            FloatVector c = FloatVector.broadcast(SPECIES, v[row + 2 * in + e]);
            c0 = c.fma(u0, c0);
            c1 = c.fma(u1, c1);
            c2 = c.fma(u2, c2);
            FloatVector d = FloatVector.broadcast(SPECIES, v[row + 3 * in + e]);
            d0 = d.fma(u0, d0);
            d1 = d.fma(u1, d1);
            d2 = d.fma(u2, d2);
        }
        a0.intoArray(m, to);
        a1.intoArray(m, to + COUNT);
        a2.intoArray(m, to + 2 * COUNT);
        b0.intoArray(m, to + out);
        b1.intoArray(m, to + out + COUNT);
        b2.intoArray(m, to + out + 2 * COUNT);
        c0.intoArray(m, to + 2 * out);
        c1.intoArray(m, to + 2 * out + COUNT);
        c2.intoArray(m, to + 2 * out + 2 * COUNT);
        d0.intoArray(m, to + 3 * out);
        d1.intoArray(m, to + 3 * out + COUNT);
        d2.intoArray(m, to + 3 * out + 2 * COUNT);
    }

    /** The same with two vectors of columns. */
    static void products2(float[] v, int row, int in, float[] u, int column, int out, float[] m, int to) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        for (int e = 0; e < in; e++) {
            int from = column + e * out;
            FloatVector u0 = FloatVector.fromArray(SPECIES, u, from);
            FloatVector u1 = FloatVector.fromArray(SPECIES, u, from + COUNT);
            FloatVector a = FloatVector.broadcast(SPECIES, v[row + e]);
            a0 = a.fma(u0, a0);
            a1 = a.fma(u1, a1);
            FloatVector b = FloatVector.broadcast(SPECIES, v[row + in + e]);
            b0 = b.fma(u0, b0);
            b1 = b.fma(u1, b1);
            FloatVector c = FloatVector.broadcast(SPECIES, v[row + 2 * in + e]);
            c0 = c.fma(u0, c0);
            c1 = c.fma(u1, c1);
            FloatVector d = FloatVector.broadcast(SPECIES, v[row + 3 * in + e]);
            d0 = d.fma(u0, d0);
            d1 = d.fma(u1, d1);
        }
        a0.intoArray(m, to);
        a1.intoArray(m, to + COUNT);
        b0.intoArray(m, to + out);
        b1.intoArray(m, to + out + COUNT);
        c0.intoArray(m, to + 2 * out);
        c1.intoArray(m, to + 2 * out + COUNT);
        d0.intoArray(m, to + 3 * out);
        d1.intoArray(m, to + 3 * out + COUNT);
    }
}
