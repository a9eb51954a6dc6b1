/** U-Nets: a small one, MONAI's BasicUNet and UNet, and the 3-D U-Net of Models Genesis. */
@NullMarked
package org.voco4j.network.unet;

import org.jspecify.annotations.NullMarked;
