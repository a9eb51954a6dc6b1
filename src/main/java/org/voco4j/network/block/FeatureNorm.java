package org.voco4j.network.block;

import org.voco4j.engine.nn.BatchNorm;
import org.voco4j.engine.nn.GroupNorm;
import org.voco4j.engine.nn.Norm;

/** What the features of a convolutional network are normalised over. */
public enum FeatureNorm {
    /**
     * Each channel over its voxels, as MONAI's BasicUNet and nnU-Net do.
     *
     * <p>The mean of a channel is the same for every crop then, so what is pooled can only tell the shape of its
     * distribution, and "this whole crop lies on the left" cannot be passed on.
     */
    INSTANCE,
    /** Groups of 8 channels over their voxels (Wu and He 2018): the means within a group still differ. */
    GROUP,
    /**
     * Each channel over samples and voxels (Ioffe and Szegedy 2015), by running averages once training is over.
     *
     * <p>What comes of a crop depends on the others of its batch then, so that a batch cannot go through in chunks.
     */
    BATCH;

    private static final int GROUP_SIZE = 8;

    /** A norm of so many channels; those that cannot form groups of 8 are one group. */
    public Norm layer(int channels) {
        return switch (this) {
            case INSTANCE -> new GroupNorm(channels, channels);
            case GROUP -> new GroupNorm(channels, channels % GROUP_SIZE == 0 ? channels / GROUP_SIZE : 1);
            case BATCH -> new BatchNorm(channels);
        };
    }
}
