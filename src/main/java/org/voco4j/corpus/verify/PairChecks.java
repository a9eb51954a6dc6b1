package org.voco4j.corpus.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.list.FindingWords;
import org.voco4j.corpus.verify.Check.Kind;
import org.voco4j.corpus.verify.Check.Level;
import org.voco4j.corpus.verify.LabelPairs.Pairing;
import org.voco4j.corpus.verify.VerifyList.Listed;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.format.VolumeHeader;

/** Label maps beside their images: which belongs to which, and whether they lie on one grid. */
final class PairChecks {
    private final LabelPairs pairs = new LabelPairs();
    private final Map<Path, FileFacts> byPath = new TreeMap<>();
    private final Map<Path, Path> images = new TreeMap<>(); // label map → image or unread folder
    private final Set<Path> labelled = new HashSet<>();
    private final Map<Path, Integer> unchecked = new TreeMap<>(); // unread folder → its label maps
    private final List<Check> checks = new ArrayList<>();

    /** Pairs the files of one verification. */
    PairChecks(List<FileFacts> files, List<Path> unread) {
        for (FileFacts file : files) {
            byPath.put(key(file.listed().file), file);
            if (file.isImage()) {
                VolumeHeader header = file.header();
                pairs.add(new LabelPairs.Image(
                        file.listed().file,
                        header == null ? null : header.shape(),
                        header == null ? null : header.affine()));
            }
        }
        unread.forEach(folder -> pairs.add(new LabelPairs.Image(folder, null, null)));
        Set<Path> folders = new HashSet<>(unread);
        files.stream().filter(file -> !file.isImage()).forEach(file -> check(file, folders));
        files.stream().filter(FileFacts::isImage).forEach(this::requireLabel);
        files.stream().filter(FileFacts::isImage).forEach(this::channel);
        unchecked.forEach((folder, count) -> checks.add(new Check(
                folder,
                Kind.FORMAT,
                Level.NOTE,
                "an image that can be read",
                count + " label map" + (count == 1 ? "" : "s")
                        + " named like this folder, whose images cannot be read yet:"
                        + " whether the grids are the same was not checked",
                "convert the folder to NIfTI")));
    }

    List<Check> checks() {
        return checks;
    }

    /** The image of a label map, or the folder of one that cannot be read yet; null if there is none. */
    @Nullable
    Path image(FileFacts label) {
        return images.get(key(label.listed().file));
    }

    private void check(FileFacts label, Set<Path> unread) {
        Listed listed = label.listed();
        VolumeHeader header = label.header();
        Path image = listed.image;
        if (image == null && listed.alone != null) {
            unpaired(listed, List.of());
            return;
        }
        if (image == null && header != null) {
            Pairing pairing = pairs.of(listed.file, listed.root, header.shape(), header.affine(), label.cut());
            LabelPairs.Image found = pairing.image();
            if (found == null) {
                unpaired(listed, pairing.candidates());
                return;
            }
            image = found.path();
        }
        if (image == null) {
            return;
        }
        images.put(key(listed.file), image);
        labelled.add(key(image));
        if (unread.contains(image)) {
            unchecked.merge(image, 1, Integer::sum);
        }
        FileFacts scan = byPath.get(key(image));
        if (scan != null && scan.header() != null && header != null) {
            grids(listed.file, header, label.cut(), image, scan.header());
        }
    }

    private void unpaired(Listed listed, List<LabelPairs.Image> candidates) {
        if (candidates.isEmpty()) {
            checks.add(new Check(
                    listed.file,
                    Kind.NO_IMAGE,
                    listed.labelled ? Level.ERROR : Level.WARNING,
                    listed.alone == null ? "an image in its folder, below it or above it" : "one image of its name",
                    listed.alone == null ? "none up to " + listed.root + listed.since : listed.alone.found(),
                    "add the image, or leave the label map out"));
        } else {
            List<Path> paths = candidates.stream().map(LabelPairs.Image::path).toList();
            checks.add(new Check(
                    listed.file,
                    Kind.NO_IMAGE,
                    listed.labelled ? Level.ERROR : Level.NOTE,
                    "one image that it belongs to",
                    paths.size() + " that neither name nor grid tells apart: " + FindingWords.names(paths)
                            + listed.since,
                    "name it like its image, or write a list; its grid was not checked"));
        }
    }

    /** The channels of a scan lie on one grid. */
    private void channel(FileFacts image) {
        Path first = image.listed().firstChannel;
        FileFacts scan = first == null ? null : byPath.get(key(first));
        if (scan != null && scan.header() != null && image.header() != null) {
            grids(image.listed().file, image.header(), false, scan.listed().file, scan.header());
        }
    }

    private void requireLabel(FileFacts image) {
        Listed listed = image.listed();
        if (listed.labelled && listed.firstChannel == null && !labelled.contains(key(listed.file))) {
            checks.add(new Check(
                    listed.file,
                    Kind.NO_LABEL,
                    Level.WARNING,
                    "a label map, as other scans of " + listed.root + " have",
                    "none",
                    "add it, or leave the scan out: fine-tuning does"));
        }
    }

    private void grids(Path label, VolumeHeader ofLabel, boolean cut, Path image, VolumeHeader ofImage) {
        Shape3 shape = ofLabel.shape();
        Affine affine = ofLabel.affine();
        if (cut && GridRelation.of(shape, affine, ofImage.shape(), ofImage.affine()).covers(ofImage.shape())) {
            return;
        }
        GridRelation relation = GridRelation.of(ofImage.shape(), ofImage.affine(), shape, affine);
        switch (relation.kind()) {
            case SAME -> {}
            case TURNED ->
                checks.add(new Check(
                        label,
                        Kind.ORIENTATION,
                        Level.NOTE,
                        "orientation " + Orient.codes(ofImage.affine()) + " of the image " + image.getFileName(),
                        Orient.codes(affine) + ": same voxels in other axis order or direction",
                        "none: training reorients by the affines; do not pair by index"));
            default ->
                checks.add(new Check(
                        label,
                        Kind.GEOMETRY,
                        Level.ERROR,
                        grid(ofImage, ofLabel) + " of the image " + image.getFileName(),
                        grid(ofLabel, ofImage) + ", differs by " + difference(ofLabel, ofImage) + " mm",
                        fix(relation, ofImage, shape)));
        }
    }

    /** The image's or the label map's grid: always shape and origin, spacing and orientation where they differ. */
    private static String grid(VolumeHeader header, VolumeHeader other) {
        String spacing = FindingWords.spacing(header.affine());
        String codes = Orient.codes(header.affine());
        return "shape " + FindingWords.shape(header.shape()) + ", origin "
                + FindingWords.list(FindingWords.origin(header.affine()))
                + (spacing.equals(FindingWords.spacing(other.affine())) ? "" : ", spacing " + spacing + " mm")
                + (codes.equals(Orient.codes(other.affine())) ? "" : ", orientation " + codes);
    }

    private static String difference(VolumeHeader label, VolumeHeader image) {
        double[] to = FindingWords.origin(label.affine());
        double[] from = FindingWords.origin(image.affine());
        return FindingWords.list(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    }

    private static String fix(GridRelation relation, VolumeHeader image, Shape3 label) {
        if (relation.kind() == GridRelation.Kind.OTHER) {
            return image.shape().equals(label)
                    ? "if the voxels belong together, copy the image's affine to the label map; else resample it to the"
                            + " image by nearest neighbour"
                    : "resample the label map to the image by nearest neighbour, or find the right file";
        }
        String axes =
                relation.kind() == GridRelation.Kind.SHIFTED ? "same spacing and axes" : "same spacing, axes turned";
        String cut =
                relation.covers(label) ? "cut the label map to the image" : "cut and pad the label map to the image";
        return axes + ", whole voxel shift " + relation.shift() + ": " + cut;
    }

    /**
     * Label maps with the same voxels: a note where only their axes differ and no image that can be read tells which is
     * right, since an index means another place in each; a warning where they belong to different images.
     *
     * @param usual the orientation of most images
     */
    void compareLabels(List<FileFacts> files, @Nullable String usual) {
        Map<Long, FileFacts> first = new TreeMap<>();
        for (FileFacts file : files) {
            VoxelFacts voxels = file.voxels();
            if (file.isImage() || voxels == null || voxels.constant()) {
                continue;
            }
            FileFacts other = first.putIfAbsent(voxels.content(), file);
            if (other != null) {
                same(other, file, usual);
            }
        }
    }

    private void same(FileFacts one, FileFacts other, @Nullable String usual) {
        Path ofOne = image(one);
        Path ofOther = image(other);
        VolumeHeader a = Objects.requireNonNull(one.header());
        VolumeHeader b = Objects.requireNonNull(other.header());
        GridRelation.Kind kind =
                GridRelation.of(a.shape(), a.affine(), b.shape(), b.affine()).kind();
        boolean readable = ofOne != null && byPath.containsKey(key(ofOne)); // then the image has told it
        if (Objects.equals(ofOne, ofOther) && kind == GridRelation.Kind.TURNED && !readable) {
            String codes = Orient.codes(a.affine());
            String otherCodes = Orient.codes(b.affine());
            boolean odd = otherCodes.equals(usual);
            checks.add(new Check(
                    (odd ? one : other).listed().file,
                    Kind.ORIENTATION,
                    Level.NOTE,
                    "orientation " + (odd ? otherCodes : codes) + " of "
                            + (odd ? other : one).listed().file.getFileName() + ", which holds the same labels",
                    (odd ? codes : otherCodes) + ": same voxels in other axis order or direction",
                    "reorient by the affines; do not pair by index"));
        } else if (ofOne != null && ofOther != null && !ofOne.equals(ofOther)) {
            checks.add(new Check(
                    one.listed().file,
                    other.listed().file,
                    Kind.DUPLICATE,
                    Level.WARNING,
                    "label maps of their own for two images",
                    "the same voxels",
                    "look which image they belong to"));
        }
    }

    private static Path key(Path file) {
        return file.toAbsolutePath().normalize();
    }
}
