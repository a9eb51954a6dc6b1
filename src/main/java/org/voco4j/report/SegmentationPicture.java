package org.voco4j.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

/**
 * Segmentations of one scan side by side, in colours over it: an axial slice above a coronal one, in the radiological
 * display (the patient's right on the left of the image).
 *
 * <p>A box shows where most is wrong in a slice: the largest place that differs from the truth.
 *
 * <p>Both slices are those that go through the most classes of the truth, and of these through the most of its voxels;
 * what was predicted does not enter the choice.
 */
public final class SegmentationPicture {
    private static final int COLUMN = 232;
    private static final int BETWEEN = 12;
    private static final int EDGE = 16;
    private static final int TOP = 56;
    private static final int GAP = 12;
    private static final int LEGEND_LINE = 20;
    private static final int SWATCH = 12;
    private static final int OPACITY = 0xA0;
    private static final int[] COLOURS = {
        0x56B4E9, 0x2F5FD0, 0xE41A1C, 0xC98A4B, 0x9B59D0, 0x2FA84F, 0xB6E03C, 0xFF8AC4, 0xFFD92F, 0x00A6A0
    };

    private SegmentationPicture() {}

    /**
     * One column.
     *
     * @param title what it is
     * @param note how good it is, or empty
     * @param labels on the scan's grid; null for the scan alone
     */
    public record Column(
            String title, String note, @Nullable LabelMap labels) {}

    /**
     * Draws the columns from left to right, the classes' colours below.
     *
     * @param scan RAS+, grey levels in [0, 1]
     * @param truth its classes, which choose the slices
     * @param classes names of the classes 1, 2, …; after ten the colours repeat
     * @throws IllegalArgumentException if there is no column or label maps and scan differ in shape
     */
    public static Picture draw(Volume scan, LabelMap truth, List<String> classes, List<Column> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a picture of segmentations needs at least 1 column");
        }
        requireGrid(scan, truth);
        columns.stream().map(Column::labels).forEach(labels -> {
            if (labels != null) {
                requireGrid(scan, labels);
            }
        });
        int z = busiest(truth, 2, classes.size());
        int y = busiest(truth, 1, classes.size());
        Spacing mm = scan.affine().spacing();
        double scale = COLUMN / (scan.shape().x() * mm.x());
        double below = TOP + scan.shape().y() * mm.y() * scale + GAP;
        double bottom = below + scan.shape().z() * mm.z() * scale;
        int width = 2 * EDGE + columns.size() * (COLUMN + BETWEEN) - BETWEEN;
        int lines = legendLines(classes, width);
        int height = (int) Math.ceil(bottom + 18 + (lines + 1) * LEGEND_LINE);
        return Picture.paint(width, height, g -> {
            for (int i = 0; i < columns.size(); i++) {
                double left = EDGE + i * (double) (COLUMN + BETWEEN);
                titles(g, columns.get(i), left);
                slice(
                        g,
                        new Slice(scan, 2, z, left, TOP, scale),
                        truth,
                        columns.get(i).labels());
                slice(
                        g,
                        new Slice(scan, 1, y, left, below, scale),
                        truth,
                        columns.get(i).labels());
            }
            legend(g, classes, width, bottom + 24);
            g.setFont(Ink.plain(12));
            g.setColor(Ink.SOFT);
            String planes = "Above: axial slice z = " + z + "; below: coronal slice y = " + y + ", of " + scan.shape()
                    + " voxels; the patient's right is on the image's left. Boxed: where most differs from the truth.";
            Ink.text(g, Ink.fit(g, planes, width - 2.0 * EDGE), EDGE, bottom + 24 + lines * LEGEND_LINE, 0);
        });
    }

    private static void requireGrid(Volume scan, LabelMap labels) {
        if (!labels.shape().equals(scan.shape())) {
            throw new IllegalArgumentException("a scan of " + scan.shape() + " and classes of " + labels.shape());
        }
    }

    /** The slice across an axis with the most classes, of these the one with the most voxels that have a class. */
    static int busiest(LabelMap truth, int axis, int classes) {
        int length = truth.shape().along(axis);
        int[][] counts = new int[length][classes + 1];
        for (int x = 0; x < truth.shape().x(); x++) {
            for (int y = 0; y < truth.shape().y(); y++) {
                for (int z = 0; z < truth.shape().z(); z++) {
                    int at = axis == 0 ? x : axis == 1 ? y : z;
                    counts[at][Math.min(classes, truth.at(truth.shape().index(x, y, z)))]++;
                }
            }
        }
        long best = -1;
        int slice = 0;
        for (int at = 0; at < length; at++) {
            int[] count = counts[at];
            long present =
                    IntStream.rangeClosed(1, classes).filter(k -> count[k] > 0).count();
            long voxels =
                    IntStream.rangeClosed(1, classes).mapToLong(k -> count[k]).sum();
            long rank = (present << 32) + voxels;
            if (rank > best) {
                best = rank;
                slice = at;
            }
        }
        return slice;
    }

    private static void titles(Graphics2D g, Column column, double left) {
        g.setFont(Ink.bold(15));
        g.setColor(Ink.TEXT);
        Ink.text(g, Ink.fit(g, column.title(), COLUMN), left, 26, 0);
        g.setFont(Ink.plain(13));
        g.setColor(Ink.SOFT);
        Ink.text(g, Ink.fit(g, column.note(), COLUMN), left, 45, 0);
    }

    private static void slice(Graphics2D g, Slice slice, LabelMap truth, @Nullable LabelMap labels) {
        slice.draw(g);
        if (labels != null) {
            slice.draw(g, labels, label -> label == 0 ? 0 : OPACITY << 24 | colour(label));
            WrongRegion.of(truth, labels, slice.normal(), slice.at()).ifPresent(wrong -> {
                g.setColor(Color.WHITE);
                g.setStroke(new BasicStroke(1.5f));
                g.draw(slice.place(wrong));
            });
        }
    }

    private static int colour(int label) {
        return COLOURS[(label - 1) % COLOURS.length];
    }

    private static int perLine(List<String> classes, int width) {
        int longest = classes.stream().mapToInt(String::length).max().orElse(1);
        return Math.max(1, (width - 2 * EDGE) / (SWATCH + 22 + 7 * longest));
    }

    private static int legendLines(List<String> classes, int width) {
        int perLine = perLine(classes, width);
        return (classes.size() + perLine - 1) / perLine;
    }

    private static void legend(Graphics2D g, List<String> classes, int width, double top) {
        g.setFont(Ink.plain(12));
        int perLine = perLine(classes, width);
        double step = (width - 2.0 * EDGE) / perLine;
        for (int k = 0; k < classes.size(); k++) {
            double x = EDGE + k % perLine * step;
            int line = k / perLine;
            double y = top + (double) line * LEGEND_LINE;
            g.setColor(new Color(colour(k + 1)));
            g.fill(new Rectangle2D.Double(x, y - SWATCH + 2, SWATCH, SWATCH));
            g.setColor(Ink.TEXT);
            Ink.text(g, Ink.fit(g, classes.get(k), step - SWATCH - 10), x + SWATCH + 6, y, 0);
        }
    }
}
