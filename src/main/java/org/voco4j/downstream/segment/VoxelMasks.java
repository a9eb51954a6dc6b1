package org.voco4j.downstream.segment;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;

/** A byte for every voxel and region from its logit l: 1 where σ(l) &gt; ½, which is l &gt; 0. */
final class VoxelMasks implements StreamedPrediction.Sink {
    private final Shape3 shape;
    private final byte[][] masks;
    private float[] numbers = {}; // used again and again: nothing is left for the garbage collector

    /** All voxels outside every region. */
    VoxelMasks(Shape3 shape, int regions) {
        this.shape = shape;
        masks = new byte[regions][Math.toIntExact(shape.voxels())];
    }

    @Override
    public void accept(int x, int y, Tensor logits) {
        int count = (int) (logits.count() / masks.length);
        if (numbers.length < logits.count()) {
            numbers = new float[(int) logits.count()];
        }
        logits.copyTo(numbers); // [R, n·Z]
        int at = shape.index(x, y, 0);
        for (int r = 0; r < masks.length; r++) {
            for (int i = 0; i < count; i++) {
                float logit = numbers[r * count + i];
                if (Float.isNaN(logit)) {
                    throw new IllegalArgumentException("a logit of region " + r + " is not a number");
                }
                masks[r][at + i] = (byte) (logit > 0 ? 1 : 0);
            }
        }
    }

    /** The result; nothing is accepted afterwards. */
    List<LabelMap> maps(Affine affine) {
        List<LabelMap> maps = new ArrayList<>();
        for (byte[] mask : masks) {
            maps.add(new LabelMap(shape, affine, mask));
        }
        return maps;
    }
}
