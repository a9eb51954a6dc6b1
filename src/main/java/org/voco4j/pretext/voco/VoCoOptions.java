package org.voco4j.pretext.voco;

import org.voco4j.augment.CropAugmentation;
import org.voco4j.volume.Shape3;

/**
 * Every choice of a VoCo run that is not the network's.
 *
 * @param volume the size that scans are brought to
 * @param grid n_x x n_y x n_z bases (paper: 4x4x1)
 * @param randomCrops K, random crops per scan and step (paper: 4)
 * @param crop edge of the cube (of images of one slice: the square) that a crop is resized to (paper: 64)
 * @param augmentation of every crop after the resize
 * @param augmentBases whether bases are augmented too, as released
 * @param logit how a cosine becomes a logit
 * @param prediction Eq. 3 or the released loss
 * @param regularizer Eq. 5, in its plain or its literal sense, or the released loss
 * @param lambda λ of Eq. 7 (paper: 1)
 * @param stopGradient whether gradients stop at the bases in the logits
 * @param teacher what a momentum teacher is a second one of, if there is one
 * @param teacherSide what of a pair the teacher embeds in the logits
 * @param teacherMomentum m (released: 0.9)
 * @param teacherCopies whether the teacher starts as a copy; as released it starts from weights of its own
 * @param exportTeacher whether the teacher is handed on instead of the student
 * @param interVolume whether crops are also placed among the next volume's bases, by the teacher's word
 * @param featureDropout what of the features the student's projector does not see
 * @param window what of a scan a step sees
 */
public record VoCoOptions(
        Shape3 volume,
        Shape3 grid,
        int randomCrops,
        int crop,
        CropAugmentation augmentation,
        boolean augmentBases,
        PositionLogits.Range logit,
        PredictionLoss prediction,
        RegularizationLoss regularizer,
        double lambda,
        boolean stopGradient,
        Teacher teacher,
        TeacherSide teacherSide,
        double teacherMomentum,
        boolean teacherCopies,
        boolean exportTeacher,
        boolean interVolume,
        FeatureDropout featureDropout,
        ViewWindow window) {

    /** What of a crop and a base the teacher embeds, while the student embeds the other. */
    public enum TeacherSide {
        /** Each in turn: the mean of two logits, as the CVPR paper's code has it. */
        BOTH,
        /** The base, as TPAMI's code has it. */
        BASES
    }

    /**
     * Checks what can be checked without a network.
     *
     * @throws IllegalArgumentException with the option's name, its value and what is allowed
     */
    public VoCoOptions {
        require(grid.voxels() >= 2, "pretext.grid must have at least 2 bases, not " + grid);
        for (int axis = 0; axis < 3; axis++) {
            require(
                    volume.along(axis) >= 2 * grid.along(axis) || (axis == 2 && volume.z() == 1 && grid.z() == 1),
                    "pretext.grid " + grid + " cuts data.size " + volume + " into bases of fewer than 2 voxels");
        }
        require(randomCrops >= 1, "pretext.randomCrops must be at least 1, not " + randomCrops);
        require(lambda >= 0, "pretext.lambda must not be negative, but is " + lambda);
        require(
                teacherMomentum >= 0 && teacherMomentum <= 1,
                "pretext.teacherMomentum must lie in [0, 1], not " + teacherMomentum);
        require(
                teacher != Teacher.NONE || !exportTeacher,
                "export: teacher, but this variant has no teacher (pretext.teacher: true)");
        require(
                teacher != Teacher.PROJECTOR || !exportTeacher,
                "pretext.export: teacher, but this teacher is a projector, which is in the file anyway (pretext.teacherOf: network)");
        require(
                teacher != Teacher.NONE || !interVolume,
                "pretext.interVolume: true, but this variant has no teacher to say where crops lie (pretext.teacher: true)");
        require(
                window == ViewWindow.WHOLE || volume.z() > 1,
                "pretext.window: random needs a data.size of several slices, not " + volume);
    }

    /** n, the number of bases. */
    public int bases() {
        return Math.toIntExact(grid.voxels());
    }

    /** What a crop is resized to: the cube, or a square where scans have one slice. */
    public Shape3 view() {
        return new Shape3(crop, crop, volume.z() == 1 ? 1 : crop);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
