package org.voco4j.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pairs images with the label maps of a folder by their names: the same name, nnU-Net's without {@code _0000}, else one
 * that differs by words such as image and label.
 *
 * <p>A label map belongs to one image and an image has one label map. Where names allow more, all of them are findings and
 * none is paired.
 */
final class FolderPairs {
    private final Inventory.@Nullable Pairs folders;
    private final Map<String, List<Path>> byName = new TreeMap<>();
    private final PairNames alike = new PairNames();
    private final Map<Path, Finding> alone = new TreeMap<>(); // label maps without an image, and why
    private final Map<Path, List<ImageFiles>> claims = new TreeMap<>(); // label map → images that could be its
    private final Set<Finding> findings = new LinkedHashSet<>();
    private final Map<Path, String> placeOf = new HashMap<>(); // label map → its folder below that of all

    /**
     * Pairs files.
     *
     * @param folders where they lie; null if label maps lie beside their images and only words in their names tell them
     *     apart
     */
    FolderPairs(Inventory.@Nullable Pairs folders) {
        this.folders = folders;
    }

    /** Takes a label map, under its path without ending. */
    void addMap(String plain, Path map) {
        byName.computeIfAbsent(PairNames.plain(plain), n -> new ArrayList<>()).add(map);
        placeOf.put(map, place(plain));
        alike.add(map);
        String word = folders == null ? LabelMaps.byName(map.getFileName()) : null;
        String found = "no image of this name lies "
                + (folders == null ? "beside it" : "in " + folders.images().getFileName())
                + (word == null ? "" : "; it is taken for a label map, since " + word);
        alone.put(map, Finding.leftOut(map, Finding.Kind.NO_IMAGE, found));
    }

    /** Takes an image after all label maps, under the path of its first file without ending. */
    void addImage(String plain, ImageFiles images) {
        String name = PairNames.plain(plain);
        String base = ChannelGroups.scan(plain);
        if (images.files().size() > 1) {
            claim(images, byName.getOrDefault(base, List.of()));
            return;
        }
        String first = byName.containsKey(name) || !name.endsWith("_0000") ? name : base;
        List<Path> maps = byName.getOrDefault(first, alike(plain, images.first()));
        if (maps.isEmpty() && byName.containsKey(base)) {
            String found = "a further channel of " + base + ", and only _0000 is read";
            findings.add(Finding.leftOut(images.first(), Finding.Kind.FURTHER_CHANNEL, found));
        } else {
            claim(images, maps);
        }
    }

    /** Label maps whose names fit; in the folder of the image's own place, where there is one for maps. */
    private List<Path> alike(String plain, Path image) {
        String place = place(plain);
        boolean anywhere = !placeOf.containsValue(place);
        return alike.of(image).stream()
                .filter(map -> anywhere || place.equals(placeOf.get(map)))
                .toList();
    }

    private static String place(String plain) {
        return plain.substring(0, plain.lastIndexOf('/') + 1);
    }

    private void claim(ImageFiles images, List<Path> maps) {
        Path image = images.first();
        if (maps.isEmpty()) {
            String place =
                    folders == null ? "beside it" : "in " + folders.maps().getFileName();
            findings.add(Finding.leftOut(image, Finding.Kind.NO_LABEL, "no label map of this name lies " + place));
        } else if (maps.size() > 1) {
            Finding several = Finding.several(maps, "the label map of " + image);
            findings.add(several);
            maps.forEach(map -> alone.put(map, several));
        } else {
            claims.computeIfAbsent(maps.get(0), m -> new ArrayList<>()).add(images);
        }
    }

    /**
     * Hands on what belongs together and what does not.
     *
     * @param labels the first file of each image that has one → its label map
     * @param lone label maps without an image → why
     * @param unpaired the findings about both
     */
    void close(Map<Path, Path> labels, Map<Path, Finding> lone, List<Finding> unpaired) {
        claims.forEach((map, images) -> {
            alone.remove(map);
            if (images.size() == 1) {
                labels.put(images.get(0).first(), map);
            } else {
                List<Path> files = images.stream().map(ImageFiles::first).toList();
                alone.put(map, Finding.several(files, "the image of " + map));
            }
        });
        lone.putAll(alone);
        findings.addAll(alone.values());
        unpaired.addAll(findings);
    }
}
