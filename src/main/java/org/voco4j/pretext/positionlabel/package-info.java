/**
 * Position labels: where in the scan does each token lie (Zhang and Gong, arXiv 2206.04981; Tables 1 to 5 of VoCo, PositionLabel)?
 *
 * <p>Every voxel of the encoder's coarsest map, a token, tells the number of its place. Half of its features tell, the other half stay free.
 *
 * <p>The source trains it beside classification, and numbers the tokens of an image; how VoCo trained it alone is not published. Ours: {@code
 * labels: scan} numbers places of the scan, so that crops which lie anywhere must be recognised, {@code labels: crop} the tokens of a crop, as
 * the source does. The source's labels of pairs, where one token lies beside another, are told beside these, not in their place
 * ({@code pairs}), of pairs that are drawn where there are many. What tells a place without an image is left out: a
 * transformer's table of positions, or of relative positions, is 0 while it is taught this, and is not handed on; tokens of air count not. What
 * the zeros beside a map still give away stands beside the score: that of a black image and of noise.
 */
@NullMarked
package org.voco4j.pretext.positionlabel;

import org.jspecify.annotations.NullMarked;
