package org.voco4j.corpus.list;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;

/** Numbers and names as findings write them. */
public final class FindingWords {
    private static final int NAMED = 5;

    private FindingWords() {}

    /** Up to three decimals, none for a whole number. */
    public static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        if (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e9) {
            return String.format(Locale.ROOT, "%.3g", value);
        }
        return Double.toString(Math.round(value * 1000) / 1000.0);
    }

    /** Numbers with at least one decimal and at most three, in brackets. */
    public static String list(double... values) {
        List<Double> rounded = new ArrayList<>();
        for (double value : values) {
            rounded.add(Math.round(value * 1000) / 1000.0 + 0.0);
        }
        return rounded.toString();
    }

    public static String shape(Shape3 shape) {
        return List.of(shape.x(), shape.y(), shape.z()).toString();
    }

    public static double[] origin(Affine affine) {
        return affine.apply(0, 0, 0);
    }

    public static String spacing(Affine affine) {
        return list(affine.spacing().x(), affine.spacing().y(), affine.spacing().z());
    }

    public static String part(ScanList.Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    /** The first of many files. */
    public static String names(List<Path> files) {
        String first = String.join(
                ", ", files.stream().limit(NAMED).map(Path::toString).toList());
        return files.size() > NAMED ? first + " and " + (files.size() - NAMED) + " more" : first;
    }
}
