package org.voco4j.program.locate;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.measure.feature.PositionRetrieval;
import org.voco4j.measure.feature.RankCorrelation;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.voco.PositionPrediction;
import org.voco4j.pretext.voco.VoCoOptions;
import org.voco4j.program.pretrain.PretrainedModel;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.Voxel;

/**
 * Fig. 4 of the paper on a user's scan: where pre-trained weights see a crop among the bases of the same scan, or of
 * another, beside where it lies.
 *
 * <p>Since a feature depends on its batch, the crop is asked about together with the 16 crops of every evaluation.
 */
public final class Locate {

    /**
     * What came out.
     *
     * @param from the scan with the crops
     * @param against the other scan, with the bases; null if they are those of the same scan
     * @param prediction the crops of every evaluation, then the one asked for
     * @param shown the crop asked for, or of the others one that lies across bases
     * @param asked where a crop was asked for, as stored; null if none was
     * @param moved whether that one was moved to where it fits
     */
    public record Outcome(
            PreparedScan from,
            @Nullable PreparedScan against,
            PositionPrediction prediction,
            int shown,
            @Nullable Voxel asked,
            boolean moved) {

        /** How far a crop's largest prediction points to where it lies: 1 or 0, or in between if several are largest. */
        double right(int crop) {
            return PositionRetrieval.vote(
                    prediction.predicted()[crop], prediction.truth()[crop]);
        }

        /** The mean of {@link #right} over all crops. */
        double top1() {
            double sum = 0;
            for (int k = 0; k < prediction.crops().size(); k++) {
                sum += right(k);
            }
            return sum / prediction.crops().size();
        }

        /** The mean over all crops of Spearman's ρ of predicted and true shares. */
        double rankCorrelation() {
            double sum = 0;
            for (int k = 0; k < prediction.crops().size(); k++) {
                sum += RankCorrelation.spearman(
                        prediction.predicted()[k], prediction.truth()[k]);
            }
            return sum / prediction.crops().size();
        }
    }

    private Locate() {}

    /**
     * Asks.
     *
     * @param scan the file that crops are taken from
     * @param against the file with the bases; null for the same one
     * @param crop the centre of a crop of {@code scan}, as stored; null for the usual 16 alone
     * @throws UsageException if a file is no usable scan, the crop lies outside, or the weights do not fit
     */
    public static Outcome run(
            PretrainedModel model, Path scan, @Nullable Path against, @Nullable Voxel crop, Device device) {
        VoCoOptions options = TrainedVoCo.options(model.recipe());
        PreparedScan from = PreparedScan.read(scan, model.recipe().data().preprocessing());
        PreparedScan.Place place =
                crop == null ? null : from.place(crop, RandomCrop.size(options.volume(), options.grid()));
        PreparedScan other = against == null
                ? null
                : PreparedScan.read(against, model.recipe().data().preprocessing());
        List<HeldOutScan> scans = other == null ? List.of(from.heldOut()) : List.of(from.heldOut(), other.heldOut());
        TrainedVoCo task = TrainedVoCo.of(model, scans, device);
        PositionPrediction prediction =
                task.predict(0, scans.size() - 1, place == null ? List.of() : List.of(place.box()));
        int shown = place == null ? prediction.typical() : prediction.crops().size() - 1;
        return new Outcome(from, other, prediction, shown, crop, place != null && place.moved());
    }
}
