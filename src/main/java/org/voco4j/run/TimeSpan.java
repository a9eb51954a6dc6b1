package org.voco4j.run;

import java.util.Locale;

/** A span of time for people. */
public final class TimeSpan {
    private TimeSpan() {}

    /** "75 s" below two minutes, "12 min" below two hours, "3.5 h" from there on. */
    public static String words(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        if (whole < 120) {
            return whole + " s";
        }
        return whole < 7200 ? (whole + 30) / 60 + " min" : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
