package org.voco4j.downstream.segment;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** For every class the probability of every voxel: softmax of the logits, or the sigmoid of each where they are regions. */
final class VoxelProbabilities implements StreamedPrediction.Sink {
    private final Shape3 shape;
    private final boolean regions;
    private final float[][] probabilities; // [K][X·Y·Z]
    private float[] numbers = {}; // used again and again

    VoxelProbabilities(Shape3 shape, int classes, boolean regions) {
        this.shape = shape;
        this.regions = regions;
        probabilities = new float[classes][Math.toIntExact(shape.voxels())];
    }

    @Override
    public void accept(int x, int y, Tensor logits) {
        int count = (int) (logits.count() / probabilities.length);
        if (numbers.length < logits.count()) {
            numbers = new float[(int) logits.count()];
        }
        (regions ? Ops.sigmoid(logits) : Ops.softmax(logits, 0)).copyTo(numbers);
        for (int k = 0; k < probabilities.length; k++) {
            System.arraycopy(numbers, k * count, probabilities[k], shape.index(x, y, 0), count);
        }
    }

    /** The result, class by class. */
    List<Volume> volumes(Affine affine) {
        List<Volume> volumes = new ArrayList<>();
        for (float[] one : probabilities) {
            volumes.add(new Volume(shape, affine, one));
        }
        return volumes;
    }
}
