package org.voco4j.volume;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the values of a label map stand for.
 *
 * @param segments in the order of their numbers, 1, 2, …
 */
public record SegmentNames(List<Segment> segments) {

    /** Copies the list. */
    public SegmentNames {
        segments = List.copyOf(segments);
    }

    /**
     * All voxels with one of some values; segments may share values, and then they overlap.
     *
     * @param name what it is called
     * @param values of the label map, 1…255
     * @param colour #rrggbb, or null
     * @param terms what it is, in codes
     */
    public record Segment(
            String name, List<Integer> values, @Nullable String colour, Terms terms) {

        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if there is no value, or one is not from 1 to 255
         */
        public Segment {
            values = List.copyOf(values);
            if (values.isEmpty() || values.stream().anyMatch(value -> value < 1 || value > 255)) {
                throw new IllegalArgumentException("a segment has values from 1 to 255, '" + name + "' has " + values);
            }
        }
    }

    /**
     * What a segment is.
     *
     * @param category the kind of thing, such as an anatomical structure
     * @param type the thing, such as a kidney
     * @param modifier which of them, such as the left, or null
     */
    public record Terms(
            CodedTerm category, CodedTerm type, @Nullable CodedTerm modifier) {}

    /**
     * A concept of a terminology.
     *
     * @param code such as {@code 64033007}
     * @param scheme the terminology, {@code SCT} for SNOMED CT
     * @param meaning in words
     */
    public record CodedTerm(String code, String scheme, String meaning) {}
}
