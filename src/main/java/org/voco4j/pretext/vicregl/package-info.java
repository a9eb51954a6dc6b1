/**
 * VICRegL (Bardes, Ponce and LeCun, NeurIPS 2022; a row of VoCo's Tables 1 and 3): two overlapping crops are to say the same, as a whole and cell by cell,
 * while scans stay different (variance) and no two numbers say the same (covariance). There are no negatives.
 *
 * <pre>
 *   x₁, x₂ ► encoder ► mean of each level ► expander: a, b              [B, D]
 *                    ► cells of one map   ► expander: m₁, m₂            [B, P, D']
 *   L = α·(inv + var + cov)(a, b) + (1 − α)·(inv + var + cov)(matched cells)
 *   matched: every cell with the nearest one by feature; the n whose nearest one by place is nearest; both from either side
 * </pre>
 *
 * <p>Code: facebookresearch/VICRegL, in 2-D; in 3-D (ours) a scan has two crops of a base's size that overlap instead of two large and six small
 * views, and cells are the voxels of one of the encoder's maps. With its defaults the source does not mirror the places of a mirrored view's
 * cells; they are mirrored here as the paper means it, and not with {@code flipGrid: false}. The expander of pooled features has batch norms, that of cells
 * layer norms, of which the source has either for both. Biases and the numbers of norms do not decay, as in the source. Its classifier beside the
 * method is left out.
 */
@NullMarked
package org.voco4j.pretext.vicregl;

import org.jspecify.annotations.NullMarked;
