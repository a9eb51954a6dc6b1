/**
 * PCRLv2, preservational contrast at a drawn scale (Zhou et al., TPAMI 2023; VoCo's Tables 1 to 5 and 11): what will the decoder make, at one of its
 * scales, of the crop beside this one? And what did this crop look like before it was distorted?
 *
 * <pre>
 *   x₁, x₂, l₁ … l_n: two crops that overlap, and small ones in or near them        encoder ► decoder without skips
 *   z_s: batch norm of the mean of the map of scale s     p_s: linear, batch norm, ReLU, linear of z_s     m_s: σ of a convolution of the map
 *   D(a, b; s) = −½·[ mean cos(p_s(a), z_s(b)) + mean cos(p_s(b), z_s(a)) ],  no gradient through z there
 *   L = (out(x₁) − x)² + D(x₁, x₂; s₀) + β·(m_{s₀}(x₁) − x)² + 1/(2n)·Σ_i [ D(x₁, l_i; s_i) + D(x₂, l_i; s_i') ]
 *   β = ½·(1 + cos πt),  t: the share of the run that is done;   x: x₁ before it was distorted
 * </pre>
 *
 * <p>Every s is drawn for its pair, anew in each step, from the step's draws. Code: RL4M/PCRLv2. {@link org.voco4j.pretext.pcrlv2.UpBlock} has its
 * names. The encoder alone is handed on, as the source's 2-D release does: its decoder has no skips to share with a network for segmentation.
 *
 * <p>Departures: any encoder, of transformers the deepest map alone; group norm in the decoder, none at m, and steps in chunks, where the
 * encoder has no batch norm itself; small crops are brought to the size of the large ones, so that they differ by their field of view
 * alone, and lie in the scan as a whole; noise is added before the blur; crops of air are not drawn anew; no step is left out for its loss. Of
 * images of one slice crops are parts of their area, and cubes are cut out of them instead of parts that change places, as in the source's
 * 2-D form, whose m have another convolution. Views of mean 0 and deviation 1 are an option ({@code normalise}): fine-tuning shows
 * voxels in [0, 1].
 */
@NullMarked
package org.voco4j.pretext.pcrlv2;

import org.jspecify.annotations.NullMarked;
