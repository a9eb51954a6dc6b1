package org.voco4j.downstream.segment;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.voco4j.augment.Draws;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Crop;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Random patches of a labelled scan, some centred on foreground and some on background (MONAI
 * {@code RandCropByPosNegLabel}).
 *
 * <p>A centre is positive with probability positive/(positive + negative); a scan that lacks one kind gives the other.
 * Along an axis of N ≥ S voxels a patch of S begins at the centre − ⌊S/2⌋, moved so that it lies inside. Along a
 * shorter axis the scan is padded at both ends, the odd voxel at the high end (MONAI {@code SpatialPad}).
 *
 * <p>Uses no libtorch, so loader threads may call it.
 *
 * @param size S, the voxels of a patch
 * @param positive weight of centres on foreground
 * @param negative weight of centres on background
 * @param positives how a centre on foreground is chosen
 * @param fill the image's value where a patch leaves it; labels are 0 there
 */
public record PatchSampler(Shape3 size, double positive, double negative, Positives positives, float fill) {

    /** How a centre on foreground is chosen. */
    public enum Positives {
        /** Every voxel above 0 is equally likely, so large organs are seen most (MONAI's default). */
        VOXELS,
        /** First a class, every one that occurs equally likely, then a voxel of it. */
        CLASSES
    }

    /**
     * One draw: where a patch lies.
     *
     * @param voxel row-major index of the proposed centre
     * @param positive whether it was chosen as foreground
     */
    public record Centre(int voxel, boolean positive) {}

    /**
     * Checks the weights.
     *
     * @throws IllegalArgumentException if a weight is negative or both are 0
     */
    public PatchSampler {
        if (!(positive >= 0 && negative >= 0 && positive + negative > 0)) {
            throw new IllegalArgumentException(
                    "positive and negative must be 0 or more and not both 0, not " + positive + " and " + negative);
        }
    }

    /**
     * Draws a centre.
     *
     * @param counts the counts of this image and these labels
     * @throws IllegalArgumentException if there is neither foreground nor background to choose from
     */
    public Centre draw(ClassCounts counts, Channels image, LabelMap labels, Draws draws) {
        int foreground = counts.count(ClassCounts.FOREGROUND);
        int background = counts.count(0);
        if (foreground == 0 && background == 0) {
            throw new IllegalArgumentException("no voxel to centre a patch on: all " + labels.shape()
                    + " are of class 0, and no value lies above the background's threshold");
        }
        SplittableRandom random = draws.random();
        boolean chosen = random.nextDouble() * (positive + negative) < positive;
        boolean onForeground = foreground > 0 && (chosen || background == 0);
        int label = 0;
        if (onForeground && positives == Positives.CLASSES) {
            int[] present = counts.present();
            label = present[random.nextInt(present.length)];
        } else if (onForeground) {
            label = ClassCounts.FOREGROUND;
        }
        int n = random.nextInt(counts.count(label));
        return new Centre(counts.voxel(label, n, image, labels), onForeground);
    }

    /** The patch of a centre, which leaves the scan only along axes that are too short. */
    public Box box(Centre centre, Shape3 scan) {
        int z = centre.voxel % scan.z();
        int xy = centre.voxel / scan.z();
        return Box.at(start(xy / scan.y(), 0, scan), start(xy % scan.y(), 1, scan), start(z, 2, scan), size);
    }

    private int start(int centre, int axis, Shape3 scan) {
        int spare = scan.along(axis) - size.along(axis);
        return spare < 0 ? -(-spare / 2) : Math.min(Math.max(centre - size.along(axis) / 2, 0), spare);
    }

    /**
     * Cuts the patch out of image and labels, changes both as drawn, and writes C·X·Y·Z values and X·Y·Z classes.
     *
     * @param images receives the values, a channel after the other
     * @param targets receives the classes
     * @param number how many patches are in both buffers already; their positions stay
     */
    public void fill(
            Channels image,
            LabelMap labels,
            Centre centre,
            PatchAugmentation.View view,
            FloatBuffer images,
            FloatBuffer targets,
            int number) {
        Box box = box(centre, labels.shape());
        int voxels = Math.toIntExact(size.voxels());
        int at = number * image.count() * voxels;
        for (Volume channel : image.volumes()) {
            view.image(Crop.padded(channel, box, fill).voxels(), size, images, at);
            at += voxels;
        }
        view.labels(classes(labels, box), size, targets, number * voxels);
    }

    /** The classes in a box, row-major, 0 where it leaves the label map. */
    private static float[] classes(LabelMap labels, Box box) {
        Box inside = Crop.clip(box, labels.shape());
        Shape3 out = box.shape();
        float[] classes = new float[Math.toIntExact(out.voxels())];
        for (int x = inside.x0(); x < inside.x1(); x++) {
            for (int y = inside.y0(); y < inside.y1(); y++) {
                int from = labels.shape().index(x, y, inside.z0());
                int to = out.index(x - box.x0(), y - box.y0(), inside.z0() - box.z0());
                for (int z = 0; z < inside.z1() - inside.z0(); z++) {
                    classes[to + z] = labels.at(from + z);
                }
            }
        }
        return classes;
    }
}
