package org.voco4j.network.unet;

/** How much a {@link UNet} computes at full resolution, where a convolution is dearest. */
public enum UNetForm {
    /** One unit on the way down and one on the way up; every upsampling halves the channels. Ours, for small machines. */
    LIGHT(1),
    /** Two units on each way; the last upsampling keeps the channels. MONAI's BasicUNet. */
    BASIC(2);

    private final int units;

    UNetForm(int units) {
        this.units = units;
    }

    /** Units at full resolution, on each way. */
    int units() {
        return units;
    }
}
