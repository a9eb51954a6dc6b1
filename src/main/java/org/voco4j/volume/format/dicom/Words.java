package org.voco4j.volume.format.dicom;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers in sentences. */
final class Words {
    private Words() {}

    /** To a ten-thousandth, without zeros at the end. */
    static String of(double number) {
        BigDecimal rounded = BigDecimal.valueOf(number).setScale(4, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** {@code 1 image}, {@code 2 images}. */
    static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
