package org.voco4j.program.locate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.pretext.voco.PositionPrediction;
import org.voco4j.report.Picture;
import org.voco4j.report.ScanPicture;
import org.voco4j.report.TextTable;
import org.voco4j.volume.Box;
import org.voco4j.volume.Volume;
import org.voco4j.volume.Voxel;

/** What {@link Locate} found, as text, as a document and as a picture. */
public final class LocateReport {
    private LocateReport() {}

    /** The shown crop base by base, after a table of all crops where none was asked for, and what to make of it. */
    public static List<String> lines(Locate.Outcome outcome) {
        List<String> lines = new ArrayList<>();
        if (outcome.asked() == null) {
            lines.add(outcome.prediction().crops().size() + " crops of "
                    + outcome.prediction().from() + " among the bases of " + against(outcome) + ":");
            lines.add("");
            lines.addAll(crops(outcome).toString().lines().toList());
            lines.add("");
        }
        lines.add(shown(outcome));
        lines.add("");
        lines.addAll(bases(outcome).toString().lines().toList());
        lines.add("");
        lines.add(score(outcome));
        lines.add(
                outcome.against() != null
                        ? "The true shares are those of a crop's place in its own scan, carried over: they hold as far as both"
                                + " scans show the same part of the body."
                        : "Within one scan a crop shares voxels with its base, so that matching images alone already scores"
                                + " high; another scan (--against) asks for anatomy.");
        return lines;
    }

    /** That the crop asked for had to be moved, or null. */
    public static @Nullable String moved(Locate.Outcome outcome) {
        return outcome.moved()
                ? "A crop around " + outcome.asked()
                        + " sticks out of the prepared scan; moved to the nearest place where" + " it fits, around "
                        + centre(outcome, outcome.shown())
                : null;
    }

    private static String against(Locate.Outcome outcome) {
        return outcome.against() != null ? outcome.prediction().against() : "the same scan";
    }

    private static String shown(Locate.Outcome outcome) {
        PositionPrediction p = outcome.prediction();
        String which = outcome.asked() == null
                ? "Crop " + outcome.shown() + " (drawn)"
                : "The crop asked for at " + outcome.asked() + ",";
        return which + " around voxel " + centre(outcome, outcome.shown()) + " of " + p.from() + ", "
                + p.crops().get(outcome.shown()) + " of the prepared "
                + outcome.from().volume().shape() + " voxels, against the "
                + p.bases().size() + " bases of "
                + against(outcome) + ":";
    }

    private static TextTable crops(Locate.Outcome outcome) {
        TextTable table = new TextTable("crop", "around voxel", "lies in base", "share", "predicted", "logit", "right");
        PositionPrediction p = outcome.prediction();
        for (int k = 0; k < p.crops().size(); k++) {
            int base = largest(p.truth()[k]);
            int found = largest(p.predicted()[k]);
            double right = outcome.right(k);
            table.row(
                    Integer.toString(k),
                    centre(outcome, k).toString(),
                    Integer.toString(base),
                    number(p.truth()[k][base]),
                    Integer.toString(found),
                    number(p.predicted()[k][found]),
                    right == 1 ? "yes" : right == 0 ? "no" : "one of several");
        }
        return table;
    }

    private static TextTable bases(Locate.Outcome outcome) {
        TextTable table = new TextTable("base", "true share", "predicted", "largest");
        double[] truth = outcome.prediction().truth()[outcome.shown()];
        double[] predicted = outcome.prediction().predicted()[outcome.shown()];
        int base = largest(truth);
        int found = largest(predicted);
        for (int i = 0; i < truth.length; i++) {
            String mark = (i == base ? "share" : "")
                    + (i == base && i == found ? " and " : "")
                    + (i == found ? "prediction" : "");
            table.row(Integer.toString(i), number(truth[i]), number(predicted[i]), mark);
        }
        return table;
    }

    private static String score(Locate.Outcome outcome) {
        int crops = outcome.prediction().crops().size();
        double right = outcome.top1() * crops;
        return String.format(
                Locale.ROOT,
                (right == Math.rint(right) ? "%.0f" : "%.2f") + " of %d crops are placed right (by chance about %.1f)."
                        + " Rank correlation of predicted with true shares: %.2f.",
                right,
                crops,
                (double) crops / outcome.prediction().bases().size(),
                outcome.rankCorrelation());
    }

    /** Everything as maps, lists and numbers; a box is [x0, y0, z0, x1, y1, z1] in the prepared grid, ends excluded. */
    public static Map<String, Object> document(Locate.Outcome outcome) {
        PositionPrediction p = outcome.prediction();
        List<Map<String, Object>> crops = new ArrayList<>();
        for (int k = 0; k < p.crops().size(); k++) {
            Voxel centre = centre(outcome, k);
            Map<String, Object> crop = new LinkedHashMap<>();
            crop.put("centre", List.of(centre.x(), centre.y(), centre.z()));
            crop.put("box", corners(p.crops().get(k)));
            crops.add(crop);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("from", outcome.from().file().toString());
        PreparedScan other = outcome.against() != null ? outcome.against() : outcome.from();
        document.put("against", other.file().toString());
        document.put("crops", crops);
        document.put("bases", p.bases().stream().map(LocateReport::corners).toList());
        document.put("truth", p.truth());
        document.put("predicted", p.predicted());
        document.put("shown", outcome.shown());
        document.put("moved", outcome.moved());
        document.put("top1", outcome.top1());
        document.put("rankCorrelation", outcome.rankCorrelation());
        return document;
    }

    /** The shown crop on slices of the prepared scans. */
    public static Picture picture(Locate.Outcome outcome) {
        PositionPrediction p = outcome.prediction();
        Box crop = p.crops().get(outcome.shown());
        double[] truth = p.truth()[outcome.shown()];
        double[] predicted = p.predicted()[outcome.shown()];
        Volume scan = outcome.from().volume();
        PreparedScan other = outcome.against();
        return other == null
                ? ScanPicture.draw(scan, p.bases(), crop, truth, predicted)
                : ScanPicture.drawAcross(scan, crop, other.volume(), p.bases(), crop, truth, predicted);
    }

    private static List<Integer> corners(Box box) {
        return List.of(box.x0(), box.y0(), box.z0(), box.x1(), box.y1(), box.z1());
    }

    private static Voxel centre(Locate.Outcome outcome, int crop) {
        return outcome.from().centre(outcome.prediction().crops().get(crop));
    }

    private static int largest(double[] values) {
        double most = Arrays.stream(values).max().orElse(Double.NaN);
        int at = 0;
        while (values[at] != most) {
            at++;
        }
        return at;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
