package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.list.FindingWords;
import org.voco4j.volume.format.VolumeFormat;

/**
 * Tells label maps from scans, since masks usually lie beside the scans they belong to.
 *
 * <p>By name: a word such as {@code seg} or {@code label} in the file name, or a folder such as {@code labelsTr}. By
 * content: whole numbers from 0 on, at most 256 different ones (32 in a single slice), and either only two or large even areas (of the
 * neighbouring pairs along a row that are not both 0, fewer than half differ). A scan shows itself in its first slices
 * (a negative value, or noise), so only label maps are read to the end.
 */
public final class LabelMaps {
    static final Set<String> WORDS =
            Set.of("seg", "segmentation", "segmentations", "label", "labels", "mask", "masks", "gt", "groundtruth");
    private static final Set<String> FOLDERS = Set.of("labelstr", "labelsts", "labelsval");
    public static final int MOST_CLASSES = 256;
    private static final int MOST_CLASSES_2D = 32; // a picture of 256 greys is as smooth as areas are
    private static final double EVEN = 0.5;

    private LabelMaps() {}

    /** Why the name says that a file is a label map, or null. */
    public static @Nullable String byName(Path below) {
        int last = below.getNameCount() - 1;
        for (int i = 0; i <= last; i++) {
            String name = below.getName(i).toString().toLowerCase(Locale.ROOT);
            if (i < last && FOLDERS.contains(name)) {
                return "it lies in a folder '" + below.getName(i) + "'";
            }
            for (String word : name.split("[^\\p{L}\\p{M}]+")) {
                if (WORDS.contains(word)) {
                    return (i == last ? "its name holds '" : "its folder's name holds '") + word + "'";
                }
            }
        }
        return null;
    }

    /**
     * Whether a file lies in the folder of label maps of a data set that has its images beside it: {@code labelsTr} beside
     * {@code imagesTr}, {@code labels} beside {@code images} or scans.
     */
    public static boolean byLayout(Path root, Path below, VolumeFormat format) throws IOException {
        Path above = root;
        for (int i = 0; i < below.getNameCount() - 1; i++) {
            String own = below.getName(i).toString();
            String name = own.toLowerCase(Locale.ROOT);
            if (FOLDERS.contains(name) && Files.isDirectory(above.resolve(own.replaceFirst("(?i)^labels", "images")))) {
                return true;
            }
            if (name.equals("labels") && (Files.isDirectory(above.resolve("images")) || holdsFiles(above, format))) {
                return true;
            }
            above = above.resolve(below.getName(i));
        }
        return false;
    }

    private static boolean holdsFiles(Path folder, VolumeFormat format) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (format.reads(file) && Files.isRegularFile(file)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The value that every voxel has, in words; null if they differ. */
    static @Nullable String constant(Path file, VolumeFormat format) throws IOException {
        Constant constant = new Constant();
        format.visit(file, constant);
        return constant.same ? "every voxel is " + FindingWords.number(constant.value) : null;
    }

    /** Wants no more once two voxels differ. */
    private static final class Constant implements VolumeFormat.SliceVisitor {
        private float value;
        private boolean begun;
        private boolean same = true;

        @Override
        public boolean visit(float[] slice, int width) {
            value = begun ? value : slice[0];
            begun = true;
            for (int i = 0; i < slice.length && same; i++) {
                same = Float.compare(slice[i], value) == 0;
            }
            return same;
        }
    }

    /** Why the voxels say that a file is a label map, or null. */
    static @Nullable String byContent(Path file, VolumeFormat format) throws IOException {
        if (format.isCut(file)) {
            return "it holds segments";
        }
        Evidence evidence = new Evidence(format.header(file).shape().z() == 1 ? MOST_CLASSES_2D : MOST_CLASSES);
        format.visit(file, evidence);
        return evidence.verdict();
    }

    /** What the slices seen so far say; wants no more once it is sure of a scan. */
    public static final class Evidence implements VolumeFormat.SliceVisitor {
        private final BitSet classes = new BitSet();
        private final int most;
        private boolean scan;
        private long pairs;
        private long different;

        /** With the most classes that a label map has. */
        public Evidence(int most) {
            this.most = most;
        }

        @Override
        public boolean visit(float[] slice, int width) {
            float before = 0;
            for (int i = 0; i < slice.length; i++) {
                float value = slice[i];
                boolean rowStart = i % width == 0;
                if (rowStart || value != before) {
                    if (!(value >= 0 && value <= 65535) || value != (int) value) {
                        scan = true;
                        return false;
                    }
                    classes.set((int) value);
                }
                if (!rowStart && (value != 0 || before != 0)) {
                    pairs++;
                    different += value != before ? 1 : 0;
                }
                before = value;
            }
            scan = classes.cardinality() > most;
            return !scan;
        }

        public @Nullable String verdict() {
            int count = classes.cardinality();
            if (scan || (count > 2 && different >= EVEN * pairs)) {
                return null;
            }
            return "it holds only " + count + " different whole number" + (count == 1 ? "" : "s");
        }
    }
}
