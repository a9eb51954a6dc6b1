package org.voco4j.corpus.label;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Volume;

/** What the raw values of a label map mean: classes, of which a voxel has one, or regions, of which it may have several. */
public final class LabelCoding {
    private final @Nullable LabelSchema classes;
    private final @Nullable Regions regions;

    private LabelCoding(@Nullable LabelSchema classes, @Nullable Regions regions) {
        this.classes = classes;
        this.regions = regions;
    }

    /** Values that mean classes. */
    public static LabelCoding of(LabelSchema classes) {
        return new LabelCoding(classes, null);
    }

    /** Values that mean regions. */
    public static LabelCoding of(Regions regions) {
        return new LabelCoding(null, regions);
    }

    /** Whether a voxel may have several. */
    public boolean overlaps() {
        return regions != null;
    }

    /** Whether some voxels are to be left out of a comparison: those of {@link LabelSchema#IGNORE}. */
    public boolean ignores() {
        return !ignored().isEmpty();
    }

    private List<Integer> ignored() {
        return regions != null ? regions.ignored() : schema().ignored();
    }

    /** The names of the classes or regions, in order. */
    public List<String> names() {
        return regions != null ? regions.names() : schema().names();
    }

    private LabelSchema schema() {
        if (classes == null) {
            throw new IllegalStateException("regions are no classes");
        }
        return classes;
    }

    /**
     * One map of the classes 1…K, or a mask of 0 and 1 for each region; {@link LabelSchema#IGNORE} where it is to be left out.
     *
     * @throws IllegalArgumentException if a value is not a whole number, with the value and its voxel
     */
    public List<LabelMap> apply(Volume raw) {
        return regions != null ? regions.apply(raw) : List.of(schema().apply(raw));
    }

    /** The values other than 0 in a label map that mean nothing here, hence background. */
    public SortedSet<Integer> unnamed(Volume raw) {
        SortedSet<Integer> values = new TreeSet<>();
        addValues(raw.voxels(), values);
        Set<Integer> named = new HashSet<>();
        (regions != null ? regions.values() : schema().values()).values().forEach(named::addAll);
        named.addAll(ignored());
        values.removeAll(named);
        return values;
    }

    /** Adds the whole numbers other than 0 among values of which neighbours are mostly equal. */
    public static void addValues(float[] values, Set<Integer> into) {
        float before = 0;
        for (float value : values) {
            if (value != before) {
                before = value;
                if (value != 0 && value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE) {
                    into.add((int) value);
                }
            }
        }
    }
}
