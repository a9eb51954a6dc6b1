/**
 * SimCLR (Chen et al., ICML 2020; rows of VoCo's Tables 1 and 4): two crops of one place are to be told from those of other places, without
 * teacher or queue.
 *
 * <pre>
 *   crop anywhere, crop beside it, each changed on its own ► encoder ► mean of each level ► projector ► z, of length 1
 *   L = −(1/2N) Σ_i [ s_i,partner(i) − log Σ_{j≠i} exp s_ij ],   s = z·zᵀ/T
 * </pre>
 *
 * <p>How VoCo trained its rows is not published. Views and intensities are those of nnssl ({@code SimCLRTransform}), whose patches in between,
 * 192x192x64, are left out: a crop begins anywhere in the scan. Flips and turns, half of the time there, are off by default, since position
 * is what is to be learned. The projector is SimCLR's with a batch norm after hidden layers; nnssl has VoCo's head with a layer norm. nnssl
 * trains with SGD, SimCLR with LARS; here it is AdamW, as everywhere. The loss begins near log(2N − 1), and its floor is not 0.
 *
 * <p>Crops of one scan, and of the same place in other scans, are told apart too, though they are alike: take many scans a step and one pair of
 * each.
 */
@NullMarked
package org.voco4j.pretext.contrast;

import org.jspecify.annotations.NullMarked;
