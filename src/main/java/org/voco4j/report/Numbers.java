package org.voco4j.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.regex.Pattern;

/** How numbers are written on axes and labels, and which table cells are numbers. */
final class Numbers {
    private static final String NUMBER = "[+\\-−]?(\\d[\\d,  ]*)?\\.?\\d+([eE][+\\-−]?\\d+)?";
    private static final Pattern CELL = Pattern.compile("[<>≤≥~±]?\\s?" + NUMBER
            + "(\\s?[%‰×]|\\s[\\p{L}µ°][\\p{L}\\d²³/·]{0,7})?" // a unit
            + "(\\s?±\\s?" + NUMBER + ")?" // a deviation
            + "(\\s?[\\[(]" + NUMBER + "\\s?(,|…|–|to)\\s?" + NUMBER + "[\\])])?"); // an interval
    private static final Pattern MISSING = Pattern.compile("|-|–|—|−|n/a|[Nn]a[Nn]|[+\\-−]?(∞|[Ii]nf(inity)?)");

    private Numbers() {}

    /** At most {@code digits} significant digits, no trailing zeros, powers of ten outside 0.001…99 999. */
    static String compact(double value, int digits) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
        }
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size >= 1e-3 && size < 1e5) {
            return rounded(value, digits).toPlainString().replace('-', '−');
        }
        return scientific(value, digits);
    }

    /** A finite value as mantissa and power of ten, 2.5e−4; zero is 0. */
    static String scientific(double value, int digits) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = rounded(value, digits);
        int exponent = rounded.precision() - rounded.scale() - 1;
        String mantissa = rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        return (mantissa + "e" + exponent).replace('-', '−');
    }

    private static BigDecimal rounded(double value, int digits) {
        return new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
    }

    /** A count of steps on an axis: 500, 1.5k, 20k, 1.5M. */
    static String steps(double value) {
        double size = Math.abs(value);
        if (size >= 1e6) {
            return compact(value / 1e6, 4) + "M";
        }
        return size >= 1e3 ? compact(value / 1e3, 4) + "k" : compact(value, 5);
    }

    /** A share between 0 and 1 with two decimals; not a number is a dash. */
    static String share(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : "–";
    }

    /** Whether a table cell reads as a number: with sign, unit, deviation or interval, if any, or as a missing one. */
    static boolean isNumber(String cell) {
        String text = cell.strip();
        return MISSING.matcher(text).matches() || CELL.matcher(text).matches();
    }

    /** Whether a cell holds a place for a number that is not there. */
    static boolean isMissing(String cell) {
        return MISSING.matcher(cell.strip()).matches();
    }
}
