package org.voco4j.volume.format.dicom.codec;

import java.util.Arrays;

/**
 * What JPEG-LS learns while it decodes (T.87 annex A): for each context of neighbours, how large differences to what is
 * predicted have been and which way they went.
 */
final class JpegLsModel {
    private static final int CONTEXTS = 365; // and two of samples that end a run

    private final int near;
    private final int maximum;
    private final int threshold1;
    private final int threshold2;
    private final int threshold3;
    private final int reset;
    private final int range; // how many differences there are, modulo which they are coded
    private final int rangeBits;
    private final int limit; // bits of the longest code
    private final int[] sizes = new int[CONTEXTS + 2]; // A: the sum of absolute differences
    private final int[] biases = new int[CONTEXTS]; // B: the sum of differences
    private final int[] corrections = new int[CONTEXTS]; // C
    private final int[] counts = new int[CONTEXTS + 2]; // N
    private final int[] negatives = new int[2]; // Nn: how many differences at the ends of runs were negative

    /**
     * A model that knows nothing yet.
     *
     * @param near how far a decoded sample may lie from the true one; 0 for lossless
     * @param presets MAXVAL, T1, T2, T3 and RESET, each 0 for what T.87 section C.2.4.1.1 has by default
     */
    JpegLsModel(int precision, int near, int[] presets) throws FrameException {
        this.near = near;
        int largest = (1 << precision) - 1;
        maximum = presets[0] == 0 ? largest : presets[0];
        int times = maximum >= 128 ? (Math.min(maximum, 4095) + 128) / 256 : 1;
        int parts = maximum >= 128 ? 1 : 256 / (maximum + 1);
        threshold1 = preset(presets[1], Math.max(2, (times + 2) / parts + 3 * near), near + 1);
        threshold2 = preset(presets[2], Math.max(3, (4 * times + 3) / parts + 5 * near), threshold1);
        threshold3 = preset(presets[3], Math.max(4, (17 * times + 4) / parts + 7 * near), threshold2);
        reset = presets[4] == 0 ? 64 : presets[4];
        boolean sound = maximum <= largest
                && near <= Math.min(255, maximum / 2)
                && near < threshold1
                && threshold1 <= threshold2
                && threshold2 <= threshold3
                && threshold3 <= maximum
                && reset >= 3
                && reset <= Math.max(255, maximum);
        if (!sound) {
            throw new FrameException(
                    "JPEG-LS presets within the bounds of T.87 for samples of " + precision + " bits",
                    "MAXVAL, T1, T2, T3, RESET = " + Arrays.toString(presets) + ", NEAR = " + near);
        }
        range = (maximum + 2 * near) / (2 * near + 1) + 1;
        rangeBits = bits(range);
        int sampleBits = Math.max(2, bits(maximum + 1));
        limit = 2 * (sampleBits + Math.max(8, sampleBits));
        Arrays.fill(sizes, Math.max(2, (range + 32) / 64));
        Arrays.fill(counts, 1);
    }

    private int preset(int said, int byDefault, int least) {
        if (said != 0) {
            return said;
        }
        return byDefault > maximum || byDefault < least ? least : byDefault;
    }

    /** The bits that numbers below n take. */
    private static int bits(int n) {
        return 32 - Integer.numberOfLeadingZeros(n - 1);
    }

    /** The context of three gradients, −364 … 364; 0 where a run begins (T.87 sections A.3.1 to A.3.4). */
    int context(int gradient1, int gradient2, int gradient3) {
        return 81 * region(gradient1) + 9 * region(gradient2) + region(gradient3);
    }

    private int region(int gradient) {
        int size = Math.abs(gradient);
        if (size <= near) {
            return 0;
        }
        int region = size < threshold1 ? 1 : size < threshold2 ? 2 : size < threshold3 ? 3 : 4;
        return gradient < 0 ? -region : region;
    }

    /** Whether two samples are as good as equal. */
    boolean alike(int a, int b) {
        return Math.abs(a - b) <= near;
    }

    /** The next sample that is no run, after a to its left, b above and c above a (T.87 sections A.4 to A.6). */
    int sample(JpegBits bits, int signed, int a, int b, int c) throws FrameException {
        int sign = signed < 0 ? -1 : 1;
        int q = Math.abs(signed);
        int least = Math.min(a, b);
        int most = Math.max(a, b);
        int edge = c >= most ? least : c <= least ? most : a + b - c;
        int predicted = Math.min(Math.max(edge + sign * corrections[q], 0), maximum);
        int k = parameter(sizes[q], counts[q]);
        int mapped = golomb(bits, k, limit);
        int error = (mapped >> 1) ^ -(mapped & 1);
        if (k == 0 && near == 0 && 2 * biases[q] <= -counts[q]) {
            error = ~error;
        }
        learn(q, error);
        return reconstructed(predicted + sign * error * (2 * near + 1));
    }

    private void learn(int q, int error) {
        sizes[q] += Math.abs(error);
        int bias = biases[q] + error * (2 * near + 1);
        if (counts[q] == reset) {
            sizes[q] >>= 1;
            bias >>= 1;
            counts[q] >>= 1;
        }
        int count = ++counts[q];
        if (bias <= -count) {
            bias = Math.max(bias + count, 1 - count);
            corrections[q] = Math.max(corrections[q] - 1, -128);
        } else if (bias > 0) {
            bias = Math.min(bias - count, 0);
            corrections[q] = Math.min(corrections[q] + 1, 127);
        }
        biases[q] = bias;
    }

    /**
     * The sample after a run (T.87 section A.7.2).
     *
     * @param type 1 if a, to the left, and b, above, are alike in the one component that is coded, else 0
     * @param runBits bits that the run itself has taken of the longest code
     */
    int afterRun(JpegBits bits, int a, int b, int type, int runBits) throws FrameException {
        int q = CONTEXTS + type;
        int k = parameter(sizes[q] + type * (counts[q] >> 1), counts[q]);
        int mapped = golomb(bits, k, limit - runBits - 1);
        int odd = (mapped + type) & 1;
        int size = (mapped + type + odd) >> 1;
        boolean usual = k != 0 || 2 * negatives[type] >= counts[q];
        int error = usual == (odd == 1) ? -size : size;
        if (error < 0) {
            negatives[type]++;
        }
        sizes[q] += (mapped + 1 - type) >> 1;
        if (counts[q] == reset) {
            sizes[q] >>= 1;
            counts[q] >>= 1;
            negatives[type] >>= 1;
        }
        counts[q]++;
        int sign = type == 0 && a > b ? -1 : 1;
        return reconstructed((type == 1 ? a : b) + sign * error * (2 * near + 1));
    }

    /** The k of Golomb codes for differences of that size: the least with 2^k · count not below their sum. */
    private static int parameter(int size, int count) {
        int k = 0;
        while ((long) count << k < size) {
            k++;
        }
        return k;
    }

    /** The next number in a Golomb code of limited length (T.87 section A.5.3). */
    private int golomb(JpegBits bits, int k, int length) throws FrameException {
        int longest = length - rangeBits - 1;
        int zeros = bits.zeros();
        int mapped = zeros < longest ? zeros << k | bits.take(k) : bits.take(rangeBits) + 1;
        if (zeros > longest || mapped > range) {
            throw new FrameException("codes of differences of JPEG-LS", "a longer one");
        }
        return mapped;
    }

    private int reconstructed(int sample) {
        int cycle = range * (2 * near + 1);
        int within = sample < -near ? sample + cycle : sample > maximum + near ? sample - cycle : sample;
        return Math.min(Math.max(within, 0), maximum);
    }
}
