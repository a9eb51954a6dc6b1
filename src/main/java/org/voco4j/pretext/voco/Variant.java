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
 * <tr><td>{@link #TPAMI}</td><td>ReLU</td><td>L_pos + logarithmic L_neg</td><td>squared</td><td>no (of the teacher's bases only)</td><td>of the
 * projector, momentum 0.9</td><td>batch</td></tr>
 * </table>
 */
public enum Variant {
    /** Eq. 1–7 of the CVPR 2024 paper: one network, gradients stopped at the bases. */
    PAPER(
            PositionLogits.Range.RELU,
            PredictionLoss.DISTANCE,
            RegularizationLoss.ABSOLUTE,
            true,
            Teacher.NONE,
            ProjectionHead.Norm.BATCH,
            VoCoOptions.TeacherSide.BOTH,
            false,
            FeatureDropout.NONE,
            ViewWindow.WHOLE),
    /** The training code that the authors released for the paper: a momentum teacher and other losses. */
    OFFICIAL(
            PositionLogits.Range.RELU,
            PredictionLoss.POSITIVE_NEGATIVE,
            RegularizationLoss.SQUARED,
            false,
            Teacher.NETWORK,
            ProjectionHead.Norm.HIDDEN,
            VoCoOptions.TeacherSide.BOTH,
            false,
            FeatureDropout.NONE,
            ViewWindow.WHOLE),
    /** The form that nnssl trains (MIC-DKFZ/nnssl, commit 7044864); its layer norm does not take away what all crops share. */
    NNSSL(
            PositionLogits.Range.RELU,
            PredictionLoss.OVER_BATCH,
            RegularizationLoss.POSITIVE,
            true,
            Teacher.NONE,
            ProjectionHead.Norm.LAYER,
            VoCoOptions.TeacherSide.BOTH,
            false,
            FeatureDropout.NONE,
            ViewWindow.WHOLE),
    /**
     * The authors' later training code (Luffy03/Large-Scale-Medical, commit 1ad538b), for "Large-Scale 3D Medical Image Pre-training",
     * TPAMI 2026. Beside what the table has: windows of scans instead of whole ones, {@link FeatureDropout#ROWS}, and {@link ContrastLoss
     * a term between volumes}, so that a step needs two. Its loss may rise while features improve, since the teacher's soft labels sharpen.
     */
    TPAMI(
            PositionLogits.Range.RELU,
            PredictionLoss.LOG_NEGATIVE,
            RegularizationLoss.SQUARED,
            false,
            Teacher.PROJECTOR,
            ProjectionHead.Norm.HIDDEN,
            VoCoOptions.TeacherSide.BASES,
            true,
            FeatureDropout.ROWS,
            ViewWindow.RANDOM);

    /** How a cosine becomes a logit. */
    public final PositionLogits.Range logit;

    /** The loss of the logits. */
    public final PredictionLoss prediction;

    /** What pushes bases apart. */
    public final RegularizationLoss regularizer;

    /** Whether gradients stop at the bases in the logits. */
    public final boolean stopGradient;

    /** What a momentum teacher is a second one of, if there is one. */
    public final Teacher teacher;

    /** Where and over what the projector normalises. */
    public final ProjectionHead.Norm norm;

    /** What of a pair a teacher embeds. */
    public final VoCoOptions.TeacherSide teacherSide;

    /** Whether crops are also placed among the next volume's bases. */
    public final boolean interVolume;

    /** What of the features the student's projector does not see. */
    public final FeatureDropout featureDropout;

    /** What of a scan a step sees. */
    public final ViewWindow window;

    Variant(
            PositionLogits.Range logit,
            PredictionLoss prediction,
            RegularizationLoss regularizer,
            boolean stopGradient,
            Teacher teacher,
            ProjectionHead.Norm norm,
            VoCoOptions.TeacherSide teacherSide,
            boolean interVolume,
            FeatureDropout featureDropout,
            ViewWindow window) {
        this.logit = logit;
        this.prediction = prediction;
        this.regularizer = regularizer;
        this.stopGradient = stopGradient;
        this.teacher = teacher;
        this.norm = norm;
        this.teacherSide = teacherSide;
        this.interVolume = interVolume;
        this.featureDropout = featureDropout;
        this.window = window;
    }
}
