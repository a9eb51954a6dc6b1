/**
 * C2L, "comparing to learn" (Zhou et al., MICCAI 2020; a row of VoCo's Table 11): which key, made by a slow copy of the network, is that of a view,
 * among keys of earlier steps? Asked of views, of mixed views, and of mixed features.
 *
 * <pre>
 *   q = g(f(x₁)),  k = g'(f'(x₂))                        f', g' ← m·(f', g') + (1 − m)·(f, g)
 *   x̃ = λ·x + (1 − λ)·x_π,  q̃ and k̃ of x̃₁ and x̃₂,  t = λ·k + (1 − λ)·k_π
 *   L = ⅓·[ C(q, k) + C(q̃, k̃) + C(q̃, t) ]
 *   C: cross entropy of the own key among it and the K of the queue, or noise contrast; then the keys join the queue
 * </pre>
 *
 * <p>Code: funnyzhou/C2L_MICCAI2020. The row of Table 11 is quoted from PCRLv2's paper. Cross entropy is the default here ({@code loss: softmax}); the
 * authors' command trains with noise contrast ({@code nce}), whose released file uses a constant that it does not define: 1e-5 in the same
 * authors' PCRL. As released, a step puts in three times as many keys as it has pairs, and the later terms see what theirs were mixed from.
 *
 * <p>Of images of one slice a view shows a part of 20 to 100 % of the area, as in the source, which also turns it by up to 10°; in 3-D (ours)
 * views are two crops of a base's size that overlap. Each view loses cubes of a seventh of an edge, which become its mean value, as in the
 * source after its normalisation. The batch that the source shuffles for its copy matters on several cards only. A hidden layer of the projector is ours.
 */
@NullMarked
package org.voco4j.pretext.c2l;

import org.jspecify.annotations.NullMarked;
