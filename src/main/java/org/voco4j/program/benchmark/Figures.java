package org.voco4j.program.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Profile;

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

    /** Where the time went, if that was asked for. */
    static void addProfile(List<String> sentences, @Nullable Profile profile) {
        if (profile != null) {
            sentences.addAll(profile.lines());
        }
    }

    /**
     * Refuses to time layers where their work is only queued.
     *
     * @throws UsageException if the device is a card
     */
    static void requireProfilable(boolean profiled, Device device) {
        if (profiled && !device.isCpu()) {
            throw new UsageException("--profile times layers on the CPU, not on " + device.name() + "; --device cpu");
        }
    }
}
