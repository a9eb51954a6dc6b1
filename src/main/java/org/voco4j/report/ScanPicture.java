package org.voco4j.report;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Composite;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Box;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

/**
 * Fig. 4 of the paper for a user's scan: a random crop on the grid of base crops, with its true and its predicted
 * overlap with each base side by side.
 *
 * <p>Every column shows an axial slice above a coronal one, both through the middle of the crop, in the radiological
 * display (the patient's right on the left of the image). The scan must be RAS+, so that the array's indices grow toward
 * right, anterior and superior; its values are grey levels in [0, 1]. A base is shaded and numbered where the slice goes
 * through it: its index (from 0) in the corner, the share in the middle.
 */
public final class ScanPicture {
    private static final int COLUMN = 410;
    private static final int TALLEST = 440;
    private static final int EDGE = 24;
    private static final int BETWEEN = 44;
    private static final int TOP = 70;
    private static final int GAP = 24;
    private static final int LINE = 17;
    private static final Color CROP = new Color(0xFFB000);
    private static final Color SHARE = new Color(0x35A2EE);

    private ScanPicture() {}

    /**
     * A crop and the bases of the same scan.
     *
     * @param scan the scan, grey levels in [0, 1]
     * @param bases the n base crops
     * @param crop the random crop
     * @param truth the share of the crop in each base
     * @param predicted the prediction for each base
     * @throws IllegalArgumentException if there are not n shares and n predictions, or the crop's middle is outside
     */
    public static Picture draw(Volume scan, List<Box> bases, Box crop, double[] truth, double[] predicted) {
        Grid grid = new Grid(bases, truth, predicted);
        return paint(
                List.of(
                        new Column(scan, "True overlap", grid.trueBase(), grid, shares(truth), crop),
                        new Column(scan, "Predicted", grid.result(), grid, shares(predicted), crop)),
                crop,
                crop);
    }

    /**
     * A crop of one scan and the bases of another.
     *
     * @param from the scan that the crop was taken from
     * @param crop the random crop in that scan
     * @param against the scan with the bases
     * @param bases the n base crops
     * @param place the crop's place carried over to the second scan
     * @param truth the share of that place in each base
     * @param predicted the prediction for each base
     * @throws IllegalArgumentException if there are not n shares and n predictions, or a crop's middle is outside
     */
    public static Picture drawAcross(
            Volume from, Box crop, Volume against, List<Box> bases, Box place, double[] truth, double[] predicted) {
        Grid grid = new Grid(bases, truth, predicted);
        return paint(
                List.of(
                        new Column(from, "The crop in its own scan", "", null, List.of(), crop),
                        new Column(against, "True overlap, other scan", grid.trueBase(), grid, shares(truth), place),
                        new Column(against, "Predicted, other scan", grid.result(), grid, shares(predicted), place)),
                crop,
                place);
    }

    private static Picture paint(List<Column> columns, Box crop, Box place) {
        double axial = 0;
        double coronal = 0;
        for (Column column : columns) {
            axial = Math.max(axial, column.axial(0).height());
            coronal = Math.max(coronal, column.coronal(0, 0).height());
        }
        double below = TOP + axial + GAP;
        double bottom = below + coronal;
        int width = 2 * EDGE + columns.size() * (COLUMN + BETWEEN) - BETWEEN;
        int height = (int) Math.ceil(bottom + 14 + 2 * LINE);
        return Picture.paint(width, height, g -> {
            for (int i = 0; i < columns.size(); i++) {
                Column column = columns.get(i);
                double left = EDGE + i * (double) (COLUMN + BETWEEN);
                g.setFont(Ink.bold(15));
                g.setColor(Ink.TEXT);
                Ink.text(g, column.title(), left, 26, 0);
                g.setFont(Ink.plain(13));
                g.setColor(Ink.SOFT);
                Ink.text(g, column.subtitle(), left, 46, 0);
                slice(g, column.axial(left), column);
                slice(g, column.coronal(left, below), column);
            }
            g.setFont(Ink.plain(12));
            g.setColor(Ink.SOFT);
            double line = bottom + 24;
            for (String text : Ink.wrap(g, caption(columns.get(0).scan(), crop, place), width - 2.0 * EDGE)) {
                Ink.text(g, text, EDGE, line, 0);
                line += LINE;
            }
        });
    }

    private static String caption(Volume scan, Box crop, Box place) {
        String planes = "Above: axial slice z = " + middle(crop, 2) + ". Below: coronal slice y = " + middle(crop, 1)
                + ", of " + scan.shape() + " voxels";
        if (!crop.equals(place)) {
            planes += " (other scan: z = " + middle(place, 2) + ", y = " + middle(place, 1) + ")";
        }
        return planes
                + ", through the middle of the crop (orange). Radiological display: the patient's right (R) is on "
                + "the image's left; anterior (A) or superior (S) is up.";
    }

    private static List<Double> shares(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static int middle(Box box, int axis) {
        return (box.low(axis) + box.high(axis) - 1) / 2;
    }

    private static void slice(Graphics2D g, Slice slice, Column column) {
        slice.draw(g);
        Shape clip = g.getClip();
        g.clip(slice.frame());
        if (column.grid() != null) {
            bases(g, slice, column.grid().bases(), column.shares());
        }
        if (slice.cuts(column.crop())) {
            Rectangle2D box = slice.place(column.crop());
            g.setColor(new Color(0, 0, 0, 130));
            g.setStroke(Ink.stroke(5.5));
            g.draw(box);
            g.setColor(CROP);
            g.setStroke(Ink.stroke(3));
            g.draw(box);
        }
        if (column.grid() != null) {
            numbers(g, slice, column.grid().bases(), column.shares());
        }
        g.setClip(clip);
        Rectangle2D frame = slice.frame();
        g.setFont(Ink.bold(12));
        g.setColor(Ink.SOFT);
        Ink.text(g, "R", frame.getMinX() - 5, frame.getCenterY() + 4, 1);
        Ink.text(g, "L", frame.getMaxX() + 5, frame.getCenterY() + 4, 0);
        Ink.text(g, slice.normal() == 2 ? "A" : "S", frame.getCenterX(), frame.getMinY() - 5, 0.5);
    }

    private static void bases(Graphics2D g, Slice slice, List<Box> bases, List<Double> shares) {
        for (int i = 0; i < shares.size(); i++) {
            double share = shares.get(i);
            if (!slice.cuts(bases.get(i))) {
                continue;
            }
            Rectangle2D cell = slice.place(bases.get(i));
            if (share > 0) {
                Composite before = g.getComposite();
                g.setComposite(AlphaComposite.getInstance(
                        AlphaComposite.SRC_OVER, (float) (0.65 * Math.sqrt(Math.min(1, share)))));
                g.setColor(SHARE);
                g.fill(cell);
                g.setComposite(before);
            }
            g.setColor(new Color(255, 255, 255, 120));
            g.setStroke(Ink.stroke(1));
            g.draw(cell);
        }
    }

    private static void numbers(Graphics2D g, Slice slice, List<Box> bases, List<Double> shares) {
        for (int i = 0; i < shares.size(); i++) {
            if (slice.cuts(bases.get(i))) {
                number(g, slice.place(bases.get(i)), i, shares.get(i));
            }
        }
    }

    private static void number(Graphics2D g, Rectangle2D cell, int index, double share) {
        double room = Math.min(cell.getWidth() / 2.6, cell.getHeight() / 1.6);
        int size = (int) Math.max(8, Math.min(18, room));
        if (room < 8) {
            return;
        }
        boolean none = !(Math.abs(share) >= 0.005);
        Color color = none ? new Color(255, 255, 255, 150) : Color.WHITE;
        String text = Double.isNaN(share) ? "–" : none ? "0" : Numbers.share(share);
        halo(g, text, none ? Ink.plain(size - 2) : Ink.bold(size), cell.getCenterX(), cell.getCenterY(), color);
        if (room >= 15) {
            String number = String.valueOf(index);
            double x = cell.getMinX() + 5 + 3.2 * number.length();
            halo(g, number, Ink.plain(10), x, cell.getMinY() + 10, new Color(255, 255, 255, 210));
        }
    }

    /** Text centred on a point, with a dark rim, so that it is read on any grey. */
    private static void halo(Graphics2D g, String text, Font font, double x, double y, Color color) {
        TextLayout layout = new TextLayout(text, font, g.getFontRenderContext());
        Rectangle2D bounds = layout.getBounds();
        Shape outline = layout.getOutline(
                AffineTransform.getTranslateInstance(x - bounds.getCenterX(), y - bounds.getCenterY()));
        g.setColor(new Color(0, 0, 0, color.getAlpha() * 2 / 3));
        g.setStroke(Ink.stroke(3));
        g.draw(outline);
        g.setColor(color);
        g.fill(outline);
    }

    /** One column of the picture; without a grid, the scan and the crop alone. */
    private record Column(
            Volume scan,
            String title,
            String subtitle,
            @Nullable Grid grid,
            List<Double> shares,
            Box crop) {

        /** Pixels per millimetre: the widest that fits the column and keeps both slices lower than the limit. */
        private double scale() {
            Spacing mm = scan.affine().spacing();
            double widest = scan.shape().x() * mm.x();
            double tallest = Math.max(scan.shape().y() * mm.y(), scan.shape().z() * mm.z());
            return Math.min(COLUMN / widest, TALLEST / tallest);
        }

        Slice axial(double left) {
            return place(2, left, TOP);
        }

        Slice coronal(double left, double top) {
            return place(1, left, top);
        }

        private Slice place(int normal, double left, double top) {
            int at = middle(crop, normal);
            if (at < 0 || at >= scan.shape().along(normal)) {
                throw new IllegalArgumentException(
                        "the middle of the crop " + crop + " is outside the volume " + scan.shape());
            }
            double margin = (COLUMN - scan.shape().x() * scan.affine().spacing().x() * scale()) / 2;
            return new Slice(scan, normal, at, left + margin, top, scale());
        }
    }

    /** The bases with what is true and what was predicted. */
    private record Grid(List<Box> bases, OverlapChart.Crop overlap) {
        Grid(List<Box> bases, double[] truth, double[] predicted) {
            this(List.copyOf(bases), new OverlapChart.Crop("the scan's", truth, predicted));
            if (truth.length != bases.size()) {
                throw new IllegalArgumentException(bases.size() + " bases need as many shares, not " + truth.length);
            }
        }

        String trueBase() {
            return "largest: base " + overlap.trueBase();
        }

        String result() {
            int base = overlap.foundBase();
            if (base < 0) {
                return "no prediction";
            }
            return "largest: base " + base + (overlap.isFound() ? ", as in truth" : ", not as in truth");
        }
    }
}
