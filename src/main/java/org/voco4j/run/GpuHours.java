package org.voco4j.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How long a run would take on cards that are not at hand, computed and not measured.
 *
 * <pre>  hours = operations / (share · peak)     peak: dense bf16 with sums in 32 bits, as the maker names it </pre>
 */
public final class GpuHours {
    private static final double SHARE = 0.3;

    private enum Card {
        A100("A100", 312),
        H100("H100 SXM", 989),
        RTX_4090("RTX 4090", 165);

        private final String label;
        private final double teraflops;

        Card(String label, double teraflops) {
            this.label = label;
            this.teraflops = teraflops;
        }

        private String hours(double operations) {
            return TimeSpan.words(operations / (SHARE * teraflops * 1e12)) + " on one " + label;
        }
    }

    private GpuHours() {}

    /** The hours for so many floating-point operations in all. */
    public static String sentence(double operations) {
        return String.format(
                Locale.ROOT,
                "computed, not measured, at %.0f %% of the peak in bf16: %s",
                100 * SHARE,
                Arrays.stream(Card.values()).map(card -> card.hours(operations)).collect(Collectors.joining(", ")));
    }
}
