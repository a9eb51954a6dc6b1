package org.voco4j.program.benchmark;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Engine;

/** Figures as benchmarks tell them. */
final class Figures {
    private Figures() {}

    static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.rint(value * scale) / scale;
    }

    static double mebibytes(long bytes) {
        return rounded(bytes / (double) (1L << 20), 1);
    }

    /** The most memory that the process had, beside what it had before there was work. */
    static void putMemory(Map<String, @Nullable Object> document, long idle) {
        long peak = Engine.peakResidentBytes();
        document.put("peak_rss_mb", mebibytes(peak));
        document.put("idle_rss_mb", mebibytes(idle));
        document.put("above_idle_mb", mebibytes(peak - idle));
    }

    /** The same for a reader. */
    static String memory(long idle) {
        return String.format(
                Locale.ROOT,
                "Memory at most %.0f MiB, %.0f of them before",
                mebibytes(Engine.peakResidentBytes()),
                mebibytes(idle));
    }
}
