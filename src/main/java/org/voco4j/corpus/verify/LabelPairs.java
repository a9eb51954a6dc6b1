package org.voco4j.corpus.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.format.Formats;

/**
 * Which image a label map belongs to where no list says it.
 *
 * <p>Its candidates are the images in its own folder; if there are none, those anywhere below it; if there are none
 * either, the same of the folder above, up to the data folder. It belongs to the only candidate; else to that of the same
 * name (with or without {@code _0000}); else to that whose name shares most words with its own; else, among equals, to
 * the only one on whose grid it lies.
 */
final class LabelPairs {
    private final Map<Path, Set<Image>> direct = new HashMap<>(); // by folder
    private final Map<Path, Set<Image>> below = new HashMap<>();

    /**
     * An image that a label map may belong to.
     *
     * @param path the file, or the folder of an image that cannot be read yet
     * @param shape null if it could not be read
     * @param affine null if it could not be read
     */
    record Image(
            Path path, @Nullable Shape3 shape, @Nullable Affine affine) implements Comparable<Image> {
        @Override
        public int compareTo(Image other) {
            return path.compareTo(other.path);
        }
    }

    /**
     * What was found.
     *
     * @param image the image, or null if there is none or the label map may belong to several
     * @param candidates those it may belong to: one, none, or several that nothing tells apart
     */
    record Pairing(@Nullable Image image, List<Image> candidates) {}

    void add(Image image) {
        Path folder = parent(image.path);
        direct.computeIfAbsent(folder, f -> new TreeSet<>()).add(image);
        for (Path up = folder; up != null; up = up.getParent()) {
            below.computeIfAbsent(up, f -> new TreeSet<>()).add(image);
        }
    }

    /**
     * The image of a label map in a data folder.
     *
     * @param cut whether it keeps only slices that show something
     */
    Pairing of(Path label, Path root, Shape3 shape, Affine affine, boolean cut) {
        List<Image> candidates = List.of();
        Path top = normal(root);
        for (Path folder = parent(label); folder != null && candidates.isEmpty(); folder = folder.getParent()) {
            Set<Image> here = direct.getOrDefault(folder, Set.of());
            candidates = List.copyOf(here.isEmpty() ? below.getOrDefault(folder, Set.of()) : here);
            if (folder.equals(top)) {
                break;
            }
        }
        if (candidates.size() > 1) {
            candidates = byName(label, candidates);
        }
        if (candidates.size() > 1) {
            List<Image> fitting = candidates.stream()
                    .filter(image -> fits(image, shape, affine, cut))
                    .toList();
            candidates = fitting.size() == 1 ? fitting : candidates;
        }
        return new Pairing(candidates.size() == 1 ? candidates.get(0) : null, candidates);
    }

    private static List<Image> byName(Path label, List<Image> candidates) {
        String name = name(label);
        for (String wanted : List.of(name, name + "_0000")) {
            List<Image> same = candidates.stream()
                    .filter(image -> name(image.path).equals(wanted))
                    .toList();
            if (!same.isEmpty()) {
                return same;
            }
        }
        Set<String> words = words(name);
        List<Image> best = new ArrayList<>();
        int most = 0;
        for (Image image : candidates) {
            Set<String> common = words(name(image.path));
            common.retainAll(words);
            if (common.size() > most) {
                best.clear();
                most = common.size();
            }
            if (common.size() == most) {
                best.add(image);
            }
        }
        return best;
    }

    private static boolean fits(Image image, Shape3 shape, Affine affine, boolean cut) {
        if (image.shape == null || image.affine == null) {
            return false;
        }
        if (cut) {
            return GridRelation.of(shape, affine, image.shape, image.affine).covers(image.shape);
        }
        GridRelation.Kind kind =
                GridRelation.of(image.shape, image.affine, shape, affine).kind();
        return kind == GridRelation.Kind.SAME || kind == GridRelation.Kind.TURNED;
    }

    private static Set<String> words(String name) {
        return new HashSet<>(Arrays.asList(name.split("[^\\p{L}\\p{M}\\p{N}]+")));
    }

    private static String name(Path file) {
        Path last = file.getFileName();
        return last == null ? "" : Formats.plain(last).toLowerCase(Locale.ROOT);
    }

    private static Path normal(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static Path parent(Path path) {
        Path normal = normal(path);
        Path parent = normal.getParent();
        return parent == null ? normal : parent;
    }
}
