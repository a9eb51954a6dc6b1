package org.voco4j.program.locate;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.tensor.Device;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.voco.PositionPrediction;
import org.voco4j.pretext.voco.VoCoSettings;
import org.voco4j.program.pretrain.PretrainedModel;
import org.voco4j.report.HtmlReport;
import org.voco4j.report.OverlapChart;
import org.voco4j.report.ScanPicture;
import org.voco4j.volume.Volume;

/** The part of a report that shows where VoCo sees crops; no other method predicts it. */
public final class PositionSections {
    private static final int CHARTS = 6;

    private PositionSections() {}

    /** Adds crops of the first scan among its own bases and among those of the last; nothing for other methods. */
    public static void add(HtmlReport report, PretrainedModel model, List<HeldOutScan> scans, Device device) {
        if (!(model.recipe().pretext().settings() instanceof VoCoSettings)) {
            return;
        }
        TrainedVoCo task = TrainedVoCo.of(model, scans, device);
        int last = scans.size() - 1;
        PositionPrediction same = task.predict(0, 0);
        PositionPrediction across = task.predict(0, last);
        Volume scan = scans.get(0).volume().get();
        Volume other = scans.get(last).volume().get();
        int crop = same.typical();
        report.section("On a scan")
                .figure(
                        ScanPicture.draw(
                                scan, same.bases(), same.crops().get(crop), same.truth()[crop], same.predicted()[crop]),
                        "a scan with its bases and a crop",
                        "One unseen scan, the grid of base crops, and a random crop: how much of it lies in each base,"
                                + " and what the network says.")
                .figure(
                        ScanPicture.drawAcross(
                                scan,
                                across.crops().get(crop),
                                other,
                                across.bases(),
                                across.crops().get(crop),
                                across.truth()[crop],
                                across.predicted()[crop]),
                        "the crop among the bases of another scan",
                        "The same crop among the bases of another unseen scan.");
        List<OverlapChart.Crop> charts = new ArrayList<>();
        for (int k = 0; k < Math.min(CHARTS, across.crops().size()); k++) {
            charts.add(new OverlapChart.Crop("crop " + (k + 1), across.truth()[k], across.predicted()[k]));
        }
        report.figure(
                OverlapChart.draw(charts),
                "predicted against true overlaps",
                "Predicted and true overlap of " + charts.size() + " crops with each base of that other scan.");
    }
}
