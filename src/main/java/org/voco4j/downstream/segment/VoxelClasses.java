package org.voco4j.downstream.segment;

import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;

/**
 * One byte for every voxel from its logits.
 *
 * <p>Of classes that exclude each other: the value of the one with the largest logit, the first among equals. Of regions
 * that overlap: every region with a logit above 0, which is a sigmoid above ½, paints its value, later ones over earlier.
 */
final class VoxelClasses implements StreamedPrediction.Sink {
    private final Shape3 shape;
    private final byte[] values;
    private final boolean regions;
    private final byte[] painted;
    private float[] numbers = {}; // used again and again: nothing is left for the garbage collector
    private float[] largest = {};

    /**
     * All voxels 0.
     *
     * @param values of each logit, from 0 to 255
     * @param regions whether each logit stands for itself
     */
    VoxelClasses(Shape3 shape, int[] values, boolean regions) {
        this.shape = shape;
        this.regions = regions;
        this.values = new byte[values.length];
        for (int k = 0; k < values.length; k++) {
            this.values[k] = (byte) values[k];
        }
        painted = new byte[Math.toIntExact(shape.voxels())];
    }

    @Override
    public void accept(int x, int y, Tensor logits) {
        int count = (int) (logits.count() / values.length);
        if (numbers.length < logits.count()) {
            numbers = new float[(int) logits.count()];
            largest = new float[count];
        }
        logits.copyTo(numbers); // [K, n·Z]
        int at = shape.index(x, y, 0);
        if (regions) {
            paint(count, at, x);
        } else {
            choose(count, at, x);
        }
    }

    private void choose(int count, int at, int x) {
        for (int k = 0; k < values.length; k++) {
            for (int i = 0; i < count; i++) {
                float logit = number(numbers[k * count + i], k, x);
                if (k == 0 || logit > largest[i]) {
                    largest[i] = logit;
                    painted[at + i] = values[k];
                }
            }
        }
    }

    private void paint(int count, int at, int x) {
        for (int k = 0; k < values.length; k++) {
            for (int i = 0; i < count; i++) {
                if (number(numbers[k * count + i], k, x) > 0) {
                    painted[at + i] = values[k];
                }
            }
        }
    }

    private static float number(float logit, int k, int x) {
        if (Float.isNaN(logit)) {
            throw new IllegalArgumentException("the logit of class " + k + " is not a number at x = " + x);
        }
        return logit;
    }

    /** The result; nothing is accepted afterwards. */
    LabelMap map(Affine affine) {
        return new LabelMap(shape, affine, painted);
    }
}
