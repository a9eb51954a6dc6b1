package org.voco4j.volume.format.dicom;

/** Colours as DICOM keeps them: CIE L*a*b* under the white D50, in whole numbers of 16 bits (PS3.3 section C.10.7.1.1). */
final class CieLab {
    /** Linear sRGB → XYZ under D50: the primaries of IEC 61966-2-1, adapted from D65 by Bradford's matrix. */
    private static final double[][] XYZ = {
        {0.4360747, 0.3850649, 0.1430804},
        {0.2225045, 0.7168786, 0.0606169},
        {0.0139322, 0.0971045, 0.7141733},
    };

    private static final double[] WHITE = {0.96422, 1.0, 0.82521};

    private CieLab() {}

    /**
     * The three numbers of a colour: L* of 0 … 100, and a*, b* of −128 … 127, each on 0 … 65535.
     *
     * @param srgb {@code #rrggbb}
     */
    static int[] of(String srgb) {
        int rgb = Integer.parseInt(srgb.substring(1), 16);
        double[] linear = {linear(rgb >> 16), linear(rgb >> 8), linear(rgb)};
        double[] f = new double[3];
        for (int i = 0; i < 3; i++) {
            double value = 0;
            for (int c = 0; c < 3; c++) {
                value += XYZ[i][c] * linear[c];
            }
            f[i] = compressed(value / WHITE[i]);
        }
        return new int[] {
            scaled((116 * f[1] - 16) / 100),
            scaled((500 * (f[0] - f[1]) + 128) / 255),
            scaled((200 * (f[1] - f[2]) + 128) / 255)
        };
    }

    private static double linear(int byteOfColour) {
        double value = (byteOfColour & 0xff) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    private static double compressed(double t) {
        return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }

    private static int scaled(double share) {
        return (int) Math.round(65535 * Math.min(1, Math.max(0, share)));
    }
}
