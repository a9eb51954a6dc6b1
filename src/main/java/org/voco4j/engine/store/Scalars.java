package org.voco4j.engine.store;

import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** Single values: the text that metadata keep them as, and the largest of a tensor. */
public final class Scalars {
    /** From here on a value rounds to infinity in half precision, whose largest is 65504. */
    public static final double BEYOND_HALF = 65520;

    private static final int PIECE = 1 << 20; // values at a time

    private Scalars() {}

    /** The number or truth value that is written exactly so; else the text itself. */
    public static Object parse(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        try {
            Long whole = Long.valueOf(text);
            if (whole.toString().equals(text)) {
                return whole;
            }
        } catch (NumberFormatException notWhole) {
            // perhaps a fraction
        }
        try {
            Double number = Double.valueOf(text);
            return number.toString().equals(text) ? number : text;
        } catch (NumberFormatException noNumber) {
            return text;
        }
    }

    /** The largest |value| that is finite, 0 if there is none. */
    public static double largest(Tensor tensor) {
        double largest = 0;
        try (Scope scope = Scope.open()) {
            Tensor flat = tensor.reshape(tensor.count());
            for (long at = 0; at < tensor.count(); at += PIECE) {
                try (Scope piece = Scope.open()) {
                    for (double value : flat.narrow(0, at, Math.min(PIECE, tensor.count() - at))
                            .toDoubles()) {
                        largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
                    }
                }
            }
        }
        return largest;
    }
}
