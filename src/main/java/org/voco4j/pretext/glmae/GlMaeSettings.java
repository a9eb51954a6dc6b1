package org.voco4j.pretext.glmae;

import org.voco4j.augment.CropAugmentation;
import org.voco4j.pretext.part.DecoderSize;
import org.voco4j.pretext.part.MaskedAutoencoder;

/**
 * The keys of GL-MAE, as {@code recipes/pretrain/tasks/gl-mae.yaml} explains them.
 *
 * @param globals how large crops are cut
 * @param locals how small ones are cut
 * @param ratio of the patches that are hidden
 * @param consistency what the class tokens of student and teacher cost
 * @param temperature of either, where it has some
 * @param centre how much of the teacher's centre is kept in a step
 * @param momentum of the teacher at first; it grows to 1 by a cosine
 * @param globalWeight β₁, of the consistency of masked global crops
 * @param localWeight β₂, of that of masked local crops
 * @param early first steps, in which both count a tenth
 * @param export which network is handed on
 * @param augment what is done to crops
 * @param projector sizes of what is put on the class token
 * @param decoder its sizes
 */
public record GlMaeSettings(
        Crops globals,
        Crops locals,
        double ratio,
        Consistency consistency,
        Temperature temperature,
        double centre,
        double momentum,
        double globalWeight,
        double localWeight,
        int early,
        Export export,
        Augment augment,
        Projector projector,
        DecoderSize decoder) {
    private static final double MASK_TOKEN = 0.02; // deviation of its first draw
    private static final int PERCEPTRON = 4; // hidden numbers of a decoder's block for each of a token

    /**
     * Crops of one kind.
     *
     * @param crops of a scan
     * @param least share of a scan's edge
     * @param most share of it
     */
    public record Crops(int crops, double least, double most) {
        /** Checks the group. */
        public Crops {
            require(
                    crops >= 1 && least > 0 && least <= most && most <= 1,
                    "pretext.globals and pretext.locals need crops >= 1 and 0 < least <= most <= 1, not crops " + crops
                            + ", least " + least + ", most " + most);
        }
    }

    /** Which network is handed on, and measured. */
    public enum Export {
        /** The one that is taught. */
        STUDENT,
        /** The one that follows it. */
        TEACHER
    }

    /** τ_t and τ_s. */
    public record Temperature(double teacher, double student) {
        /** Checks the group. */
        public Temperature {
            require(
                    teacher > 0 && student > 0,
                    "pretext.temperature needs numbers above 0, not teacher " + teacher + ", student " + student);
        }
    }

    /** Probability of a flip per axis and of a shift of all values, and how far that may go. */
    public record Augment(double flip, double shiftProbability, double shift) {}

    /** The perceptron of three maps on the class token: its hidden numbers, and K. */
    public record Projector(int hidden, int out) {
        /** Checks the group. */
        public Projector {
            require(
                    hidden >= 1 && out >= 2,
                    "pretext.projector needs hidden >= 1 and out >= 2, not " + hidden + ", " + out);
        }
    }

    /** Checks the numbers. */
    public GlMaeSettings {
        require(ratio > 0 && ratio < 1, "pretext.ratio must lie between 0 and 1, not " + ratio);
        require(centre >= 0 && centre < 1, "pretext.centre must lie in [0, 1), not " + centre);
        require(momentum >= 0 && momentum <= 1, "pretext.momentum must lie in [0, 1], not " + momentum);
        require(
                globalWeight >= 0 && localWeight >= 0,
                "pretext.globalWeight and localWeight must not be negative, but are " + globalWeight + " and "
                        + localWeight);
        require(early >= 0, "pretext.early must not be negative, but is " + early);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The network without what is put on the class token. */
    MaskedAutoencoder.Form form() {
        return new MaskedAutoencoder.Form(
                true,
                true,
                true,
                MASK_TOKEN,
                decoder.hidden(),
                decoder.blocks(),
                decoder.heads(),
                PERCEPTRON * decoder.hidden());
    }

    /** What is done to a crop. */
    CropAugmentation augmentation() {
        return new CropAugmentation(augment.flip, 0, augment.shiftProbability, augment.shift);
    }

    /** Crops of a scan. */
    int views() {
        return globals.crops + locals.crops;
    }
}
