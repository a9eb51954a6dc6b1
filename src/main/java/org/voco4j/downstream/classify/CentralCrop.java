package org.voco4j.downstream.classify;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Crop;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * The part of a scan that is classified: its centre, in training moved a little.
 *
 * <pre>  lo_d = ½(N_d − S_d) + δ_d      δ_d uniform over the whole numbers in −j_d … j_d that leave the box in the scan </pre>
 *
 * <p>Half a voxel is rounded towards 0. Along an axis that is shorter than the box the scan is padded with 0 at both ends, the
 * odd voxel at the high end.
 *
 * @param size S, the voxels of the box
 * @param jitter j, voxels along each axis
 */
public record CentralCrop(Shape3 size, List<Integer> jitter) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException unless there are three numbers of 0 or more
     */
    public CentralCrop {
        jitter = List.copyOf(jitter);
        if (jitter.size() != 3 || jitter.stream().anyMatch(j -> j < 0)) {
            throw new IllegalArgumentException("the jitter is three numbers of voxels, 0 or more, not " + jitter);
        }
    }

    /** The box in the middle of a scan. */
    public Box box(Shape3 scan) {
        int[] low = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            low[axis] = (scan.along(axis) - size.along(axis)) / 2;
        }
        return Box.at(low[0], low[1], low[2], size);
    }

    /** A box near the middle. */
    public Box draw(Shape3 scan, SplittableRandom random) {
        Box middle = box(scan);
        int[] low = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int below = Math.max(0, middle.low(axis)); // voxels of the scan on either side; none where it is padded
            int above = Math.max(0, scan.along(axis) - middle.high(axis));
            int j = jitter.get(axis);
            low[axis] = middle.low(axis) + random.nextInt(-Math.min(j, below), Math.min(j, above) + 1);
        }
        return Box.at(low[0], low[1], low[2], size);
    }

    /**
     * Cuts a box out, changes it as drawn, and writes C·X·Y·Z values.
     *
     * @param number how many scans are in the buffer already; its position stays
     */
    public void fill(Channels scan, Box box, PatchAugmentation.View view, FloatBuffer out, int number) {
        int voxels = Math.toIntExact(size.voxels());
        int at = number * scan.count() * voxels;
        for (Volume channel : scan.volumes()) {
            view.image(Crop.padded(channel, box, 0).voxels(), size, out, at);
            at += voxels;
        }
    }
}
