/**
 * Swin-UNETR's own pre-training: which way was it turned, what was behind the blots, which is the other copy (Tang et al., CVPR 2022; VoCo's
 * Tables 1 to 5).
 *
 * <p>Every crop is copied twice; a copy is turned by quarter turns, then boxes of it are filled with noise and others with another
 * crop. One loss asks for the turn, one for the turned copy as it was, one for the other copy among all. Of Swin-UNETR the transformer alone is
 * taught, and handed on; the convolutions beside it stay as they were drawn.
 *
 * <p>Departures from the released code: turns about z, as the paper says ({@code plane: yz} is the code's); heads on the mean of the
 * deepest map ({@code head: tokens}: on two of its voxels); boxes of another crop come from the same scan; boxes have 2 voxels or more
 * along an axis; where the deepest map is flatter than 1/32 of the crop, less is made of it on the way up.
 */
@NullMarked
package org.voco4j.pretext.swinssl;

import org.jspecify.annotations.NullMarked;
