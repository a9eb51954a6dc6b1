package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Pairs images with the label maps of a folder by their names: the same name, nnU-Net's without {@code _0000}, else one
 * that differs by words such as image and label.
 *
 * <p>A label map belongs to one image and an image has one label map. Where names allow more, all of them are findings and
 * none is paired.
 */
final class FolderPairs {
    private final CaseCollector intake;
    private final @Nullable Path folder;
    private final String place; // of the label maps, in words
    private final Map<String, List<Path>> byName = new TreeMap<>();
    private final PairNames alike = new PairNames();
    private final Set<Path> unpaired = new TreeSet<>();
    private final Map<Path, List<ImageFiles>> claims = new TreeMap<>(); // label map → images that could be its

    /**
     * Pairs files.
     *
     * @param folder of the label maps; null if they lie beside their images and only words in their names tell them apart
     */
    FolderPairs(CaseCollector intake, @Nullable Path folder) {
        this.intake = intake;
        this.folder = folder;
        this.place = folder == null ? "beside it" : "in " + folder.getFileName();
    }

    /** Receives a pair. */
    @FunctionalInterface
    interface Sink {
        void accept(ImageFiles images, Path map) throws IOException;
    }

    /** Takes a label map, under its path without ending. */
    void addMap(String plain, Path map) {
        byName.computeIfAbsent(PairNames.plain(plain), n -> new ArrayList<>()).add(map);
        alike.add(map);
        unpaired.add(map);
    }

    /** Takes an image of one file, under its path without ending. */
    void addImage(String plain, Path image) {
        String name = PairNames.plain(plain);
        String base = name.replaceFirst("_\\d{4}$", "");
        String first = byName.containsKey(name) || !name.endsWith("_0000") ? name : base;
        List<Path> maps = byName.containsKey(first) ? byName.get(first) : alike.of(image);
        if (maps.isEmpty() && byName.containsKey(base)) {
            String message = "left out: a further channel of " + base + ", and only _0000 is read";
            intake.find(image, Finding.Kind.NOTE, message);
        } else {
            claim(ImageFiles.of(image), maps);
        }
    }

    /** Takes a scan of several files, under the path that they share. */
    void addScan(String base, ImageFiles images) {
        claim(images, byName.getOrDefault(base, List.of()));
    }

    private void claim(ImageFiles images, List<Path> maps) {
        Path image = images.first();
        if (maps.isEmpty()) {
            intake.find(image, Finding.Kind.NO_LABEL, "left out: no label map of this name lies " + place);
            return;
        }
        maps.forEach(unpaired::remove);
        if (!intake.isSeveral(maps, "the label map of " + image)) {
            claims.computeIfAbsent(maps.get(0), m -> new ArrayList<>()).add(images);
        }
    }

    /**
     * Hands on the pairs.
     *
     * @param images where the images lie, in words
     */
    void close(String images, Sink sink) throws IOException {
        for (Map.Entry<Path, List<ImageFiles>> claim : claims.entrySet()) {
            List<ImageFiles> found = claim.getValue();
            List<Path> files = found.stream().map(ImageFiles::first).toList();
            if (!intake.isSeveral(files, "the image of " + claim.getKey())) {
                sink.accept(found.get(0), claim.getKey());
            }
        }
        for (Path map : unpaired) {
            String word = folder == null ? LabelMaps.byName(map.getFileName()) : null;
            String why = word == null ? "" : "; it is taken for a label map, since " + word;
            intake.find(map, Finding.Kind.NO_IMAGE, "left out: no image of this name lies " + images + why);
        }
    }
}
