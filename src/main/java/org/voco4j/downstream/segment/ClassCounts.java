package org.voco4j.downstream.segment;

import java.util.Arrays;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Volume;

/**
 * How many voxels of each class lie in each x plane of a labelled scan: enough to find the n-th voxel of a class by
 * looking through one plane.
 *
 * <p>Voxels are numbered in row-major order, so the n-th is entry n of MONAI's index lists
 * ({@code map_binary_to_indices}), which take 8 bytes a voxel; the counts take 4·X bytes per class that occurs and are
 * cheap to keep for every scan of a data set. Background are the voxels of class 0 whose value lies above a threshold in
 * some channel: with the window's low end, patches are not spent on air. Voxels to ignore are of no class and no background.
 */
public final class ClassCounts {
    /** All known classes above 0 together, where a class is asked for. */
    static final int FOREGROUND = 256;

    private static final int[] NONE = {0};

    private final float above;
    private final int[][] before; // [class][x]: voxels of the class in the planes before x; the last entry counts all

    private ClassCounts(float above, int[][] before) {
        this.above = above;
        this.before = before;
    }

    /**
     * Counts once through the scan.
     *
     * @param above the value that background must exceed; −∞ takes every voxel of class 0
     * @throws IllegalArgumentException if image and labels differ in shape
     */
    public static ClassCounts of(Channels image, LabelMap labels, float above) {
        requireSameShape(image, labels);
        int planes = labels.shape().x();
        int plane = labels.shape().y() * labels.shape().z();
        int[][] before = new int[FOREGROUND + 1][planes + 1];
        for (int x = 0; x < planes; x++) {
            for (int i = x * plane; i < (x + 1) * plane; i++) {
                int label = labels.at(i);
                if (label != LabelSchema.IGNORE && (label > 0 || isAbove(image, i, above))) {
                    before[label][x + 1]++;
                }
            }
            for (int label = 0; label < FOREGROUND; label++) {
                before[FOREGROUND][x + 1] += label > 0 ? before[label][x + 1] : 0;
                before[label][x + 1] += before[label][x];
            }
            before[FOREGROUND][x + 1] += before[FOREGROUND][x];
        }
        for (int label = 0; label <= FOREGROUND; label++) {
            before[label] = before[label][planes] == 0 ? NONE : before[label];
        }
        return new ClassCounts(above, before);
    }

    /** The number of voxels of class 1…255, of background (0) or of all foreground. */
    int count(int label) {
        int[] counts = before[label];
        return counts[counts.length - 1];
    }

    /** The classes above 0 that occur, ascending. */
    int[] present() {
        int[] classes = new int[FOREGROUND];
        int found = 0;
        for (int label = 1; label < FOREGROUND; label++) {
            if (count(label) > 0) {
                classes[found++] = label;
            }
        }
        return Arrays.copyOf(classes, found);
    }

    /**
     * The row-major index of the n-th voxel of a class, n from 0.
     *
     * @param image the scan that was counted
     * @param labels the labels that were counted
     */
    int voxel(int label, int n, Channels image, LabelMap labels) {
        requireSameShape(image, labels);
        int x = 0;
        while (before[label][x + 1] <= n) {
            x++;
        }
        int left = n - before[label][x];
        int i = x * labels.shape().y() * labels.shape().z();
        while (true) {
            if (isOf(label, labels.at(i), image, i)) {
                if (left == 0) {
                    return i;
                }
                left--;
            }
            i++;
        }
    }

    private boolean isOf(int wanted, int label, Channels image, int i) {
        return switch (wanted) {
            case FOREGROUND -> label > 0 && label != LabelSchema.IGNORE;
            case 0 -> label == 0 && isAbove(image, i, above);
            default -> label == wanted;
        };
    }

    private static boolean isAbove(Channels image, int i, float above) {
        for (Volume channel : image.volumes()) {
            if (channel.voxels()[i] > above) {
                return true;
            }
        }
        return false;
    }

    private static void requireSameShape(Channels image, LabelMap labels) {
        if (!image.shape().equals(labels.shape())) {
            throw new IllegalArgumentException(
                    "labels of " + labels.shape() + " voxels do not fit an image of " + image.shape());
        }
    }
}
