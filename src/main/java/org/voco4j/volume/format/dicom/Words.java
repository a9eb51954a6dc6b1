package org.voco4j.volume.format.dicom;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers in sentences. */
final class Words {
    private static final double MOST_IN_DIGITS = 1e9;

    private Words() {}

    /** To a ten-thousandth, without zeros at the end; what a damaged file says, or what comes of it, as a power of ten or as infinite. */
    static String of(double number) {
        if (!(Math.abs(number) < MOST_IN_DIGITS)) {
            return Double.toString(number);
        }
        BigDecimal rounded = BigDecimal.valueOf(number).setScale(4, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** {@code 1 image}, {@code 2 images}. */
    static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
