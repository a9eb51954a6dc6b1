package org.voco4j.volume.format.dicom;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.voco4j.volume.VolumeFormatException;

/** What segments are painted over, to tell those that lie within another from those that only overlap it. */
final class SegmentOverlaps {
    private final Map<Integer, Map<Integer, Long>> painted = new TreeMap<>(); // segment → value there before → voxels
    private int segment;
    private int before;
    private long run;

    /** A voxel of a segment, where there was a value before; 0 for none. */
    void paint(int value, int below) {
        if (value != segment || below != before) {
            flush();
            segment = value;
            before = below;
        }
        run++;
    }

    private void flush() {
        if (run > 0) {
            painted.computeIfAbsent(segment, s -> new TreeMap<>()).merge(before, run, Long::sum);
        }
        run = 0;
    }

    /**
     * Refuses segments of which a label map would lose a part.
     *
     * @param apart whether none may lie within another either
     */
    void check(Path file, boolean apart) throws VolumeFormatException {
        flush();
        for (Map.Entry<Integer, Map<Integer, Long>> each : painted.entrySet()) {
            Map<Integer, Long> over = new TreeMap<>(each.getValue());
            long all = over.values().stream().mapToLong(Long::longValue).sum();
            over.remove(each.getKey());
            for (Map.Entry<Integer, Long> other : over.entrySet()) {
                if (other.getKey() != 0 && (apart || other.getValue() < all)) {
                    throw new VolumeFormatException(
                            file,
                            apart
                                    ? "one segment in each voxel"
                                    : "segments of which each lies apart or wholly within one before it",
                            "segment " + each.getKey() + " with " + other.getValue() + " of its " + all
                                    + " voxels in segment " + other.getKey());
                }
            }
        }
    }
}
