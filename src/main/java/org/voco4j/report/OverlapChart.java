package org.voco4j.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;

/**
 * Predicted against true overlap of crops with the n bases, one small chart per crop.
 *
 * <p>A wide pale bar is the true share yᵢ of the crop that lies in base i, the narrow strong bar on it the prediction
 * lᵢ (paper §3.2, Eq. 1 and Fig. 4). A crop is found when the base with the largest prediction has the largest true
 * share; of several equally large ones any counts.
 */
public final class OverlapChart {
    private static final int COLUMNS = 3;
    private static final int WIDTH = 304;
    private static final int HEIGHT = 180;
    private static final int LEGEND = 44;
    private static final int LEFT = 42;
    private static final int RIGHT = 14;
    private static final int TOP = 44;
    private static final int BOTTOM = 26;

    private OverlapChart() {}

    /** What one crop overlaps and what was predicted. */
    public static final class Crop {
        private final String name;
        private final double[] truth;
        private final double[] predicted;

        /**
         * Checks the lengths.
         *
         * @param name what stands above the chart
         * @param truth n shares in [0, 1]
         * @param predicted n predictions, NaN where there is none
         * @throws IllegalArgumentException if there are no bases or not as many predictions as shares
         */
        public Crop(String name, double[] truth, double[] predicted) {
            if (truth.length == 0 || truth.length != predicted.length) {
                throw new IllegalArgumentException("crop '" + name + "' has " + truth.length + " true shares and "
                        + predicted.length + " predicted ones");
            }
            this.name = name;
            this.truth = truth.clone();
            this.predicted = predicted.clone();
        }

        /** The base with the largest prediction, or −1 when nothing was predicted. */
        int foundBase() {
            return largest(predicted);
        }

        /** A base with the largest true share. */
        int trueBase() {
            return largest(truth);
        }

        /** Whether the prediction points to a base with the largest share. */
        public boolean isFound() {
            int base = foundBase();
            return base >= 0 && truth[base] >= truth[trueBase()] - 1e-9;
        }

        private static int largest(double[] values) {
            int best = -1;
            for (int i = 0; i < values.length; i++) {
                best = Double.isFinite(values[i]) && (best < 0 || values[i] > values[best]) ? i : best;
            }
            return best;
        }
    }

    /**
     * Draws the charts, three abreast, all to the same scale.
     *
     * @throws IllegalArgumentException if there is no crop
     */
    public static Picture draw(List<Crop> crops) {
        if (crops.isEmpty()) {
            throw new IllegalArgumentException("a chart of overlaps needs at least 1 crop");
        }
        double most = crops.stream()
                .flatMapToDouble(crop -> Arrays.stream(new double[][] {crop.truth, crop.predicted})
                        .flatMapToDouble(Arrays::stream))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        Limits y = new Limits(0, most > 0 ? most * 1.05 : 1, Double.NaN);
        int columns = Math.min(COLUMNS, crops.size());
        int rows = (crops.size() + columns - 1) / columns;
        return Picture.paint(Math.max(columns * WIDTH, 420), LEGEND + rows * HEIGHT + 8, g -> {
            legend(g);
            for (int i = 0; i < crops.size(); i++) {
                Graphics2D part =
                        (Graphics2D) g.create(i % columns * WIDTH, LEGEND + i / columns * HEIGHT, WIDTH, HEIGHT);
                chart(part, crops.get(i), y);
                part.dispose();
            }
        });
    }

    private static void legend(Graphics2D g) {
        g.setFont(Ink.plain(12));
        double x = 16;
        g.setColor(Ink.PALE_BLUE);
        g.fill(new Rectangle2D.Double(x, 15, 16, 14));
        g.setColor(Ink.SOFT);
        Ink.text(g, "true share", x + 22, 26, 0);
        x += 34 + Ink.width(g, "true share") + 12;
        g.setColor(Ink.BLUE);
        g.fill(new Rectangle2D.Double(x + 5, 15, 6, 14));
        g.setColor(Ink.SOFT);
        Ink.text(g, "predicted, for each base", x + 20, 26, 0);
    }

    private static void chart(Graphics2D g, Crop crop, Limits y) {
        title(g, crop);
        int n = crop.truth.length;
        Plot plot = new Plot(
                LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM, new Limits(-0.5, n - 0.5, Double.NaN), y);
        plot.values(g);
        double slot = plot.width() / (double) n;
        for (int i = 0; i < n; i++) {
            g.setColor(Ink.PALE_BLUE);
            bar(g, plot, i, crop.truth[i], slot * 0.8);
            g.setColor(Ink.BLUE);
            bar(g, plot, i, crop.predicted[i], slot * 0.3);
        }
        g.setColor(Ink.CONTROL);
        g.setStroke(Ink.stroke(1));
        Ink.line(g, plot.left(), plot.top() + plot.height(), plot.left() + plot.width(), plot.top() + plot.height());
        int every = Math.max(1, (int) Math.ceil(17 / slot));
        g.setFont(Ink.plain(10));
        g.setColor(Ink.SOFT);
        for (int i = 0; i < n; i += every) {
            Ink.text(g, String.valueOf(i), plot.toX(i), HEIGHT - BOTTOM + 14.0, 0.5);
        }
    }

    private static void title(Graphics2D g, Crop crop) {
        boolean found = crop.isFound();
        String result = found
                ? "✓ base " + crop.foundBase()
                : crop.foundBase() < 0
                        ? "no prediction"
                        : "base " + crop.foundBase() + " instead of " + crop.trueBase();
        Color color = found ? Ink.GREEN : Ink.VERMILION;
        g.setFont(Ink.plain(12));
        double width = Ink.width(g, result);
        g.setColor(color);
        Ink.text(g, result, WIDTH - RIGHT, 26, 1);
        g.setFont(Ink.bold(13));
        g.setColor(Ink.TEXT);
        Ink.text(g, Ink.fit(g, crop.name, WIDTH - RIGHT - width - 28), 16, 26, 0);
    }

    private static void bar(Graphics2D g, Plot plot, int base, double value, double width) {
        if (value > 0) {
            double top = plot.toY(value);
            g.fill(new Rectangle2D.Double(plot.toX(base) - width / 2, top, width, plot.top() + plot.height() - top));
        }
    }
}
