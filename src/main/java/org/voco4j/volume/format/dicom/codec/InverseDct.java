package org.voco4j.volume.format.dicom.codec;

/**
 * The inverse cosine transform of 8 x 8 coefficients (T.81 section A.3.3), by the scheme of Loeffler, Ligtenberg and
 * Moschytz (ICASSP 1989, figure 1) in whole numbers.
 *
 * <p>Factors have 13 bits after the point, columns come first, and what they give keeps 2 bits after the point (1 for 12-bit
 * samples): so does the decoder that most programs use, and samples are the same to the last bit.
 */
final class InverseDct {
    private static final int POINT = 13;

    // with c(n) = √2 cos(nπ/16): the turns of the even and of the odd half
    private static final int C6 = fixed(0.541196100);
    private static final int C2_LESS_C6 = fixed(0.765366865);
    private static final int C2_PLUS_C6 = fixed(1.847759065);
    private static final int C3 = fixed(1.175875602);
    private static final int C3_LESS_C5 = fixed(0.390180644);
    private static final int C3_PLUS_C5 = fixed(1.961570560);
    private static final int C3_LESS_C7 = fixed(0.899976223);
    private static final int C1_PLUS_C3 = fixed(2.562915447);
    private static final int ODD_7 = fixed(0.298631336);
    private static final int ODD_5 = fixed(2.053119869);
    private static final int ODD_3 = fixed(3.072711026);
    private static final int ODD_1 = fixed(1.501321110);

    private final int kept;
    private final int centre;
    private final int largest;
    private final int[] out = new int[8];

    InverseDct(int precision) {
        kept = precision > 8 ? 1 : 2;
        centre = 1 << (precision - 1);
        largest = (1 << precision) - 1;
    }

    private static int fixed(double factor) {
        return (int) Math.rint(factor * (1 << POINT));
    }

    /**
     * Transforms a block, which is used up, and stores its samples.
     *
     * @param at where the first sample goes
     * @param stride from one row of samples to the next
     */
    void transform(int[] block, short[] samples, int at, int stride) {
        for (int column = 0; column < 8; column++) {
            eight(block, column, 8);
            for (int i = 0; i < 8; i++) {
                block[column + 8 * i] = rounded(out[i], POINT - kept);
            }
        }
        for (int row = 0; row < 8; row++) {
            eight(block, row * 8, 1);
            for (int i = 0; i < 8; i++) {
                int sample = centre + rounded(out[i], POINT + kept + 3);
                samples[at + row * stride + i] = (short) Math.min(Math.max(sample, 0), largest);
            }
        }
    }

    private static int rounded(int value, int bits) {
        return (value + (1 << (bits - 1))) >> bits;
    }

    /** √8 times the transform of eight numbers, with 13 bits after the point. */
    private void eight(int[] in, int at, int step) {
        int x2 = in[at + 2 * step];
        int x6 = in[at + 6 * step];
        int turn = (x2 + x6) * C6;
        int low = turn - x6 * C2_PLUS_C6;
        int high = turn + x2 * C2_LESS_C6;
        int sum = (in[at] + in[at + 4 * step]) << POINT;
        int difference = (in[at] - in[at + 4 * step]) << POINT;

        int x1 = in[at + step];
        int x3 = in[at + 3 * step];
        int x5 = in[at + 5 * step];
        int x7 = in[at + 7 * step];
        int z5 = (x7 + x3 + x5 + x1) * C3;
        int z1 = (x7 + x1) * -C3_LESS_C7;
        int z2 = (x5 + x3) * -C1_PLUS_C3;
        int z3 = (x7 + x3) * -C3_PLUS_C5 + z5;
        int z4 = (x5 + x1) * -C3_LESS_C5 + z5;
        int odd3 = x7 * ODD_7 + z1 + z3;
        int odd2 = x5 * ODD_5 + z2 + z4;
        int odd1 = x3 * ODD_3 + z2 + z3;
        int odd0 = x1 * ODD_1 + z1 + z4;

        out[0] = sum + high + odd0;
        out[7] = sum + high - odd0;
        out[1] = difference + low + odd1;
        out[6] = difference + low - odd1;
        out[2] = difference - low + odd2;
        out[5] = difference - low - odd2;
        out[3] = sum - high + odd3;
        out[4] = sum - high - odd3;
    }
}
