/**
 * SimSiam (Chen and He, CVPR 2021; a row of VoCo's Table 11): what would a view's partner be projected to? There are no negatives and no teacher;
 * that features do not fall together rests on the stop-gradient and on batch norms.
 *
 * <pre>
 *   x₁, x₂ ► encoder, mean of each level ► projector g: z ► predictor h: p
 *   g: (linear, batch norm, ReLU) twice, linear, batch norm without γ and β        h: linear, batch norm, ReLU, linear
 *   L = −½·[ cos(p₁, z₂) + cos(p₂, z₁) ], no gradient through z there
 * </pre>
 *
 * <p>Code: facebookresearch/simsiam. The row of Table 11 is quoted from PCRLv2's paper. Of images of one slice a view shows a part of 20 to
 * 100 % of the area, as in the source; in 3-D (ours) views are two crops of a base's size that overlap. The source's changes of colour are of
 * brightness and contrast here, without grey. The last linear map of g has no bias, which the norm behind it takes away. Widths are ours where the source has
 * 2048 and 512. The source keeps the rate of h constant; here it follows the run's schedule. It trains with SGD, here it is AdamW.
 *
 * <p>A loss of −0.9 says nothing: see the spread of projected views, about 1 where all is well, 0 where all features are alike.
 */
@NullMarked
package org.voco4j.pretext.simsiam;

import org.jspecify.annotations.NullMarked;
