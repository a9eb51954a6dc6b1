package org.voco4j.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A scan of one or more channels, for example the four sequences of a brain MR: f_c: voxel (x, y, z) → value, all on one
 * grid.
 *
 * @param volumes the channels in their order
 */
public record Channels(List<Volume> volumes) {

    /**
     * Checks that there is one grid.
     *
     * @throws IllegalArgumentException if there is no channel, or two differ in shape or affine
     */
    public Channels {
        volumes = List.copyOf(volumes);
        if (volumes.isEmpty()) {
            throw new IllegalArgumentException("a scan has at least one channel");
        }
        Volume first = volumes.get(0);
        for (int c = 1; c < volumes.size(); c++) {
            Volume other = volumes.get(c);
            if (!other.shape().equals(first.shape()) || !other.affine().equals(first.affine())) {
                throw new IllegalArgumentException("channel " + c + " lies on another grid than channel 0: "
                        + other.shape() + " " + other.affine() + " and " + first.shape() + " " + first.affine());
            }
        }
    }

    /** A scan of one channel. */
    public static Channels of(Volume volume) {
        return new Channels(List.of(volume));
    }

    /**
     * The only channel.
     *
     * @throws IllegalStateException if there are several
     */
    public Volume single() {
        if (volumes.size() != 1) {
            throw new IllegalStateException("expected a scan of one channel, not of " + volumes.size());
        }
        return volumes.get(0);
    }

    /** The number of channels. */
    public int count() {
        return volumes.size();
    }

    /** The number of voxels along each axis. */
    public Shape3 shape() {
        return volumes.get(0).shape();
    }

    /** Voxel index → RAS+ millimetres. */
    public Affine affine() {
        return volumes.get(0).affine();
    }

    /**
     * The same done to every channel.
     *
     * @throws IllegalArgumentException if that gives different grids
     */
    public Channels each(UnaryOperator<Volume> change) {
        List<Volume> changed = new ArrayList<>();
        volumes.forEach(channel -> changed.add(change.apply(channel)));
        return new Channels(changed);
    }
}
