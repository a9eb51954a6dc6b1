package org.voco4j.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * From scores s of a row, with a bias b, to weights 2ˢ⁺ᵇ.
 *
 * <p>The constants of the exponential are in an array and read before each loop: those in the code C2 would read from the stack in every
 * turn where the loop is a part of a larger method.
 */
final class Powers {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Scores between this and its negative need no shift: no sum of their weights overflows, and each is far above denormal numbers. */
    static final float MOST = 40;

    /** The score of columns that only fill a vector: 2⁻⁷⁰ is nothing beside 2⁻⁴⁰. */
    static final float NOTHING = -70;

    /** 2⁻⁸⁶ = 10⁻²⁶ is nothing beside the largest weight of a shifted row, 1, and products with it are no denormal numbers. */
    private static final float LEAST = -86;

    private static final int MANTISSA_BITS = 23;

    /** 1.5·2²³: what is added to it is rounded to a whole number. Then 2ʳ for |r| ≤ ½ by powers of r, relatively 10⁻⁷ off at most. */
    private static final float[] CONSTANTS = {
        12582912f, 1, 6.93147e-1f, 2.4022242e-1f, 5.550734e-2f, 9.671513e-3f, 1.3264716e-3f
    };

    private Powers() {}

    /** 2ˣ for |x| ≤ 100 within 3 ulp: 2ⁿ·2ʳ with x = n + r. */
    private static FloatVector exp2(
            FloatVector x,
            FloatVector round,
            FloatVector c0,
            FloatVector c1,
            FloatVector c2,
            FloatVector c3,
            FloatVector c4,
            FloatVector c5) {
        FloatVector shifted = x.add(round);
        FloatVector r = x.sub(shifted.sub(round));
        FloatVector p = r.fma(c5, c4).fma(r, c3).fma(r, c2).fma(r, c1).fma(r, c0);
        return p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS)) // n to the exponent
                .reinterpretAsFloats();
    }

    /** Puts weights in the place of scores, for a row; vector {@code r} of {@code lanes} is the sum of the columns of each lane. */
    static void weights(float[] rows, int r, float[] bias, int at, int columns, float[] lanes) {
        FloatVector round = FloatVector.broadcast(SPECIES, CONSTANTS[0]);
        FloatVector c0 = FloatVector.broadcast(SPECIES, CONSTANTS[1]);
        FloatVector c1 = FloatVector.broadcast(SPECIES, CONSTANTS[2]);
        FloatVector c2 = FloatVector.broadcast(SPECIES, CONSTANTS[3]);
        FloatVector c3 = FloatVector.broadcast(SPECIES, CONSTANTS[4]);
        FloatVector c4 = FloatVector.broadcast(SPECIES, CONSTANTS[5]);
        FloatVector c5 = FloatVector.broadcast(SPECIES, CONSTANTS[6]);
        FloatVector sum = FloatVector.zero(SPECIES);
        int from = r * columns;
        for (int j = 0; j < columns; j += Lanes.COUNT) {
            FloatVector x =
                    FloatVector.fromArray(SPECIES, rows, from + j).add(FloatVector.fromArray(SPECIES, bias, at + j));
            FloatVector p = exp2(x, round, c0, c1, c2, c3, c4, c5);
            p.intoArray(rows, from + j);
            sum = sum.add(p);
        }
        sum.intoArray(lanes, r * Lanes.COUNT);
    }

    /** Puts weights p in the place of scores and slopes p·(x − δ) in that of x, for a row, and adds the slopes to {@code ofBias}. */
    static void slopes(
            float[] rows,
            float[] slopes,
            int r,
            float delta,
            float[] bias,
            int at,
            float[] ofBias,
            int to,
            int columns) {
        FloatVector round = FloatVector.broadcast(SPECIES, CONSTANTS[0]);
        FloatVector c0 = FloatVector.broadcast(SPECIES, CONSTANTS[1]);
        FloatVector c1 = FloatVector.broadcast(SPECIES, CONSTANTS[2]);
        FloatVector c2 = FloatVector.broadcast(SPECIES, CONSTANTS[3]);
        FloatVector c3 = FloatVector.broadcast(SPECIES, CONSTANTS[4]);
        FloatVector c4 = FloatVector.broadcast(SPECIES, CONSTANTS[5]);
        FloatVector c5 = FloatVector.broadcast(SPECIES, CONSTANTS[6]);
        FloatVector less = FloatVector.broadcast(SPECIES, delta);
        int from = r * columns;
        for (int j = 0; j < columns; j += Lanes.COUNT) {
            FloatVector x =
                    FloatVector.fromArray(SPECIES, rows, from + j).add(FloatVector.fromArray(SPECIES, bias, at + j));
            FloatVector p = exp2(x, round, c0, c1, c2, c3, c4, c5);
            p.intoArray(rows, from + j);
            FloatVector slope =
                    FloatVector.fromArray(SPECIES, slopes, from + j).sub(less).mul(p);
            slope.intoArray(slopes, from + j);
            FloatVector.fromArray(SPECIES, ofBias, to + j).add(slope).intoArray(ofBias, to + j);
        }
    }

    /** Adds the bias to a row. */
    static void add(float[] rows, int r, float[] bias, int at, int columns) {
        int from = r * columns;
        for (int j = 0; j < columns; j += Lanes.COUNT) {
            FloatVector.fromArray(SPECIES, rows, from + j)
                    .add(FloatVector.fromArray(SPECIES, bias, at + j))
                    .intoArray(rows, from + j);
        }
    }

    /** The largest of a row; what is no number may be passed over. */
    static float max(float[] rows, int r, int columns) {
        int from = r * columns;
        FloatVector max = FloatVector.fromArray(SPECIES, rows, from);
        for (int j = Lanes.COUNT; j < columns; j += Lanes.COUNT) {
            FloatVector x = FloatVector.fromArray(SPECIES, rows, from + j);
            max = max.blend(x, max.lt(x)); // max() would take six operations, to order zeros and what is no number
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    /** Shifts a row by its largest score, so that this one is 0; scores far below are raised to where nothing underflows. */
    static void shift(float[] rows, int r, float largest, int columns) {
        int from = r * columns;
        for (int j = 0; j < columns; j += Lanes.COUNT) {
            FloatVector x = FloatVector.fromArray(SPECIES, rows, from + j).sub(largest);
            x.blend(LEAST, x.lt(LEAST)).intoArray(rows, from + j);
        }
    }
}
