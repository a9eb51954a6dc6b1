/**
 * MoCo v3 (Chen, Xie and He, ICCV 2021; a row of VoCo's Tables 1 to 5): which key, made by a slow copy of the network, is that of the crop beside
 * this one, among the keys of the step? There is no queue.
 *
 * <pre>
 *   x ► encoder f, mean of each level ► projector g ► predictor h: q
 *   x ► slow copies f', g': k                                  m(t) = 1 − ½·(1 + cos πt)·(1 − m₀)
 *   L = c(q₁, k₂) + c(q₂, k₁),   c = 2T·mean −log softmax_j(cos(q_i, k_j)/T)_i
 *   g: (linear, batch norm, ReLU) twice, linear, batch norm without γ and β        h: the same with one hidden layer
 * </pre>
 *
 * <p>Code: facebookresearch/moco-v3, in 2-D; with which settings VoCo's authors trained their rows is not published. In 3-D (ours) views are two
 * crops of a base's size that overlap, and their intensities are changed as for SimCLR here; asymmetric views have the source's blur and
 * solarisation. Of UNETR the projection of patches stays as drawn and places are sines and cosines, as of the source's transformer, whose
 * class token it does not have: pooled levels go into g. Biases and the numbers of norms do not decay, which the source does for convolutional
 * networks and not for transformers. The source's laws of first draws are not taken over.
 *
 * <p>VoCo's paper names the cause of its low rows: few negatives in 3-D. Crops of one scan and of the same place in others are negatives too.
 */
@NullMarked
package org.voco4j.pretext.moco;

import org.jspecify.annotations.NullMarked;
