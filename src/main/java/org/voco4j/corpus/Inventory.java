package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.list.ScanList;
import org.voco4j.file.FileReason;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Images and label maps that a folder, a list or a file holds, whatever the layout. All who take data read it here: what is
 * verified is what is trained on.
 *
 * @param root the folder whose layout it is, the list that names the scans, or the folder of a single file
 * @param about the list, or the folder's {@code dataset.json}; null if there is none
 * @param json what that says beside the scans; missing if there is none
 * @param listed whether a list names the scans; otherwise a folder's layout tells them
 * @param pairs where images and label maps lie that belong together; null if a list says it or they lie side by side
 * @param items the files below a folder, by path; none of a list
 * @param scans the images, with the label maps that belong to them
 * @param remarks what a list has that its format calls otherwise
 * @param findings what lies there and is no scan
 * @param unpaired images and label maps that do not belong together; none of a list
 */
public record Inventory(
        Path root,
        @Nullable Path about,
        JsonNode json,
        boolean listed,
        @Nullable Pairs pairs,
        List<Item> items,
        List<Scan> scans,
        List<String> remarks,
        List<Finding> findings,
        List<Finding> unpaired) {

    /** What a file is by its place and its name; its voxels are not looked at. */
    public enum Role {
        IMAGE,
        LABEL,
        UNKNOWN
    }

    /** Two folders with the images and the label maps of a data set. */
    public record Pairs(Path images, Path maps) {
        /** Whether a file lies in one of them. */
        public boolean hold(Path file) {
            return file.startsWith(images) || file.startsWith(maps);
        }
    }

    /**
     * A file of a folder.
     *
     * @param word why its name says that it is a label map; null if it does not
     * @param placed whether its place says so too: a folder for label maps beside one of images
     * @param part null if the layout has no parts
     * @param alone why it is a label map that belongs to no image; null if it is none
     */
    public record Item(
            Path file,
            Role role,
            @Nullable String word,
            boolean placed,
            ScanList.@Nullable Part part,
            @Nullable Finding alone) {}

    /**
     * A scan.
     *
     * @param images where its channels lie
     * @param below what it is called below the folder, or that of the list
     * @param label its label map, or null
     * @param fold the fold in which a list holds it out, or null
     * @param patient whose a list says it is, or null
     * @param stratum what a list says it counts as, or null
     */
    public record Scan(
            ImageFiles images,
            Path below,
            @Nullable Path label,
            ScanList.Part part,
            @Nullable Integer fold,
            @Nullable String patient,
            @Nullable String stratum) {

        /** The scan that an entry of a list names. */
        static Scan of(Path list, ScanList.Entry entry) throws IOException {
            List<Path> files = new ArrayList<>();
            Path label;
            Path below;
            try {
                for (String image : entry.images()) {
                    files.add(list.resolveSibling(image).toAbsolutePath().normalize());
                }
                label = entry.label() == null
                        ? null
                        : list.resolveSibling(entry.label()).toAbsolutePath().normalize();
                below = Path.of(entry.image()).normalize();
            } catch (InvalidPathException e) {
                throw new IOException(list + ": it names " + FileReason.of(e), e);
            }
            Path file = files.get(0);
            Path folder = list.toAbsolutePath().normalize().getParent();
            Path top = file.getRoot();
            if (below.isAbsolute() && top != null) {
                below = folder != null && file.startsWith(folder) ? folder.relativize(file) : top.relativize(file);
            }
            List<Path> numbered = files.size() > 1 || Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    ? List.of()
                    : ChannelGroups.numbered(file, entry.channels());
            if (!numbered.isEmpty()
                    && Files.exists(numbered.get(0))) { // nnU-Net's first version lists scans, not files
                files = numbered;
                below = below.resolveSibling(numbered.get(0).getFileName());
            }
            ImageFiles images = new ImageFiles(files, entry.channels());
            return new Scan(images, below, label, entry.part(), entry.fold(), entry.patient(), entry.stratum());
        }

        /** The file of the first channel, or of all. */
        public Path file() {
            return images.first();
        }

        /** The first file that does not exist, or null. */
        @Nullable
        Path missing() {
            return images.files().stream()
                    .filter(file -> !Files.exists(file))
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * What an argument holds.
     *
     * @throws IOException if it does not exist, is another kind of file, or a list that cannot be understood
     */
    public static Inventory of(Path argument, VolumeFormat format) throws IOException {
        return of(argument, format, 1, false);
    }

    /**
     * The same.
     *
     * @param channels of every scan, where nothing else says it
     * @param given whether each file is wanted for itself: a name alone makes no label map of it
     */
    static Inventory of(Path argument, VolumeFormat format, int channels, boolean given) throws IOException {
        if (Files.isDirectory(argument)) {
            return new FolderLayout(argument, format, given).read(channels);
        }
        boolean exists = Files.exists(argument);
        if (exists && ScanList.named(argument)) {
            return list(argument, format, channels, given);
        }
        if (!exists || !format.reads(argument)) {
            throw new IOException(argument + ": expected a folder, a .json or .csv list of scans or a file of "
                    + format.name() + ", found "
                    + (exists ? FolderScan.otherKind(argument) : "nothing there" + FileReason.absence(argument)));
        }
        List<Path> files = channels == 1 ? List.of(argument) : ChannelGroups.beside(argument, channels);
        ImageFiles images = new ImageFiles(files, channels);
        Path below = files.get(0).getFileName();
        Scan scan = new Scan(images, below, null, ScanList.Part.TRAINING, null, null, null);
        Path absent = scan.missing();
        if (absent != null) {
            throw new IOException(
                    argument + ": of the " + channels + " channels of this scan " + absent + " is missing");
        }
        Path folder = argument.toAbsolutePath().normalize().getParent();
        Item item = new Item(argument, Role.UNKNOWN, null, false, null, null);
        Path root = folder == null ? argument : folder;
        return new Inventory(
                root,
                null,
                MissingNode.getInstance(),
                false,
                null,
                List.of(item),
                List.of(scan),
                List.of(),
                List.of(),
                List.of());
    }

    private static Inventory list(Path file, VolumeFormat format, int channels, boolean given) throws IOException {
        ScanList list = ScanList.read(file);
        Path folder = file.toAbsolutePath().resolveSibling("");
        if (list.entries().isEmpty()
                && (list.about().has("channel_names")
                        || (list.about().has("labels") && Files.isDirectory(folder.resolve("imagesTr"))))) {
            return new FolderLayout(folder, format, given).read(channels); // nnU-Net's dataset.json lists no cases
        }
        if (list.entries().isEmpty()) {
            throw new IOException(file + ": expected images under training, validation or test, found none");
        }
        List<Scan> scans = new ArrayList<>();
        for (ScanList.Entry entry : list.entries()) {
            scans.add(Scan.of(file, entry));
        }
        return new Inventory(
                file, file, list.about(), true, null, List.of(), scans, list.remarks(), List.of(), List.of());
    }

    /** Whether there are label maps, or a place for them, beside images. */
    boolean isLabelled() {
        return pairs != null || (items.stream().anyMatch(item -> item.role == Role.LABEL) && !scans.isEmpty());
    }

    /** What keeps a scan or a label map from being trained on with labels. */
    List<Finding> labelFindings() {
        return Stream.concat(
                        findings.stream().filter(finding -> pairs == null || pairs.hold(finding.path())),
                        unpaired.stream())
                .toList();
    }

    /** The scans with a label map by the names that folds have for them: paths below the folder of images. */
    public Map<String, Scan> byName() {
        Map<String, Scan> named = new TreeMap<>();
        for (Scan scan : scans) {
            if (pairs != null && scan.label != null) {
                String image = PairNames.plain(Formats.plain(pairs.images.relativize(scan.file())));
                String map = PairNames.plain(Formats.plain(pairs.maps.relativize(scan.label)));
                named.put(image.equals(map) ? image : ChannelGroups.scan(image), scan); // a number may be the case's
            }
        }
        return named;
    }
}
