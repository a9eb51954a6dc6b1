package org.voco4j.report;

import java.util.List;
import org.voco4j.volume.Volume;

/**
 * Restored crops beside what a network saw of them and what they were: the middle axial slice of each, in the radiological display.
 */
public final class RestorationPicture {
    private static final int COLUMN = 160;
    private static final int BETWEEN = 12;
    private static final int EDGE = 16;
    private static final int TOP = 44;
    private static final int BELOW = 34;
    private static final List<String> TITLES = List.of("Seen", "Restored", "Truth", "Difference");

    private RestorationPicture() {}

    /**
     * One crop, values in [0, 1].
     *
     * @param seen what the network saw
     * @param restored what it made of it
     * @param truth the crop as it was
     */
    public record Row(Volume seen, Volume restored, Volume truth) {}

    /**
     * Draws crops from top to bottom; the difference is |restored − truth|, black where there is none.
     *
     * @throws IllegalArgumentException if there is no crop, or one whose volumes differ in shape
     */
    public static Picture draw(List<Row> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a picture of restored crops needs at least 1 crop");
        }
        double height = 0;
        for (Row row : rows) {
            height = Math.max(height, slice(row.truth(), 0, 0).height());
        }
        double step = height + BETWEEN;
        int width = 2 * EDGE + TITLES.size() * (COLUMN + BETWEEN) - BETWEEN;
        return Picture.paint(width, (int) Math.ceil(TOP + rows.size() * step + BELOW), g -> {
            g.setFont(Ink.bold(15));
            g.setColor(Ink.TEXT);
            for (int i = 0; i < TITLES.size(); i++) {
                Ink.text(g, TITLES.get(i), EDGE + i * (double) (COLUMN + BETWEEN), 28, 0);
            }
            for (int r = 0; r < rows.size(); r++) {
                Row row = rows.get(r);
                List<Volume> shown = List.of(row.seen(), row.restored(), row.truth(), difference(row));
                for (int i = 0; i < shown.size(); i++) {
                    slice(shown.get(i), EDGE + i * (double) (COLUMN + BETWEEN), TOP + r * step)
                            .draw(g);
                }
            }
            g.setFont(Ink.plain(12));
            g.setColor(Ink.SOFT);
            Ink.text(
                    g,
                    "Middle axial slices; the patient's right is on the image's left.",
                    EDGE,
                    TOP + rows.size() * step + 18,
                    0);
        });
    }

    private static Slice slice(Volume crop, double left, double top) {
        double scale = COLUMN / (crop.shape().x() * crop.affine().spacing().x());
        return new Slice(crop, 2, crop.shape().z() / 2, left, top, scale);
    }

    private static Volume difference(Row row) {
        float[] restored = row.restored().voxels();
        float[] truth = row.truth().voxels();
        if (restored.length != truth.length) {
            throw new IllegalArgumentException(
                    "a restored crop of " + row.restored().shape() + " and a true one of "
                            + row.truth().shape());
        }
        float[] difference = new float[truth.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = Math.abs(restored[i] - truth[i]);
        }
        return row.truth().withVoxels(difference);
    }
}
