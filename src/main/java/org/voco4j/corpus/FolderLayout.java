package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Inventory.Item;
import org.voco4j.corpus.Inventory.Role;
import org.voco4j.corpus.Inventory.Scan;
import org.voco4j.corpus.list.Decathlon;
import org.voco4j.corpus.list.ScanList;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Layout of a folder: which of its files are images, which label maps, and which belong together.
 *
 * <p>Label maps lie in a folder of their own beside that of their images, else beside their images, told apart by a word in
 * their names. What has a label map is an image, and so is all that lies in a folder of images; of other files names
 * decide, those of the folders above them included.
 */
final class FolderLayout {
    /** Images and their label maps, below a data folder; the first pair that is there. */
    private static final List<List<String>> FOLDERS =
            List.of(List.of("imagesTr", "labelsTr"), List.of("images", "labels"), List.of("", "labels"));

    private final Path folder;
    private final VolumeFormat format;
    private final boolean given;
    private final Inventory.@Nullable Pairs pairs;
    private final Map<Path, FolderPairs> byFolder = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();

    /** Reads a folder; of files that are given for themselves a name alone makes no label map. */
    FolderLayout(Path folder, VolumeFormat format, boolean given) {
        this.folder = folder;
        this.format = format;
        this.given = given;
        this.pairs = FOLDERS.stream()
                .map(names -> new Inventory.Pairs(folder.resolve(names.get(0)), folder.resolve(names.get(1))))
                .filter(each -> Files.isDirectory(each.images()) && Files.isDirectory(each.maps()))
                .findFirst()
                .orElse(null);
    }

    Inventory read(int channels) throws IOException {
        Path list = folder.resolve("dataset.json");
        Path about = Files.exists(list) ? list : null;
        JsonNode json = about == null ? MissingNode.getInstance() : ScanList.json(about);
        int named = Math.max(channels, Decathlon.channels(json));
        FolderScan found = FolderScan.of(folder, format);
        findings.addAll(found.findings());
        List<ImageFiles> images = new ArrayList<>();
        ChannelGroups groups = new ChannelGroups(named);
        for (Path file : found.files()) {
            if (given && isOfTheSet(file)) {
                findings.add(new Finding(file, Finding.Kind.NOTE, "left out: a label map of the data set around it"));
            } else if (!given && isLabelMap(file)) {
                pairs(file).addMap(name(file), file);
            } else if (named == 1 || isNamedAsLabels(file) || !groups.add(Formats.plain(below(file)), file)) {
                images.add(new ImageFiles(List.of(file), channels));
            }
        }
        groups.close(findings, images);
        Map<Path, Path> labels = new HashMap<>(); // first file of an image → label map
        Map<Path, Finding> alone = new HashMap<>();
        List<Finding> unpaired = new ArrayList<>();
        if (!given) {
            images.stream()
                    .filter(image -> pairs == null || pairs.hold(image.first()))
                    .forEach(image -> pairs(image.first()).addImage(name(image.first()), image));
            byFolder.values().forEach(each -> each.close(labels, alone, unpaired));
        }
        List<Scan> scans = new ArrayList<>();
        Set<Path> labelled = new HashSet<>();
        for (ImageFiles image : images) {
            Path first = image.first();
            Path label = labels.get(first);
            if (label != null || !isNamedAsLabels(first)) {
                ScanList.Part part = part(first);
                scans.add(new Scan(
                        image, below(first), label, part == null ? ScanList.Part.TRAINING : part, null, null, null));
            }
            if (label != null) {
                labelled.addAll(image.files());
            }
        }
        List<Item> items = new ArrayList<>();
        for (Path file : found.files()) {
            items.add(item(file, labelled.contains(file), alone.get(file)));
        }
        return new Inventory(folder, about, json, false, pairs, items, scans, List.of(), findings, unpaired);
    }

    private Item item(Path file, boolean labelled, @Nullable Finding alone) throws IOException {
        boolean label = !labelled && isNamedAsLabels(file);
        Role role = label ? Role.LABEL : labelled || isAmongImages(file) ? Role.IMAGE : Role.UNKNOWN;
        String word = label ? LabelMaps.byName(below(file)) : null;
        return new Item(file, role, word, label && LabelMaps.byLayout(folder, below(file), format), part(file), alone);
    }

    private Path below(Path file) {
        return FolderScan.below(folder, file);
    }

    /** Whether a file could be the label map of an image. */
    private boolean isLabelMap(Path file) {
        return pairs == null ? LabelMaps.byName(file.getFileName()) != null : file.startsWith(pairs.maps());
    }

    /** Whether names alone say that a file is a label map. */
    private boolean isNamedAsLabels(Path file) {
        return !given && !isAmongImages(file) && LabelMaps.byName(below(file)) != null;
    }

    /** Whether a file lies in a folder of images: images, or imagesTr and its like. */
    private boolean isAmongImages(Path file) {
        return pairs != null
                && !pairs.images().equals(folder)
                && (hasParts() ? top(file).startsWith("images") : file.startsWith(pairs.images()));
    }

    private boolean hasParts() {
        return pairs != null && pairs.images().endsWith("imagesTr");
    }

    /** Label maps that lie where a data set has its own are known without a doubt, and nobody wants them segmented. */
    private boolean isOfTheSet(Path file) {
        try {
            return LabelMaps.byLayout(folder, below(file), format) && LabelMaps.byContent(file, format) != null;
        } catch (IOException e) {
            return false; // it is tried as a scan, and named
        }
    }

    private ScanList.@Nullable Part part(Path file) {
        return !hasParts() ? null : top(file).endsWith("Ts") ? ScanList.Part.TEST : ScanList.Part.TRAINING;
    }

    private String top(Path file) {
        return below(file).getName(0).toString();
    }

    private FolderPairs pairs(Path file) {
        return byFolder.computeIfAbsent(pairs == null ? file.resolveSibling("") : folder, f -> new FolderPairs(pairs));
    }

    /** What a file is called where it is paired: its path below the folder of images or label maps, without ending. */
    private String name(Path file) {
        Path place =
                pairs == null ? file.resolveSibling("") : file.startsWith(pairs.maps()) ? pairs.maps() : pairs.images();
        return Formats.plain(FolderScan.below(place, file));
    }
}
