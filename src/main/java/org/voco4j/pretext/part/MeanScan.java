package org.voco4j.pretext.part;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.volume.Volume;

/** The mean, voxel by voxel, of the scans of all other patients: what anatomy alone says of a scan that was not seen. */
final class MeanScan {
    private final List<HeldOutScan> scans;
    private float @Nullable [] sum;

    /** Of scans of one size. */
    MeanScan(List<HeldOutScan> scans) {
        this.scans = scans;
    }

    /** The mean for a scan: without those of its patient; where there is no other patient, 0 everywhere. */
    Volume without(int scan) {
        float[] all = sum();
        float[] mean = all.clone();
        int count = scans.size();
        String patient = scans.get(scan).patient();
        for (HeldOutScan one : scans) {
            if (one.patient().equals(patient)) {
                float[] voxels = one.volume().get().voxels();
                for (int i = 0; i < mean.length; i++) {
                    mean[i] -= voxels[i];
                }
                count--;
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] = count == 0 ? 0 : Math.max(0, mean[i] / count);
        }
        return scans.get(scan).volume().get().withVoxels(mean);
    }

    private float[] sum() {
        float[] known = sum;
        if (known == null) {
            known = new float[scans.get(0).volume().get().voxels().length];
            for (HeldOutScan one : scans) {
                float[] voxels = one.volume().get().voxels();
                for (int i = 0; i < known.length; i++) {
                    known[i] += voxels[i];
                }
            }
            sum = known;
        }
        return known;
    }
}
