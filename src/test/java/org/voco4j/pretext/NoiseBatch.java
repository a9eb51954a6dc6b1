package org.voco4j.pretext;

import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.augment.Draws;
import org.voco4j.engine.tensor.Device;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** A step's batch of one sample, of a scan of 32x32x8 voxels of noise, in a run of 10 steps. */
public final class NoiseBatch {
    private NoiseBatch() {}

    /** The batch of a step, with the draws of its sample and of itself. */
    public static PretextTask.Batch of(PretextTask task, Draws ofSample, int step, Draws ofBatch) {
        float[] voxels = new float[32 * 32 * 8];
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (float) random.nextDouble();
        }
        Samples samples = new Samples(task, 1);
        samples.fill(0, List.of(new Volume(new Shape3(32, 32, 8), Affine.identity(), voxels)), ofSample);
        return new PretextTask.Batch(samples.tensors(Device.CPU), step, 10, ofBatch);
    }
}
