package org.voco4j.network;

/** What the features of a {@link UNet} are normalised over, within one sample. */
public enum FeatureNorm {
    /**
     * Each channel over its voxels, as MONAI's BasicUNet and nnU-Net do.
     *
     * <p>The mean of a channel is the same for every crop then, so what is pooled can only tell the shape of its
     * distribution, and "this whole crop lies on the left" cannot be passed on.
     */
    INSTANCE,
    /** Groups of 8 channels over their voxels (Wu and He 2018): the means within a group still differ. */
    GROUP;

    private static final int GROUP_SIZE = 8;

    /** The number of groups of {@code channels} channels; those that cannot form groups of 8 are one group. */
    int groups(int channels) {
        if (this == INSTANCE) {
            return channels;
        }
        return channels % GROUP_SIZE == 0 ? channels / GROUP_SIZE : 1;
    }
}
