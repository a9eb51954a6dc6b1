/**
 * Masked autoencoders on visible tokens: most patches of a crop are hidden, the encoder sees the others alone, and a small decoder tells the
 * voxels of the hidden ones (He et al., CVPR 2022; in 3-D MIM-Med3D, Chen et al., WACV 2023, from which VoCo has its rows MAE3D).
 *
 * <pre>
 *   t_i = W·patch_i + b + P_i                        z = blocks(t_i, i visible)
 *   y = decoder([M + Q_i, i hidden ‖ W'·z + Q_i, i visible])      L = mean over hidden patches of |y_i − patch_i|, or of its square
 * </pre>
 *
 * <p>Variants are {@link org.voco4j.pretext.mae.Mae.Variant#MAE3D}, the code of MIM-Med3D, and {@link
 * org.voco4j.pretext.mae.Mae.Variant#MAE}, that of facebookresearch/mae and MONAI; each difference is an option.
 *
 * <p>Departures: as many patches are hidden as a share of all makes rounded down, where facebookresearch rounds those that it keeps; layers are
 * drawn by PyTorch's laws, as MONAI does (MIM-Med3D: linear maps N(0, 0.02²), facebookresearch: Xavier's); queries, keys and values
 * have no bias, and norms add 1e-5, as MONAI's. In which order tokens come does not matter to attention: here hidden ones are first.
 */
@NullMarked
package org.voco4j.pretext.mae;

import org.jspecify.annotations.NullMarked;
