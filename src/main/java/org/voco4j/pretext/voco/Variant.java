package org.voco4j.pretext.voco;

import org.voco4j.network.head.ProjectionHead;

/**
 * The published forms of VoCo, each a row of choices; every choice is also an option of its own.
 *
 * <table>
 * <caption>variants</caption>
 * <tr><th></th><th>logit</th><th>prediction</th><th>regulariser</th><th>stop-gradient at q</th><th>teacher</th>
 * <th>norms of the projector</th></tr>
 * <tr><td>{@link #PAPER}</td><td>ReLU</td><td>Eq. 3</td><td>Eq. 5</td><td>yes</td><td>none</td>
 * <td>batch, on the output too (the paper is silent)</td></tr>
 * <tr><td>{@link #OFFICIAL}</td><td>ReLU</td><td>L_pos + L_neg</td><td>squared</td><td>no (through the teacher's
 * half)</td><td>momentum 0.9</td><td>batch</td></tr>
 * <tr><td>{@link #NNSSL}</td><td>ReLU</td><td>L_pos + L_neg of the batch</td><td>not squared</td><td>yes</td><td>none</td>
 * <td>layer</td></tr>
 * </table>
 */
public enum Variant {
    /** Eq. 1–7 of the CVPR 2024 paper: one network, gradients stopped at the bases. */
    PAPER(
            PositionLogits.Range.RELU,
            PredictionLoss.DISTANCE,
            RegularizationLoss.ABSOLUTE,
            true,
            false,
            ProjectionHead.Norm.BATCH),
    /** The training code that the authors released for the paper: a momentum teacher and other losses. */
    OFFICIAL(
            PositionLogits.Range.RELU,
            PredictionLoss.POSITIVE_NEGATIVE,
            RegularizationLoss.SQUARED,
            false,
            true,
            ProjectionHead.Norm.HIDDEN),
    /** The form that nnssl trains (MIC-DKFZ/nnssl, commit 7044864); its layer norm does not take away what all crops share. */
    NNSSL(
            PositionLogits.Range.RELU,
            PredictionLoss.OVER_BATCH,
            RegularizationLoss.POSITIVE,
            true,
            false,
            ProjectionHead.Norm.LAYER);

    /** How a cosine becomes a logit. */
    public final PositionLogits.Range logit;

    /** The loss of the logits. */
    public final PredictionLoss prediction;

    /** What pushes bases apart. */
    public final RegularizationLoss regularizer;

    /** Whether gradients stop at the bases in the logits. */
    public final boolean stopGradient;

    /** Whether there is a momentum teacher. */
    public final boolean teacher;

    /** Where and over what the projector normalises. */
    public final ProjectionHead.Norm norm;

    Variant(
            PositionLogits.Range logit,
            PredictionLoss prediction,
            RegularizationLoss regularizer,
            boolean stopGradient,
            boolean teacher,
            ProjectionHead.Norm norm) {
        this.logit = logit;
        this.prediction = prediction;
        this.regularizer = regularizer;
        this.stopGradient = stopGradient;
        this.teacher = teacher;
        this.norm = norm;
    }
}
