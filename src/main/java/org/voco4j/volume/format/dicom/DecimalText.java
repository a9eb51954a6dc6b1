package org.voco4j.volume.format.dicom;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as the text that a decimal string holds: at most 16 characters (PS3.5 section 6.2, DS). */
final class DecimalText {
    private static final int MOST = 16;

    private DecimalText() {}

    /** The closest of them, in the fewest digits that say the number. */
    static String of(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("expected a finite number, not " + value);
        }
        String shortest = shorter(new BigDecimal(Double.toString(value)));
        for (int digits = 16; shortest.length() > MOST; digits--) {
            shortest = shorter(new BigDecimal(value).round(new MathContext(digits)));
        }
        return shortest;
    }

    private static String shorter(BigDecimal number) {
        BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        String digits = plain.toPlainString();
        String power = plain.unscaledValue() + "E" + -plain.scale();
        return digits.length() <= power.length() || digits.length() <= MOST ? digits : power;
    }
}
