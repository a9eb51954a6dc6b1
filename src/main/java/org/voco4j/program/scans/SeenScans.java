package org.voco4j.program.scans;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.run.RunLog;
import org.voco4j.run.RunRecord;

/**
 * Scans to measure on that the weights to begin with were trained on, without labels.
 *
 * @param names of them; null if it is not known what the weights were trained on
 * @param of how many scans are measured on
 */
public record SeenScans(@Nullable List<String> names, int of) {

    /**
     * Looks them up.
     *
     * @param weights null where there are none
     * @param measured names of the scans to measure on
     * @param contents name → what tells a scan's file from others
     */
    public static SeenScans of(
            @Nullable PretrainedWeights weights, List<String> measured, Map<String, String> contents) {
        if (weights == null) {
            return new SeenScans(List.of(), measured.size());
        }
        ScanSplit split = weights.split();
        return new SeenScans(split == null ? null : split.trainedOn(measured, contents), measured.size());
    }

    /** Notes how many they are, and warns if there are any. */
    public void tell(RunRecord record, RunLog log) {
        String count = (names == null ? "unknown" : names.size()) + " of " + of;
        record.note("seenInPretraining", count);
        if (names != null && !names.isEmpty()) {
            log.warn(
                    count + " scans to measure on were trained on, without labels, in the pre-training of the weights: "
                            + OpenedData.names(names) + ".");
        }
    }
}
