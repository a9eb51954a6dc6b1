package org.voco4j.pretext.voco;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.augment.Draws;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.volume.Box;
import org.voco4j.volume.Resize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What one scan shows in one step: K random crops, then the n bases, and what is done to each.
 *
 * <p>The drawn record; {@link #fill} is its deterministic twin.
 *
 * @param randomCrops the K boxes
 * @param bases the n boxes
 * @param augmentations one per view, random crops first
 */
public record ContrastViews(List<Box> randomCrops, List<Box> bases, List<CropAugmentation.View> augmentations) {

    /**
     * Draws the views of one scan: the k-th view from the k-th branch of its draws.
     *
     * @param volume the size of the scan
     * @param grid n_x x n_y x n_z bases
     * @param crops K
     * @param forCrops augmentation of the random crops
     * @param forBases augmentation of the bases
     */
    public static ContrastViews sample(
            Shape3 volume, Shape3 grid, int crops, CropAugmentation forCrops, CropAugmentation forBases, Draws draws) {
        List<Box> bases = BaseCrops.of(volume, grid);
        List<Box> randomCrops = new ArrayList<>();
        List<CropAugmentation.View> augmentations = new ArrayList<>();
        for (int k = 0; k < crops; k++) {
            SplittableRandom random = draws.at(k).random();
            randomCrops.add(RandomCrop.sample(volume, grid, random));
            augmentations.add(forCrops.sample(random));
        }
        for (int i = 0; i < bases.size(); i++) {
            augmentations.add(forBases.sample(draws.at(crops + i).random()));
        }
        return new ContrastViews(randomCrops, bases, augmentations);
    }

    /** These views with further random crops behind the K drawn ones, which nothing is done to. */
    public ContrastViews with(List<Box> more) {
        List<Box> crops = new ArrayList<>(randomCrops);
        crops.addAll(more);
        List<CropAugmentation.View> all = new ArrayList<>(augmentations);
        all.addAll(randomCrops.size(), Collections.nCopies(more.size(), CropAugmentation.View.IDENTITY));
        return new ContrastViews(crops, bases, all);
    }

    /** How many crops and bases there are. */
    public int count() {
        return augmentations.size();
    }

    /** Cuts, resizes (trilinear, corners aligned) and augments every view into views of a shape, one after another. */
    public void fill(Volume scan, Shape3 view, FloatBuffer views) {
        float[] values = new float[Math.toIntExact(view.voxels())];
        for (int k = 0; k < augmentations.size(); k++) {
            Box box = k < randomCrops.size() ? randomCrops.get(k) : bases.get(k - randomCrops.size());
            Resize.trilinear(scan.voxels(), scan.shape(), box, true, view, values, 0);
            views.put(augmentations.get(k).apply(values, view.x()));
        }
    }

    /** The position labels, [K][n]. */
    public float[][] labels() {
        float[][] labels = new float[randomCrops.size()][bases.size()];
        for (int k = 0; k < labels.length; k++) {
            double[] shares = PositionLabels.of(randomCrops.get(k), bases);
            for (int i = 0; i < shares.length; i++) {
                labels[k][i] = (float) shares[i];
            }
        }
        return labels;
    }
}
