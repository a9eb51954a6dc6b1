package org.voco4j.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.Intensity;
import org.voco4j.volume.Percentiles;
import org.voco4j.volume.ZScore;

/** What becomes of intensities: {@code data.intensity} of recipes of both kinds. */
public enum IntensityLaw {
    /** {@code data.window} to 0…1, clipped: CT. */
    WINDOW,
    /** (v − mean)/deviation of each scan and channel over its voxels other than 0, which stays 0: MR, BraTS. */
    ZSCORE,
    /** {@code data.percentiles} of each scan and channel to 0…1, clipped: MR. */
    PERCENTILES;

    /** The law. */
    public Intensity of(List<Double> window, List<Double> percentiles) {
        return switch (this) {
            case WINDOW -> new HuWindow(window.get(0), window.get(1));
            case ZSCORE -> new ZScore(true, true);
            case PERCENTILES -> new Percentiles(percentiles.get(0), percentiles.get(1), 0, 1, true, true);
        };
    }

    /** What a file of weights says about it, by the keys below {@code data}. */
    public Map<String, String> facts(List<Double> window, List<Double> percentiles) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("intensity", name().toLowerCase(Locale.ROOT));
        if (this == WINDOW) {
            facts.put("window", window.toString());
        } else if (this == PERCENTILES) {
            facts.put("percentiles", percentiles.toString());
        }
        return facts;
    }

    /** Checks what it goes with. */
    public void require(List<Double> window, List<Double> percentiles, double foreground) {
        require(
                window.size() == 2 && window.get(0) < window.get(1),
                "data.window must be [low, high] in HU with low < high, not " + window);
        require(
                percentiles.size() == 2
                        && percentiles.get(0) >= 0
                        && percentiles.get(0) < percentiles.get(1)
                        && percentiles.get(1) <= 100,
                "data.percentiles must be [low, high] with 0 <= low < high <= 100, not " + percentiles);
        require(foreground >= 0 && foreground < 1, "data.foreground must lie in [0, 1), not " + foreground);
        require(
                this == WINDOW || foreground == 0,
                "data.foreground is a windowed value, so it must be 0 where data.intensity is not window, not "
                        + foreground);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
