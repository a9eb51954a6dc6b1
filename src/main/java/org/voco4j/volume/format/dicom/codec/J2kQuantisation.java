package org.voco4j.volume.format.dicom.codec;

/**
 * How coefficients of subbands are quantised (T.800 section A.6.4 and annex E).
 *
 * @param derived whether the steps of all bands follow from the first
 * @param guard bits above those that a band should take
 * @param exponents by band, from the lowest on
 * @param mantissas by band, in parts of 2048
 */
record J2kQuantisation(boolean derived, int guard, int[] exponents, int[] mantissas) {
    static J2kQuantisation read(ByteInput segment) throws FrameException {
        int style = segment.u8();
        int kind = style & 31;
        if (kind > 2) {
            throw new FrameException("quantisation of kinds 0 to 2", "kind " + kind);
        }
        int count = kind == 1 ? 1 : segment.left() / (kind == 0 ? 1 : 2);
        int[] exponents = new int[count];
        int[] mantissas = new int[count];
        for (int i = 0; i < count; i++) {
            int step = kind == 0 ? segment.u8() << 8 : segment.u16();
            exponents[i] = step >> 11;
            mantissas[i] = step & 0x7ff;
        }
        return new J2kQuantisation(kind == 1, style >> 5, exponents, mantissas);
    }

    void require(int bands) throws FrameException {
        if (!derived && exponents.length < bands) {
            throw new FrameException("quantisation of " + bands + " subbands", "that of " + exponents.length);
        }
    }

    /** The exponent of a band. */
    int exponent(int band) {
        // with each resolution above the lowest two, bands take one bit less of the first one's (equation E-5)
        return derived ? exponents[0] - (band - 1) / 3 : exponents[band];
    }

    /** The step of a band whose coefficients have so many bits (equation E-3). */
    float step(int band, int bits) {
        int mantissa = mantissas[derived ? 0 : band];
        return (float) Math.scalb(1 + mantissa / 2048.0, bits - exponent(band));
    }
}
