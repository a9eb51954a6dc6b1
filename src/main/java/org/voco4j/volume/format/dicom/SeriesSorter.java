package org.voco4j.volume.format.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.FileReason;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;
import org.voco4j.volume.format.dicom.codec.FrameShape;

/**
 * Sorts the files of a folder into volumes: by Series Instance UID, and within a series by what makes different volumes, which
 * is the size of the images, the distance of their pixels and their directions. Where two images lie at one place, temporal
 * position, acquisition, echo, type of image or trigger time tells them apart, if each of its values then has a stack of its
 * own. A file of several frames is a volume for itself, and so is an image without a position.
 */
public final class SeriesSorter {
    private static final int MOST_STACKS = 1000; // that are counted in a file
    private static final double SAME_DIRECTION = 1e-3;
    private static final double SAME_SPACING = 1e-3; // relative

    private final List<Series> volumes = new ArrayList<>();
    private final Map<Path, String> others = new TreeMap<>();
    private final Map<Path, VolumeFormatException> broken = new TreeMap<>();

    /**
     * The images of a volume.
     *
     * @param uid of the series
     * @param slices in no order
     * @param missing the identifiers that none of its files has
     */
    public record Series(String uid, List<Slice> slices, List<String> missing) {
        /** Its files in order of their paths. */
        public List<Path> files() {
            return slices.stream()
                    .map(slice -> slice.frames().path())
                    .distinct()
                    .sorted()
                    .toList();
        }

        /** How many images of what size. */
        public String words() {
            FrameShape shape = slices.get(0).frames().shape();
            return Words.count(slices.size(), "image") + " of " + shape.columns() + "x" + shape.rows();
        }
    }

    /** Images of one series, size and direction. */
    private record Bucket(Image first, List<Slice> slices, List<String> missing) {}

    /** Sorts files of one folder. */
    public static SeriesSorter of(List<Path> files, Headers headers) {
        SeriesSorter sorter = new SeriesSorter();
        List<Bucket> buckets = new ArrayList<>();
        for (Path file : files) {
            try {
                sorter.add(headers.of(file), buckets);
            } catch (VolumeFormatException e) {
                sorter.broken.put(file, e);
            } catch (IOException e) {
                sorter.broken.put(
                        file, new VolumeFormatException(file, "a file that can be read", FileReason.why(file, e)));
            }
        }
        for (Bucket bucket : buckets) {
            for (List<Slice> part : parts(bucket.slices)) {
                sorter.volumes.add(new Series(bucket.first.series(), part, bucket.missing));
            }
        }
        return sorter;
    }

    private void add(Image image, List<Bucket> buckets) throws VolumeFormatException {
        if (image.other() != null) {
            others.put(image.path(), image.other());
            return;
        }
        Slice slice = image.slices().get(0);
        if (image.slices().size() > 1) {
            volumes.add(new Series(image.series(), frames(image), image.missing()));
        } else if (slice.position() == null) {
            volumes.add(new Series(image.series(), image.slices(), image.missing()));
        } else {
            for (Bucket bucket : buckets) {
                if (bucket.first.series().equals(image.series())
                        && bucket.first.localiser() == image.localiser()
                        && isLike(bucket.first.slices().get(0), slice)) {
                    bucket.slices.add(slice);
                    bucket.missing.retainAll(image.missing());
                    return;
                }
            }
            buckets.add(new Bucket(image, new ArrayList<>(List.of(slice)), new ArrayList<>(image.missing())));
        }
    }

    /** The frames of a file, if they are of one volume. */
    private static List<Slice> frames(Image image) throws VolumeFormatException {
        List<List<Slice>> stacks = new ArrayList<>();
        for (Slice slice : image.slices()) {
            if (stacks.size() > MOST_STACKS) {
                throw new VolumeFormatException(
                        image.path(), Fault.DIMENSION, "one volume", "more than " + MOST_STACKS + ": split it");
            }
            List<Slice> stack = stacks.stream()
                    .filter(each -> isLike(each.get(0), slice))
                    .findFirst()
                    .orElseGet(() -> {
                        stacks.add(new ArrayList<>());
                        return stacks.get(stacks.size() - 1);
                    });
            stack.add(slice);
        }
        int volumes = stacks.stream().mapToInt(stack -> parts(stack).size()).sum();
        if (volumes > 1) {
            throw new VolumeFormatException(
                    image.path(),
                    Fault.DIMENSION,
                    "one volume",
                    volumes + " in " + image.slices().size() + " frames: split it");
        }
        return image.slices();
    }

    /** Whether two images can be slices of one volume. */
    static boolean isLike(Slice one, Slice other) {
        return one.frames().shape().rows() == other.frames().shape().rows()
                && one.frames().shape().columns() == other.frames().shape().columns()
                && isNear(one.spacing(), other.spacing(), SAME_SPACING * one.spacing()[0])
                && isNear(one.orientation(), other.orientation(), SAME_DIRECTION);
    }

    private static boolean isNear(double @Nullable [] one, double @Nullable [] other, double most) {
        if (one == null || other == null) {
            return one == other;
        }
        for (int i = 0; i < one.length; i++) {
            if (Math.abs(one[i] - other[i]) > most) {
                return false;
            }
        }
        return true;
    }

    /** Slices told apart where some lie at one place; all together where nothing does it. */
    private static List<List<Slice>> parts(List<Slice> slices) {
        if (slices.get(0).position() == null || !StackOrder.of(slices).hasRepeats()) {
            return List.of(slices);
        }
        for (int p = 0; p < slices.get(0).parts().size(); p++) {
            Map<String, List<Slice>> byValue = new LinkedHashMap<>();
            for (Slice slice : slices) {
                byValue.computeIfAbsent(slice.parts().get(p), value -> new ArrayList<>())
                        .add(slice);
            }
            if (byValue.values().stream()
                    .allMatch(part -> part.size() > 1 && !StackOrder.of(part).hasRepeats())) {
                return List.copyOf(byValue.values());
            }
        }
        return List.of(slices);
    }

    /** The volumes, the one with the first file first. */
    public List<Series> volumes() {
        return volumes.stream()
                .sorted((one, other) ->
                        one.files().get(0).compareTo(other.files().get(0)))
                .toList();
    }

    /** Files that hold no image, and what instead. */
    public Map<Path, String> others() {
        return others;
    }

    /** Files that cannot be read, and why. */
    public Map<Path, VolumeFormatException> broken() {
        return broken;
    }
}
