package org.voco4j.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Numbers of 32 bits from brain floats of 16 and back: these are the upper half of those. */
final class BrainFloatLanes {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
    private static final int LANES = FLOATS.length();
    private static final int HALF = 16; // bits
    private static final int JUST_BELOW_HALF = 0x7fff;
    private static final int NOT_A_NUMBER = 0x7fc0;

    private BrainFloatLanes() {}

    static void widen(short[] from, float[] to, int count) {
        int whole = count - count % LANES;
        for (int i = 0; i < whole; i += LANES) {
            ((IntVector) ShortVector.fromArray(SHORTS, from, i).convertShape(VectorOperators.S2I, INTS, 0))
                    .lanewise(VectorOperators.LSHL, HALF)
                    .reinterpretAsFloats()
                    .intoArray(to, i);
        }
        for (int i = whole; i < count; i++) {
            to[i] = Float.intBitsToFloat(from[i] << HALF);
        }
    }

    static void narrow(float[] from, short[] to, int count) {
        int whole = count - count % LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, from, i);
            IntVector bits = x.reinterpretAsInts();
            IntVector odd = bits.lanewise(VectorOperators.LSHR, HALF).and(1);
            IntVector rounded = bits.add(odd).add(JUST_BELOW_HALF).lanewise(VectorOperators.LSHR, HALF);
            IntVector result =
                    rounded.blend(NOT_A_NUMBER, x.compare(VectorOperators.NE, x).cast(INTS));
            ((ShortVector) result.convertShape(VectorOperators.I2S, SHORTS, 0)).intoArray(to, i);
        }
        for (int i = whole; i < count; i++) {
            int bits = Float.floatToRawIntBits(from[i]);
            to[i] = (short)
                    (Float.isNaN(from[i]) ? NOT_A_NUMBER : (bits + (bits >>> HALF & 1) + JUST_BELOW_HALF) >>> HALF);
        }
    }
}
