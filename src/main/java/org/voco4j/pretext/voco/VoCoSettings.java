package org.voco4j.pretext.voco;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.network.Backbone;
import org.voco4j.network.head.ContrastNetwork;
import org.voco4j.network.head.ProjectionHead;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Shape3;

/**
 * The keys of VoCo in a recipe, as {@code recipes/pretrain/tasks/voco.yaml} explains them; null stands for "as the variant
 * says".
 */
public record VoCoSettings(
        Variant variant,
        Shape3 grid,
        PositionLogits.@Nullable Range logit,
        @Nullable Variant prediction,
        @Nullable Variant regularizer,
        Pairs pairs,
        double lambda,
        @Nullable Boolean stopGradient,
        @Nullable Boolean teacher,
        @Nullable TeacherOf teacherOf,
        VoCoOptions.@Nullable TeacherSide teacherSide,
        double teacherMomentum,
        TeacherInit teacherInit,
        @Nullable Boolean interVolume,
        @Nullable FeatureDropout featureDropout,
        @Nullable ViewWindow window,
        int randomCrops,
        Augment augment,
        Projector projector,
        Export export) {

    /** How Eq. 5 counts a pair of bases. */
    public enum Pairs {
        /** Each unordered pair once: the factor's plain sense. */
        ONCE,
        /** The double sum to the letter. */
        ORDERED
    }

    /** What a momentum teacher is a second one of. */
    public enum TeacherOf {
        /** The whole network. */
        NETWORK,
        /** The projector. */
        PROJECTOR
    }

    /** What a momentum teacher starts from. */
    public enum TeacherInit {
        /** Weights of its own, as released. */
        INDEPENDENT,
        /** The student's weights. */
        COPY
    }

    /** What is done to crops. */
    public record Augment(double flip, double rot90, double shiftProbability, double shift, boolean bases) {}

    /** The projector. */
    public record Projector(int hidden, int out, ProjectionHead.@Nullable Norm norm) {

        /** Checks the group. */
        public Projector {
            require(
                    hidden >= 1 && out >= 2,
                    "pretext.projector needs hidden >= 1 and out >= 2, not " + hidden + ", " + out);
        }
    }

    /** Whose weights a run leaves. */
    public enum Export {
        /** The network that the optimiser moves. */
        STUDENT,
        /** Its moving average. */
        TEACHER
    }

    /**
     * All choices, with everything that was left to the variant filled in.
     *
     * @param volume the size that scans are brought to
     * @param crop edge of the cube that a crop is resized to
     * @throws IllegalArgumentException if they contradict each other or the sizes, with the key
     */
    public VoCoOptions options(Shape3 volume, int crop) {
        RegularizationLoss loss = or(regularizer, variant).regularizer;
        if (pairs == Pairs.ORDERED) {
            require(
                    loss == RegularizationLoss.ABSOLUTE,
                    "pretext.pairs: ordered is a reading of Eq. 5 and needs pretext.regularizer: paper");
            loss = RegularizationLoss.ABSOLUTE_ORDERED;
        }
        return new VoCoOptions(
                volume,
                grid,
                randomCrops,
                crop,
                new CropAugmentation(augment.flip, augment.rot90, augment.shiftProbability, augment.shift),
                augment.bases,
                or(logit, variant.logit),
                or(prediction, variant).prediction,
                loss,
                lambda,
                or(stopGradient, variant.stopGradient),
                taughtBy(),
                or(teacherSide, variant.teacherSide),
                teacherMomentum,
                teacherInit == TeacherInit.COPY,
                export == Export.TEACHER,
                or(interVolume, variant.interVolume),
                or(featureDropout, variant.featureDropout),
                or(window, variant.window));
    }

    private Teacher taughtBy() {
        if (!or(teacher, variant.teacher != Teacher.NONE)) {
            return Teacher.NONE;
        }
        if (teacherOf != null) {
            return teacherOf == TeacherOf.PROJECTOR ? Teacher.PROJECTOR : Teacher.NETWORK;
        }
        return variant.teacher == Teacher.NONE ? Teacher.NETWORK : variant.teacher;
    }

    /** Whether a step sees parts of scans. */
    boolean cutsWindows() {
        return or(window, variant.window) == ViewWindow.RANDOM;
    }

    /** Whether crops are also placed among the next volume's bases. */
    boolean comparesVolumes() {
        return or(interVolume, variant.interVolume);
    }

    /** What of the features the student's projector does not see. */
    FeatureDropout dropout() {
        return or(featureDropout, variant.featureDropout);
    }

    /** The projector with the norm that was left to the variant. */
    public Projector head() {
        return new Projector(projector.hidden, projector.out, norm());
    }

    /** Where and over what the projector normalises. */
    ProjectionHead.Norm norm() {
        return or(projector.norm, variant.norm);
    }

    /** Whether gradients stop at the bases. */
    boolean stopsGradient() {
        return or(stopGradient, variant.stopGradient);
    }

    /**
     * The same for sizes that are settled.
     *
     * @throws IllegalArgumentException also if a step has too few volumes
     */
    public VoCoOptions options(Setup setup) {
        VoCoOptions options = options(setup.volume(), setup.crop());
        require(
                !options.interVolume() || setup.samples() >= 2,
                "batch.volumes must be at least 2 with pretext.interVolume, not " + setup.samples()
                        + ": one volume would be compared with itself");
        return options;
    }

    /** Makes the network to train, without weights yet. */
    public Supplier<ContrastNetwork> networks(Setup setup) {
        return () -> {
            Encoder encoder =
                    setup.backbone().encode(Backbone.CHANNELS, setup.view().edges());
            return taughtBy() == Teacher.PROJECTOR
                    ? ContrastNetwork.withTeacher(encoder, projector.hidden, projector.out, norm(), setup.precision())
                    : new ContrastNetwork(encoder, projector.hidden, projector.out, norm(), setup.precision());
        };
    }

    private static <T> T or(@Nullable T own, T otherwise) {
        return own == null ? otherwise : own;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
